// Written by scripts/methods.ts from forms/cumulation.ts: change it there.

import type { Axiswise } from './common.js'

/** Of the elements up to each along an axis. */
export interface Cumulation {
  /**
   * The sums of the elements up to each along an axis, the last unless given; bool counts as int32. Where NumPy would go
   * through all elements of a matrix, write `x.ravel().cumSum()`.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([[1, 2], [3, 4]]).cumSum(0)   // [[1, 2], [4, 6]]
   */
  readonly cumSum: Axiswise
  /**
   * The products of the elements up to each along an axis, the last unless given; the derivative is exact also where
   * elements are zero.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([1, 2, 3]).cumProd()   // [1, 2, 6]
   */
  readonly cumProd: Axiswise
  /**
   * The greatest of the elements up to each along an axis, the last unless given; the first of those that tie has the
   * derivative. NaN counts as the greatest.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([1, 3, 2]).cumMax()   // [1, 3, 3]
   */
  readonly cumMax: Axiswise
  /**
   * The least of the elements up to each along an axis, the last unless given; the first of those that tie has the
   * derivative. NaN counts as the least.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([2, 3, 1]).cumMin()   // [2, 2, 1]
   */
  readonly cumMin: Axiswise
}
