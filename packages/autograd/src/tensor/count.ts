import { counting } from '../execution/count.js'
import { checked } from '../graph/arguments.js'
import { refuseInCompiled } from '../graph/tracer.js'
import { requireSync } from '../graph/tracking.js'
import * as kinds from '../ops/kinds.js'

/**
 * What a function gives, and how many operations on elements it takes: a multiplication or an addition is one, and so is a
 * function like exp, so that a product of [m, k] and [k, n] takes 2 m k n. Only what computes counts, not what moves elements.
 * The function runs, eagerly; what is compiled or computed by JavaScript of your own is not counted.
 *
 * @param f is given a function that tells how many there have been so far
 * @throws GradientError for an async function; CompileError inside a compiled function
 * @example
 * const { operations } = countOperations(() => ones([2, 3]).matmul(ones([3, 4])))
 * operations   // 48
 */
export const countOperations = /* @__PURE__ */ checked(
  'countOperations',
  { f: kinds.function },
  <R>(f: (soFar: () => number) => R): { readonly result: R; readonly operations: number } => {
    refuseInCompiled('countOperations', 'call it outside')
    return counting((soFar) => {
      const result = requireSync('countOperations', f(soFar))
      return { result, operations: soFar() }
    })
  },
)
