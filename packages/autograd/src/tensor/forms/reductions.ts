import type { QuantileOptions } from '../../ops/quantile.js'
import type { Axes, KeepDims, SpreadOption } from '../options.js'
import type * as rule from '../shape-rules.js'
import type { AnyTensor, Arg, Extremes, Out } from '../tensor.js'

/** Of many elements one. */
export interface Reductions {
  /**
   * The sum over all axes, over one, or over several; bool counts as int32.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([[1, 2], [3, 4]]).sum(0)   // [4, 6]
   */
  readonly sum: Reduction
  /**
   * The arithmetic mean over all axes, over one, or over several; NaN over an empty axis.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([[1, 2], [3, 4]]).mean(-1)   // [1.5, 3.5]
   */
  readonly mean: Reduction
  /**
   * The product over all axes, over one, or over several; its derivative is exact also where elements are zero.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([[1, 2], [3, 4]]).prod(1)   // [2, 12]
   */
  readonly prod: Reduction
  /**
   * The greatest element; those that tie share the derivative equally. NaN counts as the greatest.
   *
   * @throws AxisError for an axis that x lacks; ShapeError over an empty axis
   * @example tensor([[1, 2], [3, 4]]).max(0)   // [3, 4]
   */
  readonly max: Reduction
  /**
   * The least element; those that tie share the derivative equally. NaN counts as the least.
   *
   * @throws AxisError for an axis that x lacks; ShapeError over an empty axis
   * @example tensor([[1, 2], [3, 4]]).min()   // 1
   */
  readonly min: Reduction
  /**
   * log(sum(exp(x))), without overflow; -Infinity over an empty axis.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([0, 0]).logSumExp()   // Math.log(2)
   */
  readonly logSumExp: Reduction
  /**
   * Whether any element is true; bool.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([[0, 1], [0, 0]]).any(1)   // [1, 0]
   */
  readonly any: Reduction
  /**
   * Whether all elements are true; bool.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([[1, 1], [0, 1]]).all(1)   // [1, 0]
   */
  readonly all: Reduction
  /**
   * The Euclidean norm, without overflow; its gradient at 0 is 0. With another order p the p-norm, (sum |x|^p)^(1/p): the
   * greatest size of an element for Infinity and the least for -Infinity, of which those that tie share the derivative; for 0
   * how many are not 0, with a derivative of 0.
   *
   * @throws AxisError for an axis that x lacks; ShapeError over an empty axis for an order below 0
   * @example tensor([3, -4]).norm(0, { order: 1 })   // 7
   */
  readonly norm: Reduction<{ readonly order?: number }>
  /**
   * The mean squared distance from the mean.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([1, 3]).variance(0, { correction: 1 })   // 2
   */
  readonly variance: Reduction<SpreadOption>
  /**
   * The square root of the variance; its gradient at a constant is 0.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([1, 3]).standardDeviation()   // 1
   */
  readonly standardDeviation: Reduction<SpreadOption>
  /**
   * The position of the first greatest element along an axis, or in row-major order; int32.
   *
   * @throws AxisError for an axis that x lacks; ShapeError over an empty axis
   * @example tensor([[1, 2], [3, 4]]).argmax(0)   // [1, 1]
   */
  readonly argmax: ArgReduction
  /**
   * The position of the first least element along an axis, or in row-major order; int32.
   *
   * @throws AxisError for an axis that x lacks; ShapeError over an empty axis
   * @example tensor([[1, 2], [3, 4]]).argmin()   // 0
   */
  readonly argmin: ArgReduction
}

