import { checker } from '../graph/arguments.js'
import * as kinds from '../graph/kinds.js'
import { pushed } from './forward.js'
import type { Num } from './num.js'
import { bySymbols, requireOne, reversed } from './reverse.js'
import { Structure } from './structure.js'
import type { Derivative, NumbersOf, Unsaid } from './types.js'

const takesHvp = /* @__PURE__ */ checker('scalar.hvp', { f: kinds.function, x: kinds.anything, v: kinds.anything })
const takesHessian = /* @__PURE__ */ checker('scalar.hessian', { f: kinds.function })

type Fn = (x: unknown, ...rest: unknown[]) => unknown

/**
 * The Hessian of a scalar function times a vector, without the Hessian: the gradient of the derivative along v (Pearlmutter 1994,
 * Fast exact multiplication by the Hessian).
 *
 * @param v in the form of x
 * @throws ShapeError for v of another form; what `grad` throws
 * @example scalar.hvp(([x, y]) => x.square().mul(y), [3, 4], [1, 0])   // [8, 6]
 */
export const hvp = <P = Unsaid, const A extends NumbersOf<P> = NumbersOf<P>>(
  f: (x: P) => Num,
  x: A,
  v: NoInfer<NumbersOf<P>>,
): Derivative<A> => {
  takesHvp([f, x, v])
  const structure = Structure.of('scalar.hvp: x', x)
  const direction = structure.like('scalar.hvp: v', v)
  const along = (leaves: readonly Num[]) =>
    pushed(leaves, [direction], (duals) => [requireOne('scalar.hvp', (f as Fn)(structure.of(duals)))]).tangents[0]!
  return reversed('scalar.hvp', structure, along, ({ pull }) => structure.typed(pull([1]))) as Derivative<A>
}

/** What stands in each place of A: a derivative by all of A. */
export type Hessian<A, Whole = A> = A extends number
  ? Derivative<Whole>
  : A extends Float64Array | Float32Array | Int32Array | Uint8Array
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
export const hessian = <P = Unsaid, R extends unknown[] = []>(f: (x: P, ...rest: R) => Num) => {
  takesHessian([f])
  return <const A extends NumbersOf<P>>(x: A, ...rest: R): Hessian<A> => {
    const structure = Structure.of('scalar.hessian: x', x)
    const gradient = (leaves: readonly Num[]) =>
      Array.from(
        bySymbols(leaves, (inner) => [
          requireOne('scalar.hessian', (f as unknown as Fn)(structure.of(inner), ...rest)),
        ]).pull([1]),
      )
    return reversed('scalar.hessian', structure, gradient, ({ values, pull }) =>
      structure.of(values.map((_, i) => structure.typed(pull(values.map((_, k) => (k === i ? 1 : 0)))))),
    ) as Hessian<A>
  }
}
