import { compile, type Tensor } from '@adjoint/autograd'
import { eagerBackends, withBackends } from '../../src/execution/eager.js'
import { javascript } from '../../src/execution/javascript/index.js'
import { createWasm } from '../../src/execution/wasm/index.js'
import type { Wrap } from '../compile/harness.js'

export type Fn = (...operands: Tensor[]) => Tensor

const on =
  (backends: Parameters<typeof withBackends>[0]): Wrap =>
  (f) =>
    ((...args) => withBackends(backends, () => f(...args))) as typeof f

/** As small and as large tensors are computed. */
export const eagerWays: readonly (readonly [string, Wrap])[] = [
  ['eagerly', on(eagerBackends())],
  ['in vectors', on([createWasm({ always: true }), javascript])],
]

export const ways: readonly (readonly [string, Wrap])[] = [...eagerWays, ['compiled', (f) => compile(f) as typeof f]]
