import { checked } from '../../graph/arguments.js'
import { GradientError } from '../../graph/errors.js'
import * as kinds from '../../graph/kinds.js'
import { resultOf } from '../forward.js'
import type { Num, Scalar } from '../num.js'
import { bySymbols, requireOne } from '../reverse.js'
import { isFollowed, Structure } from '../structure.js'
import { onTape } from '../tape/tape.js'
import type { NumbersOf, NumTree, Unsaid } from '../types.js'
import { rowsOf, type SparseMatrix } from './rows.js'

type Fn = (x: unknown, ...rest: unknown[]) => unknown

const numbersOf = (transform: string, dense: string, { leaves }: Structure): readonly number[] => {
  if (isFollowed(leaves)) {
    throw new GradientError(
      `${transform}: an outer differentiation follows the argument, and would not follow a sparse matrix of numbers. Use ${dense} there.`,
    )
  }
  return leaves as readonly number[]
}

/**
 * All first derivatives of a function whose results depend on few of its arguments each, as a sparse matrix: a row for each Num of the
 * result and a column for each number of the argument, in the order in which they stand. Each row is a sweep back over the operations that
 * its result was made of, and no others, which also tells which elements there are: the work is that of all such sweeps together.
 *
 * @throws GradientError within another differentiation's function, where `jacobian` follows; what `grad` throws
 * @example scalar.sparseJacobian(([x, y, z]) => [x.mul(y), z.sin()])([3, 4, 0]).values   // [4, 3, 1]
 */
export const sparseJacobian = /* @__PURE__ */ checked(
  'scalar.sparseJacobian',
  { f: kinds.function },
  <P = Unsaid, R extends unknown[] = []>(f: (x: P, ...rest: R) => NumTree) =>
    (x: NumbersOf<P>, ...rest: R): SparseMatrix => {
      const structure = Structure.of('scalar.sparseJacobian: x', x)
      const leaves = numbersOf('scalar.sparseJacobian', 'scalar.jacobian', structure)
      return onTape('scalar.sparseJacobian', (core, first) => {
        const nums = leaves.map(core.none)
        const result = resultOf('scalar.sparseJacobian', (f as unknown as Fn)(structure.of(nums), ...rest))
        const roots = result.leaves.map(core.placeOf)
        return rowsOf(core, first, leaves.length, roots)
      })
    },
)

/**
 * All second derivatives of a scalar function whose arguments meet in few pairs, as a sparse symmetric matrix with all its elements, in the
 * order in which the numbers of the argument stand: the sparse Jacobian of the gradient.
 *
 * @throws GradientError within another differentiation's function, where `hessian` follows; what `grad` throws
 * @example scalar.sparseHessian(([x, y, z]) => x.mul(y).add(z.square()))([3, 4, 5]).values   // [1, 1, 2]
 */
export const sparseHessian = /* @__PURE__ */ checked(
  'scalar.sparseHessian',
  { f: kinds.function },
  <P = Unsaid, R extends unknown[] = []>(f: (x: P, ...rest: R) => Num) =>
    (x: NumbersOf<P>, ...rest: R): SparseMatrix => {
      const structure = Structure.of('scalar.sparseHessian: x', x)
      const leaves = numbersOf('scalar.sparseHessian', 'scalar.hessian', structure)
      return onTape('scalar.sparseHessian', (core, first) => {
        const nums = leaves.map(core.none)
        const value = (inner: readonly Num[]) => [
          requireOne('scalar.sparseHessian', (f as unknown as Fn)(structure.of(inner), ...rest)),
        ]
        const gradient: readonly Scalar[] = Array.from(bySymbols(nums, value).pull([1]))
        const roots = gradient.map(core.placeOf)
        return rowsOf(core, first, leaves.length, roots)
      })
    },
)
