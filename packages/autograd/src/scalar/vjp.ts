import { checker } from '../graph/arguments.js'
import * as kinds from '../graph/kinds.js'
import { resultOf } from './forward.js'
import { reversed } from './reverse.js'
import { Structure } from './structure.js'
import type { ArgumentsOf, Derivative, NumbersOf, ResultOf } from './types.js'

const takes = /* @__PURE__ */ checker('scalar.vjp', { f: kinds.function, args: { ...kinds.anything, rest: true } })

/**
 * The value of a function of one or more arguments, a Num or a tree of Nums, and its pullback: from a cotangent in the form of the value
 * to the cotangents of all arguments. The pullback may be called any number of times: it keeps its part of the tape.
 *
 * @throws GradientError if the function gives no Nums; ShapeError (the pullback) for a cotangent of another form
 * @example
 * const [value, pullback] = scalar.vjp((x: scalar.Num, y: scalar.Num) => x.mul(y), 3, 4)
 * pullback(1)   // [4, 3]
 */
export const vjp = <Args extends unknown[], T, const A extends ArgumentsOf<Args>>(
  f: (...args: Args) => T,
  ...args: A
): [value: ResultOf<T, A>, pullback: (cotangent: NumbersOf<T>) => Derivative<A>] => {
  takes([f, ...args])
  const structure = Structure.of('scalar.vjp: args', args)
  let given: Structure | null = null
  const [values, pull] = reversed(
    'scalar.vjp',
    structure,
    (leaves) => {
      given = resultOf('scalar.vjp', f(...(structure.of(leaves) as Args)))
      return given.leaves
    },
    ({ values, keep }) => [values, keep()] as const,
  )
  const result = given! as Structure
  return [
    result.of(values) as ResultOf<T, A>,
    (cotangent) => structure.typed(pull(result.like('scalar.vjp: cotangent', cotangent))) as Derivative<A>,
  ]
}
