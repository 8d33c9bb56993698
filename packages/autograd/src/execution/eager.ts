import type { Backend } from './backend.js'
import { javascript } from './javascript/index.js'
import { reference } from './reference/index.js'
import { createWasm } from './wasm/index.js'

// What runs ops as they are called: the first backend that serves a kernel. Nothing else in the library chooses one.
let backends: readonly Backend[] = [createWasm(), javascript, reference]

export const eagerBackends = (): readonly Backend[] => backends

/** Runs `f` with other backends, as the tests do that compare them. */
export const withBackends = <R>(others: readonly Backend[], f: () => R): R => {
  const before = backends
  backends = others
  try {
    return f()
  } finally {
    backends = before
  }
}
