import { checked } from '../graph/arguments.js'
import * as kinds from '../graph/kinds.js'
import { pushed, resultOf } from './forward.js'
import type { Num, Scalar } from './num.js'
import { reversed, unit } from './reverse.js'
import { isFollowed, Structure } from './structure.js'
import { onTape } from './tape/tape.js'
import type { Derivative, NumbersOf, NumTree, Unsaid } from './types.js'

/** How `jacobian` goes about it. */
export interface JacobianOptions {
  /** From the results back, which is how it is done unless it is said, or from the arguments on. */
  readonly mode?: 'reverse' | 'forward'
}

/** In the place of each result its derivatives by the argument. */
export type Jacobian<T, A> = T extends Num
  ? Derivative<A>
  : T extends object
    ? { -readonly [K in keyof T]: Jacobian<T[K], A> }
    : T

type Fn = (x: unknown, ...rest: unknown[]) => unknown

/**
 * All first derivatives of a function that gives Nums in a tree, by its first argument: in the place of each result, the derivatives of
 * that in the form of the argument. From arrays to arrays it is a matrix of rows.
 *
 * @throws GradientError if the function gives no Nums; what `grad` throws
 * @example scalar.jacobian(([x, y]) => [x.mul(y), x.add(y)])([3, 4])   // [[4, 3], [1, 1]]
 */
export const jacobian = /* @__PURE__ */ checked(
  'scalar.jacobian',
  {
    f: kinds.function,
    options: { mode: /* @__PURE__ */ kinds.oneOf('reverse', 'forward') },
  },
  <P = Unsaid, T extends NumTree = NumTree, R extends unknown[] = []>(
    f: (x: P, ...rest: R) => T,
    options: JacobianOptions = {},
  ) => {
    return <A extends NumbersOf<P>>(x: A, ...rest: R): Jacobian<T, A> => {
      const structure = Structure.of('scalar.jacobian: x', x)
      const { leaves } = structure
      const followed = isFollowed(leaves)
      let result: Structure | null = null
      const program = (nums: readonly Num[]): readonly Scalar[] => {
        result = resultOf('scalar.jacobian', (f as unknown as Fn)(structure.of(nums), ...rest))
        return result.leaves
      }
      const rows =
        options.mode === 'forward'
          ? (followed ? byDuals : byTangents)(leaves, program)
          : reversed('scalar.jacobian', leaves, followed, program, ({ values, pull }) =>
              values.map((_, i) => pull(unit(values.length, i))),
            )
      return result!.of(rows.map((row) => structure.derivative(row, followed))) as Jacobian<T, A>
    }
  },
)

type Forward = (
  leaves: readonly Scalar[],
  program: (leaves: readonly Num[]) => readonly Scalar[],
) => ArrayLike<Scalar>[]

const byDuals: Forward = (leaves, program) => {
  const directions = leaves.map((_, i) => unit(leaves.length, i))
  const { values, tangents } = pushed(leaves, directions, program)
  return values.map((_, i) => tangents.map((direction) => direction[i]!))
}

/** A sweep on over the tape for each argument. */
const byTangents: Forward = (leaves, program) =>
  onTape('scalar.jacobian', (core, first) => {
    const nums = leaves.map((leaf) => core.none(leaf as number))
    const roots = program(nums).map(core.placeOf)
    const columns = leaves.map((_, i) => {
      const tangents = core.push(first, Float64Array.from(unit(leaves.length, i)))
      return roots.map((root) => tangents[root]!)
    })
    return roots.map((_, row) => Float64Array.from(columns, (column) => column[row]!))
  })
