import type { BinaryRule, ParametricRule, UnaryRule } from '../rules/rule.js'
import type { rules } from '../rules/table.js'

// Which form each op has: `Tensor` takes its methods from here (MethodForms in tensor.ts), and the functions of the same
// names their types (FunctionForms in function-types.ts).

/** Every scalar rule is a method and a function, of a form that its number of operands gives; `where` is no method. */
type ElementwiseSignatures = {
  readonly [Name in keyof typeof rules as Exclude<Name, Internal | 'where'>]: ElementwiseForm<(typeof rules)[Name]>
}
/** What expressions are made with, besides what users call. */
type Internal = 'select' | 'scale' | 'integerMul' | 'integerPow'
type ElementwiseForm<R> = R extends UnaryRule
  ? 'unary'
  : R extends ParametricRule
    ? 'parametric'
    : R extends BinaryRule
      ? 'binary'
      : 'ternary'

/** The ops that are methods of a tensor and functions as well. */
export interface Signatures extends ElementwiseSignatures {
  // reductions, and what runs along an axis
  /**
   * The sum over all axes, over one, or over several; bool counts as int32.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([[1, 2], [3, 4]]).sum(0)   // [4, 6]
   */
  sum: 'reduction'
  /**
   * The arithmetic mean over all axes, over one, or over several; NaN over an empty axis.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([[1, 2], [3, 4]]).mean(-1)   // [1.5, 3.5]
   */
  mean: 'reduction'
  /**
   * The product over all axes, over one, or over several; its derivative is exact also where elements are zero.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([[1, 2], [3, 4]]).prod(1)   // [2, 12]
   */
  prod: 'reduction'
  /**
   * The greatest element; those that tie share the derivative equally. NaN counts as the greatest.
   *
   * @throws AxisError for an axis that x lacks; ShapeError over an empty axis
   * @example tensor([[1, 2], [3, 4]]).max(0)   // [3, 4]
   */
  max: 'reduction'
  /**
   * The least element; those that tie share the derivative equally. NaN counts as the least.
   *
   * @throws AxisError for an axis that x lacks; ShapeError over an empty axis
   * @example tensor([[1, 2], [3, 4]]).min()   // 1
   */
  min: 'reduction'
  /**
   * log(sum(exp(x))), without overflow; -Infinity over an empty axis.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([0, 0]).logSumExp()   // Math.log(2)
   */
  logSumExp: 'reduction'
  /**
   * Whether any element is true; bool.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([[0, 1], [0, 0]]).any(1)   // [1, 0]
   */
  any: 'reduction'
  /**
   * Whether all elements are true; bool.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([[1, 1], [0, 1]]).all(1)   // [1, 0]
   */
  all: 'reduction'
  /**
   * The Euclidean norm, without overflow; its gradient at 0 is 0.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([3, 4]).norm()   // 5
   */
  norm: 'reduction'
  /**
   * The mean squared distance from the mean.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([1, 3]).variance(0, { correction: 1 })   // 2
   */
  variance: 'spread'
  /**
   * The square root of the variance; its gradient at a constant is 0.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([1, 3]).standardDeviation()   // 1
   */
  standardDeviation: 'spread'
  /**
   * The position of the first greatest element along an axis, or in row-major order; int32.
   *
   * @throws AxisError for an axis that x lacks; ShapeError over an empty axis
   * @example tensor([[1, 2], [3, 4]]).argmax(0)   // [1, 1]
   */
  argmax: 'argReduction'
  /**
   * The position of the first least element along an axis, or in row-major order; int32.
   *
   * @throws AxisError for an axis that x lacks; ShapeError over an empty axis
   * @example tensor([[1, 2], [3, 4]]).argmin()   // 0
   */
  argmin: 'argReduction'
  /**
   * The greatest elements along an axis, and where they are: { values, indices }. Of equal elements it is the first, to which
   * the gradient goes; NaN counts as the greatest. The indices are int32.
   *
   * @throws AxisError for an axis that x lacks; ShapeError over an empty axis
   * @example tensor([[1, 2], [4, 3]]).maxWithIndices(1)   // { values: [2, 4], indices: [1, 0] }
   */
  maxWithIndices: 'extremes'
  /**
   * The least elements along an axis, and where they are: { values, indices }. Of equal elements it is the first, to which
   * the gradient goes; NaN counts as the least. The indices are int32.
   *
   * @throws AxisError for an axis that x lacks; ShapeError over an empty axis
   * @example tensor([[1, 2], [4, 3]]).minWithIndices(1)   // { values: [1, 3], indices: [0, 1] }
   */
  minWithIndices: 'extremes'
  /**
   * The sums of the elements up to each along an axis, the last unless given; bool counts as int32. Where NumPy would go
   * through all elements of a matrix, write `x.ravel().cumSum()`.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([[1, 2], [3, 4]]).cumSum(0)   // [[1, 2], [4, 6]]
   */
  cumSum: 'axiswise'
  /**
   * The products of the elements up to each along an axis, the last unless given; the derivative is exact also where
   * elements are zero.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([1, 2, 3]).cumProd()   // [1, 2, 6]
   */
  cumProd: 'axiswise'
  /**
   * The greatest of the elements up to each along an axis, the last unless given; the first of those that tie has the
   * derivative. NaN counts as the greatest.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([1, 3, 2]).cumMax()   // [1, 3, 3]
   */
  cumMax: 'axiswise'
  /**
   * The least of the elements up to each along an axis, the last unless given; the first of those that tie has the
   * derivative. NaN counts as the least.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([2, 3, 1]).cumMin()   // [2, 2, 1]
   */
  cumMin: 'axiswise'
  /**
   * What cumMax gives, and where each of these elements first stands along the axis (int32).
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([1, 3, 2]).cumMaxWithIndices()   // { values: [1, 3, 3], indices: [0, 1, 1] }
   */
  cumMaxWithIndices: 'extremesSoFar'
  /**
   * What cumMin gives, and where each of these elements first stands along the axis (int32).
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([2, 3, 1]).cumMinWithIndices()   // { values: [2, 2, 1], indices: [0, 0, 2] }
   */
  cumMinWithIndices: 'extremesSoFar'
  /**
   * log(cumSum(exp(x))) along an axis, the last unless given, without overflow.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([0, 0]).logCumSumExp()   // [0, Math.log(2)]
   */
  logCumSumExp: 'axiswise'
  /**
   * Positive numbers in proportion to exp(x) that sum to 1 along the axis, the last by default; without overflow.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([0, Math.log(3)]).softmax()   // [0.25, 0.75]
   */
  softmax: 'axiswise'
  /**
   * The logarithm of the softmax along the axis, exact where the softmax underflows.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([0, 1000]).logSoftmax()   // [-1000, 0]
   */
  logSoftmax: 'axiswise'

