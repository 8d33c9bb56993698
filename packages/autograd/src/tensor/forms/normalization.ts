import type * as rule from '../shape-rules.js'
import type { AnyTensor, Arg } from '../tensor.js'
import type { Axiswise } from './common.js'

/** What brings the elements along an axis to a common scale. */
export interface Normalization {
  /**
   * Positive numbers in proportion to exp(x) that sum to 1 along the axis, the last by default; without overflow.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([0, Math.log(3)]).softmax()   // [0.25, 0.75]
   */
  readonly softmax: Axiswise
  /**
   * The logarithm of the softmax along the axis, exact where the softmax underflows.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([0, 1000]).logSoftmax()   // [-1000, 0]
   */
  readonly logSoftmax: Axiswise
}

/** Functions only. */
export interface NormalizationFunctions {
  /**
   * (x - mean) / sqrt(variance + epsilon) over the last axis, or others (Ba et al., Layer normalization, 2016).
   *
   * @param options `axes`: -1 unless given; `epsilon`: 1e-5 unless given
   * @throws AxisError for an axis that x lacks; AdjointError for an epsilon that is not positive
   * @example layerNorm(tensor([[100, 300], [10, 90]]))   // [[-1, 1], [-1, 1]]
   */
  readonly layerNorm: <X extends AnyTensor, const A extends number | readonly number[] = -1>(
    x: X,
    options?: { readonly axes?: Arg<A, rule.Reduce<X['shape'], A, false>>; readonly epsilon?: number },
  ) => X
}
