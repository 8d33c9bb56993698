import type { NormalizeOptions } from '../../ops/normalize.js'
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
   * x / sqrt(mean(x^2) + epsilon) over the last axis, or others (Zhang and Sennrich, Root mean square layer normalization, 2019).
   *
   * @param options `axes`: -1 unless given; `epsilon`: 1e-5 unless given
   * @throws AxisError for an axis that x lacks; AdjointError for an epsilon that is not positive
   * @example rmsNorm(tensor([3, 4]).mul(100)).round()   // [1, 1]
   */
  readonly rmsNorm: <X extends AnyTensor, const A extends number | readonly number[] = -1>(
    x: X,
    options?: { readonly axes?: Arg<A, rule.Reduce<X['shape'], A, false>>; readonly epsilon?: number },
  ) => X
  /**
   * The channels of x `[batch, channels, ...]` in so many groups, each normalized with all its places (Wu and He, Group
   * normalization, 2018).
   *
   * @param options `epsilon`: 1e-5 unless given
   * @throws ShapeError unless the channels are a multiple of the groups; AdjointError for an epsilon that is not positive
   * @example groupNorm(tensor([[100, 300, 10, 90]]), 2).round()   // [[-1, 1, -1, 1]]
   */
  readonly groupNorm: <X extends AnyTensor>(x: X, groups: number, options?: { readonly epsilon?: number }) => X
  /**
   * Each channel of each example of x `[batch, channels, ...]` normalized over its places (Ulyanov et al., Instance
   * normalization, 2016).
   *
   * @param options `epsilon`: 1e-5 unless given
   * @throws ShapeError for fewer than two axes; AdjointError for an epsilon that is not positive
   * @example instanceNorm(tensor([[[100, 300], [10, 90]]])).round()   // [[[-1, 1], [-1, 1]]]
   */
  readonly instanceNorm: <X extends AnyTensor>(x: X, options?: { readonly epsilon?: number }) => X
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
  /**
   * x / max(norm, epsilon) along an axis, the last unless given: of norm 1, but for what is nearly 0.
   *
   * @param options `order`: the p of the norm, 2 unless given; `epsilon`: 1e-12 unless given
   * @throws AxisError for an axis that x lacks; AdjointError for an epsilon that is not positive
   * @example normalize(tensor([3, 4], { dtype: 'float64' }))   // [0.6, 0.8]
   */
  readonly normalize: <A extends AnyTensor, X extends number = -1>(
    x: A,
    axis?: Arg<X, rule.WithAxis<A['shape'], X>>,
    options?: NormalizeOptions,
  ) => A
}