  /**
   * The matrix product [..., m, k] x [..., k, n] -> [..., m, n]; a vector on either side counts as [k].
   *
   * @throws ShapeError if inner dims differ, batch dims do not broadcast, or one is a scalar
   * @example tensor([[1, 2], [3, 4]]).matmul(tensor([1, 1]))   // [3, 7]
   */
  matmul: 'matmul'

  // layout
  /**
   * The same elements in row-major order under another shape; one dim may be -1.
   *
   * @throws ShapeError for a shape of another number of elements
   * @example tensor([[1, 2], [3, 4]]).reshape([4])   // [1, 2, 3, 4]
   */
  reshape: 'reshape'
  /**
   * The first axis kept, the others joined: [batch, ...rest] -> [batch, features].
   *
   * @throws ShapeError for a scalar
   * @example zeros([2, 3, 4]).flatten()   // Tensor<[2, 12]>
   */
  flatten: 'flatten'
  /**
   * One axis with all elements in row-major order.
   *
   * @example tensor([[1, 2], [3, 4]]).ravel()   // [1, 2, 3, 4]
   */
  ravel: 'ravel'
  /**
   * The last two axes swapped.
   *
   * @throws ShapeError for fewer than two axes
   * @example tensor([[1, 2], [3, 4]]).transpose()   // [[1, 3], [2, 4]]
   */
  transpose: 'transpose'
  /**
   * The axes in another order: axis i of the result is axis axes[i] of x.
   *
   * @throws AxisError unless each axis is named once
   * @example zeros([2, 3, 4]).permute([2, 0, 1])   // Tensor<[4, 2, 3]>
   */
  permute: 'permute'
  /**
   * Two axes swapped.
   *
   * @throws AxisError for an axis that x lacks
   * @example zeros([2, 3, 4]).swapAxes(0, -1)   // Tensor<[4, 3, 2]>
   */
  swapAxes: 'swapAxes'
  /**
   * Stretched to a shape: dims of 1 are repeated, axes are added in front.
   *
   * @throws ShapeError where another dim than 1 would stretch
   * @example tensor([1, 2]).broadcastTo([2, 2])   // [[1, 2], [1, 2]]
   */
  broadcastTo: 'broadcastTo'
  /**
   * A new axis of size 1 at this place of the result.
   *
   * @throws AxisError for a place that the result does not have
   * @example zeros([2, 3]).expandDims(1)   // Tensor<[2, 1, 3]>
   */
  expandDims: 'expandDims'
  /**
   * Without an axis of size 1, or without all of them.
   *
   * @throws ShapeError for an axis of another size; AxisError for an axis that x lacks
   * @example zeros([2, 1, 3]).squeeze(1)   // Tensor<[2, 3]>
   */
  squeeze: 'squeeze'
  /**
   * Elements `start` up to but not including `end` of an axis, by Python's rules.
   *
   * @throws AxisError for an axis that x lacks; IndexOutOfRangeError for a bound that is no integer, or a step of 0
   * @example arange(5).slice(0, 1, -1)   // [1, 2, 3]
   */
  slice: 'slice'
  /**
   * One entry of the first axis, which is dropped; -1 is the last.
   *
   * @throws IndexOutOfRangeError; ShapeError for a scalar
   * @example tensor([[1, 2], [3, 4]]).at(-1)   // [3, 4]
   */
  at: 'at'
  /**
   * The elements of an axis in reverse order.
   *
   * @throws AxisError for an axis that x lacks
   * @example arange(3).flip(0)   // [2, 1, 0]
   */
  flip: 'flip'
  /**
   * widths[i] = [before, after] places added to axis i.
   *
   * @throws ShapeError unless there are two widths of at least 0 for each axis
   * @example ones([2]).pad([[1, 2]])   // [0, 1, 1, 0, 0]
   */
  pad: 'pad'

