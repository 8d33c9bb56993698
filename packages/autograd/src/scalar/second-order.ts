import { checked } from '../graph/arguments.js'
import * as kinds from '../graph/kinds.js'
import { pushed } from './forward.js'
import type { Num, Scalar } from './num.js'
import { bySymbols, type Reversed, requireOne, reversed, unit } from './reverse.js'
import { isFollowed, Structure } from './structure.js'
import type { Derivative, NumbersOf, TypedArray, Unsaid } from './types.js'

type Fn = (x: unknown, ...rest: unknown[]) => unknown

/**
 * The Hessian of a scalar function times a vector, without the Hessian: the gradient of the derivative along v (Pearlmutter 1994,
 * Fast exact multiplication by the Hessian).
 *
 * @param v in the form of x
 * @throws ShapeError for v of another form; what `grad` throws
 * @example scalar.hvp(([x, y]) => x.square().mul(y), [3, 4], [1, 0])   // [8, 6]
 */
export const hvp = /* @__PURE__ */ checked(
  'scalar.hvp',
  { f: kinds.function, x: kinds.anything, v: kinds.anything },
  <P = Unsaid, A extends NumbersOf<P> = NumbersOf<P>, V extends NumbersOf<P> = NumbersOf<P>>(
    f: (x: P) => Num,
    x: A,
    v: V,
  ): Derivative<A, [A, V]> => {
    const structure = Structure.of('scalar.hvp: x', x)
    const direction = structure.like('scalar.hvp: v', v)
    const followed = isFollowed(structure.leaves, direction)
    const along = (leaves: readonly Num[]) =>
      pushed(leaves, [direction], (duals) => [requireOne('scalar.hvp', (f as Fn)(structure.of(duals)))]).tangents[0]!
    const use = ({ pull }: Reversed) => structure.derivative(pull([1]), followed)
    return reversed('scalar.hvp', structure.leaves, followed, along, use) as Derivative<A, [A, V]>
  },
)

/** What stands in each place of A: a derivative by all of A. */
export type Hessian<A, Whole = A> = A extends Scalar
  ? Derivative<Whole>
  : A extends TypedArray
    ? Derivative<Whole>[]
    : A extends object
      ? { -readonly [K in keyof A]: Hessian<A[K], Whole> }
      : A

/**
 * All second derivatives of a scalar function by its first argument: in the place of each number of the argument the derivatives of the
 * gradient there, in the form of the argument. For an array that is a matrix of rows. The function runs once; the time is that of
 * as many gradients as there are numbers. `hvp` does without the matrix.
 *
 * @throws what `grad` throws
 * @example scalar.hessian(([x, y]) => x.square().mul(y))([3, 4])   // [[8, 6], [6, 0]]
 */
export const hessian = /* @__PURE__ */ checked(
  'scalar.hessian',
  { f: kinds.function },
  <P = Unsaid, R extends unknown[] = []>(f: (x: P, ...rest: R) => Num) => {
    return <A extends NumbersOf<P>>(x: A, ...rest: R): Hessian<A> => {
      const structure = Structure.of('scalar.hessian: x', x)
      const { leaves } = structure
      const followed = isFollowed(leaves)
      const value = (nums: readonly Num[]) => [
        requireOne('scalar.hessian', (f as unknown as Fn)(structure.of(nums), ...rest)),
      ]
      const gradient = (nums: readonly Num[]) => Array.from(bySymbols(nums, value).pull([1]))
      const use = ({ pull }: Reversed) =>
        structure.of(leaves.map((_, i) => structure.derivative(pull(unit(leaves.length, i)), followed)))
      return reversed('scalar.hessian', leaves, followed, gradient, use) as Hessian<A>
    }
  },
)
