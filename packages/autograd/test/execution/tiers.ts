import { withBackends } from '../../src/execution/eager.js'
import { javascript } from '../../src/execution/javascript/index.js'
import { createWasm } from '../../src/execution/wasm/index.js'

// What comes often goes from JavaScript to WebAssembly, which may add up in another order. So what is held against what was
// computed before, bit by bit, is computed in one of them.

const vectors = [createWasm({ always: true }), javascript]

export const inJavaScript = <R>(f: () => R): R => withBackends([javascript], f)
export const inVectors = <R>(f: () => R): R => withBackends(vectors, f)
