import { checked } from '../../graph/arguments.js'
import { GradientError } from '../../graph/errors.js'
import * as kinds from '../../graph/kinds.js'
import { resultOf } from '../forward.js'
import type { Num, Scalar } from '../num.js'
import { bySymbols, requireOne } from '../reverse.js'
import { isFollowed, Structure } from '../structure.js'
import type { Core } from '../tape/core.js'
import { onTape } from '../tape/tape.js'
import type { NumbersOf, NumTree, Unsaid } from '../types.js'
import { type Coloring, columnColoring, starColoring } from './coloring.js'
import { type Pattern, patternOf } from './pattern.js'

/** A sparse matrix by its rows (CSR): in row i `values[k]` in column `indices[k]`, for k from `indptr[i]` up to `indptr[i + 1]`. */
export interface SparseMatrix extends Pattern {
  /** Rows and columns. */
  readonly shape: readonly [rows: number, columns: number]
  /** The elements, row by row. */
  readonly values: Float64Array
  /** How many derivatives along a direction were taken for it. */
  readonly directions: number
}

type Fn = (x: unknown, ...rest: unknown[]) => unknown

/** Where the element of a row and a column is found: in the derivatives of which row, along the direction of which column's color. */
type Place = (row: number, column: number) => readonly [row: number, column: number]

const inPlace: Place = (row, column) => [row, column]

/** The elements of a pattern, from one sweep forward over the tape for each color. */
const filled = (
  core: Core,
  first: number,
  inputs: number,
  roots: readonly number[],
  { indptr, indices }: Pattern,
  { colors, count }: Coloring,
  place: Place = inPlace,
): SparseMatrix => {
  const values = new Float64Array(indices.length)
  // by color, so that each sweep fills what is its own
  const wanted = Array.from({ length: count }, (): [k: number, row: number][] => [])
  for (let i = 0; i < roots.length; i++) {
    for (let k = indptr[i]!; k < indptr[i + 1]!; k++) {
      const [row, column] = place(i, indices[k]!)
      wanted[colors[column]!]!.push([k, row])
    }
  }
  wanted.forEach((list, color) => {
    const tangents = core.push(
      first,
      Float64Array.from(colors, (own) => Number(own === color)),
    )
    for (const [k, row] of list) values[k] = tangents[roots[row]!]!
  })
  return { shape: [roots.length, inputs], indptr, indices, values, directions: count }
}

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
 * result and a column for each number of the argument, in the order in which they stand. Which may be other than 0 is read off
 * the tape; columns that have no row in common are taken at once (Curtis, Powell and Reid 1974), so that the work is that of
 * as many directions as one row has elements, or few more.
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
        const pattern = patternOf(core, first, leaves.length, roots)
        return filled(core, first, leaves.length, roots, pattern, columnColoring(pattern, leaves.length))
      })
    },
)

/**
 * All second derivatives of a scalar function whose arguments meet in few pairs, as a sparse symmetric matrix with all its elements, in the
 * order in which the numbers of the argument stand. Directions are taken at once by a star coloring, where each element or
 * the one across the diagonal stands alone (Gebremedhin, Manne and Pothen 2005).
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
        const pattern = symmetric(patternOf(core, first, leaves.length, roots))
        const coloring = starColoring(pattern)
        return filled(core, first, leaves.length, roots, pattern, coloring, across(pattern, coloring))
      })
    },
)

/** With each element the one across the diagonal: an element may be 0 as computed on one side alone. */
const symmetric = ({ indptr, indices }: Pattern): Pattern => {
  const rows = Array.from({ length: indptr.length - 1 }, () => new Set<number>())
  rows.forEach((row, i) => {
    for (let k = indptr[i]!; k < indptr[i + 1]!; k++) {
      row.add(indices[k]!)
      rows[indices[k]!]!.add(i)
    }
  })
  const sorted = rows.map((row) => [...row].sort((a, b) => a - b))
  const starts = new Int32Array(indptr.length)
  sorted.forEach((row, i) => {
    starts[i + 1] = starts[i]! + row.length
  })
  return { indptr: starts, indices: Int32Array.from(sorted.flat()) }
}

/** An element where it is alone in its row and color, or else the one across, which then is. */
const across = ({ indptr, indices }: Pattern, { colors }: Coloring): Place => {
  const counts = Array.from({ length: indptr.length - 1 }, (_, row) => {
    const count = new Map<number, number>()
    for (let k = indptr[row]!; k < indptr[row + 1]!; k++) {
      const color = colors[indices[k]!]!
      count.set(color, (count.get(color) ?? 0) + 1)
    }
    return count
  })
  return (row, column) => (counts[row]!.get(colors[column]!) === 1 ? [row, column] : [column, row])
}