  // indexing
  /**
   * One element of each line along the axis for each index (NumPy's take_along_axis): has the shape of the indices.
   *
   * @throws DTypeError unless indices are int32; IndexOutOfRangeError; ShapeError for other indices
   * @example tensor([[1, 2], [3, 4]]).gather(tensor([[1], [0]], { dtype: 'int32' }), 1)   // [[2], [3]]
   */
  gather: 'gather'
  /**
   * The given places of an axis, 0 by default (NumPy's take): it is replaced by the axes of the indices.
   *
   * @throws DTypeError unless indices are int32; IndexOutOfRangeError; AxisError for an axis that x lacks
   * @example tensor([[1, 2], [3, 4]]).indexSelect(tensor([1, 1], { dtype: 'int32' }))   // [[3, 4], [3, 4]]
   */
  indexSelect: 'indexSelect'
  /**
   * x with `source` added at the places that gather would read; repeated indices add up.
   *
   * @throws as `gather`, and ShapeError unless source has the shape of the indices
   * @example zeros([3]).scatterAdd(tensor([2, 2], { dtype: 'int32' }), ones([2]), 0)   // [0, 0, 2]
   */
  scatterAdd: 'scatterAdd'
  /**
   * For each index from 0 to `depth` - 1 a line of `depth` zeros with a 1 there: [...indices, depth], float32.
   *
   * @throws DTypeError unless indices are int32; IndexOutOfRangeError
   * @example tensor([2, 0], { dtype: 'int32' }).oneHot(3)   // [[0, 0, 1], [1, 0, 0]]
   */
  oneHot: 'oneHot'
  /**
   * The indices of the elements that are not 0, in row-major order: int32 [count, rank]; NaN is not 0.
   *
   * @param options `size`: so many rows, the first ones; where there are fewer, `fill` stands (-1 unless given). Inside
   *   `compile`, `vmap` and loops, where elements are not known, it must be given
   * @throws CompileError there without a size
   * @example tensor([[0, 2], [3, 0]]).nonzero()   // [[0, 1], [1, 0]]
   */
  nonzero: 'nonzero'

  // the rest
  /**
   * The same values in another dtype; to int32 or bool no gradient flows. To int32 the fraction is dropped and what does
   * not fit wraps at 32 bits (NaN and infinities give 0), to bool all but 0 is true.
   *
   * @throws DTypeError for an unknown dtype
   * @example tensor([0.5, 2]).cast('int32')   // [0, 2]
   */
  cast: 'cast'
  /**
   * The same values; no gradient flows back from here.
   *
   * @example stopGradient(w).requiresGrad   // false
   */
  stopGradient: 'unary'
}

/** The name of a form. */
export type Form = Signatures[keyof Signatures]
