import { checked } from '../graph/arguments.js'
import * as kinds from '../graph/kinds.js'
import { resultOf } from './forward.js'
import type { Num } from './num.js'
import { type Reversed, reversed } from './reverse.js'
import { isFollowed, Structure } from './structure.js'
import type { ArgumentsOf, Derivative, NumbersOf, ResultOf } from './types.js'

/**
 * The value of a function of one or more arguments, a Num or a tree of Nums, and its pullback: from a cotangent in the form of the value
 * to the cotangents of all arguments. The pullback may be called any number of times: it keeps its part of the tape.
 *
 * @throws GradientError if the function gives no Nums; ShapeError (the pullback) for a cotangent of another form
 * @example
 * const [value, pullback] = scalar.vjp((x: scalar.Num, y: scalar.Num) => x.mul(y), 3, 4)
 * pullback(1)   // [4, 3]
 */
export const vjp = /* @__PURE__ */ checked(
  'scalar.vjp',
  { f: kinds.function, args: { ...kinds.anything, rest: true } },
  <Args extends unknown[], T, A extends ArgumentsOf<Args>>(
    f: (...args: Args) => T,
    ...args: A
  ): [value: ResultOf<T, A>, pullback: <C extends NumbersOf<T>>(cotangent: C) => Derivative<A, [A, C]>] => {
    const structure = Structure.of('scalar.vjp: args', args)
    const followed = isFollowed(structure.leaves)
    let given: Structure | null = null
    const program = (leaves: readonly Num[]) => {
      given = resultOf('scalar.vjp', f(...(structure.of(leaves) as Args)))
      return given.leaves
    }
    const use = ({ values, keep }: Reversed) => [values, keep()] as const
    const [values, pull] = reversed('scalar.vjp', structure.leaves, followed, program, use)
    const result = given! as Structure
    const pullback = checked(
      'scalar.vjp: the pullback',
      { cotangent: kinds.anything },
      <C extends NumbersOf<T>>(cotangent: C) => {
        const cotangents = result.like('scalar.vjp: cotangent', cotangent)
        return structure.derivative(pull(cotangents), followed || isFollowed(cotangents)) as Derivative<A, [A, C]>
      },
    )
    return [result.derivative(values, followed) as ResultOf<T, A>, pullback]
  },
)
