import { compile, type Tensor } from '@adjoint/autograd'
import { withBackends } from '../../src/execution/eager.js'
import { javascript } from '../../src/execution/javascript/index.js'
import { reference } from '../../src/execution/reference/index.js'
import { createWasm } from '../../src/execution/wasm/index.js'

type Fn = (...inputs: Tensor[]) => Tensor
/** A function run in one way, and what it gives. */
export type Way = (f: Fn) => (inputs: readonly Tensor[]) => Tensor

const vectors = [createWasm({ always: true }), javascript, reference]

export const inJavaScript: Way = (f) => (inputs) => withBackends([javascript, reference], () => f(...inputs))
/** Whatever the size. */
export const inVectors: Way = (f) => (inputs) => withBackends(vectors, () => f(...inputs))
/** As it comes: JavaScript or vectors, by size. */
export const eager: Way = (f) => (inputs) => f(...inputs)
export const compiled: Way = (f) => {
  const run = compile(f)
  return (inputs) => run(...inputs)
}

export const sizes = [1, 3, 16, 17, 100, 1000, 10_000]
