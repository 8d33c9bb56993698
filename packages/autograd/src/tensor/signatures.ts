import type { BinaryRule, ParametricRule, UnaryRule } from '../rules/rule.js'
import type { RuleName, rules } from '../rules/table.js'

// Which form each op has: `Tensor` takes its methods from here (MethodForms in tensor.ts), and the functions of the same
// names their types (FunctionForms in function-types.ts).

/** Every scalar rule is a method and a function, of a form that its number of operands gives; `where` is no method. */
type ElementwiseSignatures = {
  readonly [Name in RuleName as Exclude<Name, 'select' | 'scale' | 'where'>]: ElementwiseForm<(typeof rules)[Name]>
}
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
  /** The sum over all axes, over one, or over several. */
  sum: 'reduction'
  /** The arithmetic mean; NaN over an empty axis. */
  mean: 'reduction'
  /** The product; its derivative is exact also where elements are zero. */
  prod: 'reduction'
  /** The greatest element; those that tie share the derivative equally. */
  max: 'reduction'
  /** The least element; those that tie share the derivative equally. */
  min: 'reduction'
  /** log(sum(exp(x))), without overflow. */
  logSumExp: 'reduction'
  /** Whether any element is true; bool. */
  any: 'reduction'
  /** Whether all elements are true; bool. */
  all: 'reduction'
  /** The Euclidean norm, without overflow; its gradient at 0 is 0. */
  norm: 'reduction'
  /** The mean squared distance from the mean. */
  variance: 'spread'
  /** The square root of the variance; its gradient at a constant is 0. */
  standardDeviation: 'spread'
  /** The position of the first greatest element along an axis, or in row-major order; int32. */
  argmax: 'argReduction'
  /** The position of the first least element along an axis, or in row-major order; int32. */
  argmin: 'argReduction'
  /** Positive numbers in proportion to exp(x) that sum to 1 along the axis, the last by default. */
  softmax: 'axiswise'
  /** The logarithm of the softmax along the axis, exact where the softmax underflows. */
  logSoftmax: 'axiswise'

  /** The matrix product [..., m, k] x [..., k, n] -> [..., m, n]; a vector on either side counts as [k]. */
  matmul: 'matmul'

  // layout
  /** The same elements in row-major order under another shape; one dim may be -1. */
  reshape: 'reshape'
  /** The first axis kept, the others joined: [batch, ...rest] -> [batch, features]. */
  flatten: 'flatten'
  /** One axis with all elements in row-major order. */
  ravel: 'ravel'
  /** The last two axes swapped. */
  transpose: 'transpose'
  /** The axes in another order: axis i of the result is axis axes[i] of x. */
  permute: 'permute'
  /** Two axes swapped. */
  swapAxes: 'swapAxes'
  /** Stretched to a shape: dims of 1 are repeated, axes are added in front. */
  broadcastTo: 'broadcastTo'
  /** A new axis of size 1 at this place of the result. */
  expandDims: 'expandDims'
  /** Without an axis of size 1, or without all of them. */
  squeeze: 'squeeze'
  /** Elements `start` up to but not including `end` of an axis, by Python's rules. */
  slice: 'slice'
  /** One entry of the first axis, which is dropped; -1 is the last. */
  at: 'at'
  /** The elements of an axis in reverse order. */
  flip: 'flip'
  /** widths[i] = [before, after] places added to axis i. */
  pad: 'pad'

  // indexing
  /** One element of each line along the axis for each index (NumPy's take_along_axis): has the shape of the indices. */
  gather: 'gather'
  /** The given places of an axis, 0 by default (NumPy's take): it is replaced by the axes of the indices. */
  indexSelect: 'indexSelect'
  /** x with `source` added at the places that gather would read; repeated indices add up. */
  scatterAdd: 'scatterAdd'
  /** For each index a line of `depth` zeros with a 1 at the index: [...indices, depth], float32. */
  oneHot: 'oneHot'

  // the rest
  /** The same values in another dtype. */
  cast: 'cast'
  /** The same values; no gradient flows back from here. */
  stopGradient: 'unary'
}

/** The name of a form. */
export type Form = Signatures[keyof Signatures]
