import { checked } from '../../graph/arguments.js'
import { GradientError } from '../../graph/errors.js'
import * as kinds from '../../graph/kinds.js'
import type { NumbersOf, NumTree, TypedArray, Unsaid } from '../types.js'
import { inTurn } from './rounds.js'

const given = <Y>(result: Y): Y => {
  if (result !== undefined) return result
  throw new GradientError('scalar.map: the function returned nothing: is a return missing?')
}

/** Elements that stand for X: in an array, or numbers in a typed array. */
export type ElementsOf<X> = readonly NumbersOf<X>[] | TypedArray

/**
 * What a function gives for each element of an array, such as the observations that a model is fitted to. It is what `xs.map` gives, but in
 * `compile` the function is recorded once and stays a loop, and so do its derivatives of every order: code does not grow with
 * the data. The function may refer to any Nums besides; numbers among the elements come to it as Nums.
 *
 * Where it branches on what depends on the element, each round is run for itself, as by `xs.map`.
 *
 * @param xs numbers or Nums in trees of one form
 * @throws ArgumentError for other elements; ShapeError if these, or what the function gives, are not of one form; GradientError
 * if it gives nothing
 * @example
 * const residuals = (slope: scalar.Num) => scalar.map(([x, y]) => slope.mul(x).sub(y).square(), [[1, 2], [2, 3]])
 * scalar.jacobian(residuals)(1)   // [-2, -4]
 */
export const map = /* @__PURE__ */ checked(
  'scalar.map',
  { f: kinds.function, xs: kinds.anything },
  <X = Unsaid, Y extends NumTree = NumTree>(f: (x: X) => Y, xs: ElementsOf<X>): Y[] =>
    inTurn('scalar.map', (_, x) => [null, given(f(x as X))], null, xs).outputs as Y[],
)