/** Over all axes, over one, or over several. */
type Reduction<Options = unknown> = <A extends AnyTensor, const X extends Axes = undefined, K extends boolean = false>(
  x: A,
  axis?: Arg<X, rule.Reduce<A['shape'], X, K>>,
  options?: KeepDims<K> & Options,
) => Out<rule.Reduce<A['shape'], X, K>>
/** Over all axes, or over one. */
type ArgReduction = <A extends AnyTensor, X extends number | null | undefined = undefined, K extends boolean = false>(
  x: A,
  axis?: Arg<X, rule.Reduce<A['shape'], X, K>>,
  options?: KeepDims<K>,
) => Out<rule.Reduce<A['shape'], X, K>>
type ExtremesOf = <A extends AnyTensor, X extends number, K extends boolean = false>(
  x: A,
  axis: Arg<X, rule.Reduce<A['shape'], X, K>>,
  options?: KeepDims<K>,
) => Extremes<rule.Reduce<A['shape'], X, K>>

/** Functions only. */
export interface ReductionFunctions {
  /**
   * The greatest elements along an axis, and where they are: { values, indices }. Of equal elements it is the first, to which
   * the gradient goes; NaN counts as the greatest. The indices are int32.
   *
   * @throws AxisError for an axis that x lacks; ShapeError over an empty axis
   * @example maxWithIndices(tensor([[1, 2], [4, 3]]), 1)   // { values: [2, 4], indices: [1, 0] }
   */
  readonly maxWithIndices: ExtremesOf
  /**
   * The least elements along an axis, and where they are: { values, indices }. Of equal elements it is the first, to which
   * the gradient goes; NaN counts as the least. The indices are int32.
   *
   * @throws AxisError for an axis that x lacks; ShapeError over an empty axis
   * @example minWithIndices(tensor([[1, 2], [4, 3]]), 1)   // { values: [1, 3], indices: [0, 1] }
   */
  readonly minWithIndices: ExtremesOf
  /**
   * The sum of the elements that are not NaN; those that are have a derivative of 0.
   *
   * @throws AxisError for an axis that x lacks
   * @example nanSum(tensor([1, NaN, 3]))   // 4
   */
  readonly nanSum: Reduction
  /**
   * The mean of the elements that are not NaN; NaN where there are none.
   *
   * @throws AxisError for an axis that x lacks
   * @example nanMean(tensor([1, NaN, 3]))   // 2
   */
  readonly nanMean: Reduction
  /**
   * How many elements are not 0; NaN is not. int32.
   *
   * @throws AxisError for an axis that x lacks
   * @example countNonzero(tensor([[0, 1], [2, 3]]), 1)   // [1, 2]
   */
  readonly countNonzero: Reduction
  /**
   * The middle of the elements in order; of an even number the mean of the two in the middle, as in NumPy, which share the
   * derivative. NaN where there is one.
   *
   * @throws AxisError for an axis that x lacks; ShapeError over an empty axis
   * @example median(tensor([4, 1, 3, 9]))   // 3.5
   */
  readonly median: Reduction
  /**
   * Where a part q of the elements in order is behind, from 0 for the least to 1 for the greatest; those of several q are along
   * a new first axis. Between two elements it is interpolated (type 7 of Hyndman and Fan, Sample quantiles in statistical
   * packages, 1996); they have the derivative, in the parts in which they count. NaN where there is one.
   *
   * @param options `interpolation`: 'linear' unless given, 'lower', 'higher', 'nearest' or 'midpoint'
   * @throws ArgumentError for a q that is not from 0 to 1; AxisError for an axis that x lacks; ShapeError over an empty axis
   * @example quantile(tensor([1, 2, 3, 5]), [0, 0.5])   // [1, 2.5]
   */
  readonly quantile: <
    A extends AnyTensor,
    const Q extends number | readonly number[],
    const X extends Axes = undefined,
    K extends boolean = false,
  >(
    x: A,
    q: Q,
    axis?: Arg<X, rule.Reduce<A['shape'], X, K>>,
    options?: KeepDims<K> & Pick<QuantileOptions, 'interpolation'>,
  ) => Out<rule.Quantile<rule.Reduce<A['shape'], X, K>, Q>>
}
