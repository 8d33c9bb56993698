import { checked } from '../graph/arguments.js'
import * as kinds from '../graph/kinds.js'
import type { Num } from './num.js'
import { requireOne, reversed } from './reverse.js'
import { isFollowed, Structure, valueFor } from './structure.js'
import type { Derivative, NumbersOf, Unsaid, ValueOf } from './types.js'

type Fn = (x: unknown, ...rest: unknown[]) => unknown

const gradient = (
  transform: string,
  f: Fn,
  x: unknown,
  rest: readonly unknown[],
): [value: unknown, gradient: unknown] => {
  const structure = Structure.of(`${transform}: x`, x)
  const { leaves } = structure
  const followed = isFollowed(leaves)
  const program = (nums: readonly Num[]) => [requireOne(transform, f(structure.of(nums), ...rest))]
  return reversed(transform, leaves, followed, program, (found) => {
    const pulled = found.pull([1])
    return [valueFor(found.values[0]!, followed), structure.derivative(pulled, followed)]
  })
}

/**
 * The value of a scalar function and its gradient by the first argument: numbers in numbers, arrays, typed arrays and plain objects, and
 * the gradient in the same places. Further arguments are passed on as they are. The function is run on a tape, which is rewound
 * however it ends: nothing is to be freed.
 *
 * Within the function of another differentiation, give it that one's Nums: derivatives of every order follow. A Num of an outer one
 * that stands in a function of plain numbers is refused.
 *
 * @throws GradientError if the function returns no Num, or uses one that is not its own; ArgumentError for an argument of other things
 * than numbers, by its path
 * @example scalar.valueAndGrad(([x, y]) => x.mul(y).add(x.square()))([3, 4])   // [21, [10, 3]]
 */
export const valueAndGrad = /* @__PURE__ */ checked(
  'scalar.valueAndGrad',
  { f: kinds.function },
  <P = Unsaid, R extends unknown[] = []>(f: (x: P, ...rest: R) => Num) => {
    return <A extends NumbersOf<P>>(x: A, ...rest: R): [value: ValueOf<A>, gradient: Derivative<A>] =>
      gradient('scalar.valueAndGrad', f as unknown as Fn, x, rest) as [ValueOf<A>, Derivative<A>]
  },
)

/**
 * The gradient of a scalar function by its first argument: see `valueAndGrad`.
 *
 * @throws as `valueAndGrad` does
 * @example scalar.grad((x) => x.pow(3))(2)   // 12
 * @example scalar.grad((x: scalar.Num) => scalar.grad((y) => y.pow(3))(x))(2)   // 12
 */
export const grad = /* @__PURE__ */ checked(
  'scalar.grad',
  { f: kinds.function },
  <P = Unsaid, R extends unknown[] = []>(f: (x: P, ...rest: R) => Num) => {
    return <A extends NumbersOf<P>>(x: A, ...rest: R): Derivative<A> =>
      gradient('scalar.grad', f as unknown as Fn, x, rest)[1] as Derivative<A>
  },
)
