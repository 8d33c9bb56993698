import type * as rule from '../shape-rules.js'
import type { AnyTensor, Arg, Out } from '../tensor.js'
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

type ExtremesSoFar = <A extends AnyTensor, X extends number = -1>(
  x: A,
  axis?: Arg<X, rule.WithAxis<A['shape'], X>>,
) => { readonly values: A; readonly indices: A }

/** Functions only. */
export interface CumulationFunctions {
  /**
   * What cumMax gives, and where each of these elements first stands along the axis (int32).
   *
   * @throws AxisError for an axis that x lacks
   * @example cumMaxWithIndices(tensor([1, 3, 2]))   // { values: [1, 3, 3], indices: [0, 1, 1] }
   */
  readonly cumMaxWithIndices: ExtremesSoFar
  /**
   * What cumMin gives, and where each of these elements first stands along the axis (int32).
   *
   * @throws AxisError for an axis that x lacks
   * @example cumMinWithIndices(tensor([2, 3, 1]))   // { values: [2, 2, 1], indices: [0, 0, 2] }
   */
  readonly cumMinWithIndices: ExtremesSoFar
  /**
   * log(cumSum(exp(x))) along an axis, the last unless given, without overflow.
   *
   * @throws AxisError for an axis that x lacks
   * @example logCumSumExp(tensor([0, 0]))   // [0, Math.log(2)]
   */
  readonly logCumSumExp: Axiswise
  /**
   * What each element along an axis, the last unless given, is more than the one before: one fewer. Of truth values, whether
   * it differs.
   *
   * @param options `order`: how often, of the differences before; 1 unless given
   * @throws AxisError for an axis that x lacks
   * @example diff(tensor([1, 4, 9]))   // [3, 5]
   */
  readonly diff: <A extends AnyTensor, X extends number = -1>(
    x: A,
    axis?: Arg<X, rule.Splice<A['shape'], X, [number]>>,
    options?: { readonly order?: number },
  ) => Out<rule.Splice<A['shape'], X, [number]>>
}
