import { checker } from '../graph/arguments.js'
import * as kinds from '../graph/kinds.js'
import { pushed, resultOf } from './forward.js'
import type { Num, Scalar } from './num.js'
import { reversed } from './reverse.js'
import { Structure } from './structure.js'
import type { Derivative, NumbersOf, NumTree, Unsaid } from './types.js'

export interface JacobianOptions {
  /** From the results back, or from the arguments on: what has fewer, unless it is said. */
  readonly mode?: 'reverse' | 'forward'
}

/** In the place of each result its derivatives by the argument. */
export type Jacobian<T, A> = T extends Num
  ? Derivative<A>
  : T extends object
    ? { -readonly [K in keyof T]: Jacobian<T[K], A> }
    : T

const takes = /* @__PURE__ */ checker('scalar.jacobian', {
  f: kinds.function,
  options: { mode: /* @__PURE__ */ kinds.oneOf('reverse', 'forward') },
})

type Fn = (x: unknown, ...rest: unknown[]) => unknown

/**
 * All first derivatives of a function that gives Nums in a tree, by its first argument: in the place of each result, the derivatives of
 * that in the form of the argument. From arrays to arrays it is a matrix of rows.
 *
 * @throws GradientError if the function gives no Nums; what `grad` throws
 * @example scalar.jacobian(([x, y]) => [x.mul(y), x.add(y)])([3, 4])   // [[4, 3], [1, 1]]
 */
export const jacobian = <P = Unsaid, T extends NumTree = NumTree, R extends unknown[] = []>(
  f: (x: P, ...rest: R) => T,
  options: JacobianOptions = {},
) => {
  takes([f, options])
  return <const A extends NumbersOf<P>>(x: A, ...rest: R): Jacobian<T, A> => {
    const structure = Structure.of('scalar.jacobian: x', x)
    let result: Structure | null = null
    const program = (leaves: readonly Num[]): readonly Scalar[] => {
      result = resultOf('scalar.jacobian', (f as unknown as Fn)(structure.of(leaves), ...rest))
      return result.leaves
    }
    const rows = options.mode === 'forward' ? forward(structure, program) : backward(structure, program)
    return result!.of(rows.map((row) => structure.typed(row))) as Jacobian<T, A>
  }
}

const unit = (size: number, at: number): number[] => Array.from({ length: size }, (_, i) => (i === at ? 1 : 0))

const backward = (structure: Structure, program: (leaves: readonly Num[]) => readonly Scalar[]): ArrayLike<Scalar>[] =>
  reversed('scalar.jacobian', structure, program, ({ values, pull }) =>
    values.map((_, i) => pull(unit(values.length, i))),
  )

const forward = (
  { leaves }: Structure,
  program: (leaves: readonly Num[]) => readonly Scalar[],
): ArrayLike<Scalar>[] => {
  const { values, tangents } = pushed(
    leaves,
    leaves.map((_, i) => unit(leaves.length, i)),
    program,
  )
  return values.map((_, i) => tangents.map((direction) => direction[i]!))
}
