import type { NormalizeOptions } from '../../ops/normalize.js'
import type * as rule from '../shape-rules.js'
import type { AnyTensor, Arg, Out } from '../tensor.js'
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

type BatchOptions<X extends AnyTensor, W extends AnyTensor, B extends AnyTensor, A extends number> = {
  readonly weight?: Arg<W, rule.PerChannel<X['shape'], A, W['shape']>> | undefined
  readonly bias?: Arg<B, rule.PerChannel<X['shape'], A, B['shape']>> | undefined
  readonly axis?: Arg<A, rule.Entries<X['shape'], A>>
  readonly epsilon?: number
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
   * (x - mean) / sqrt(variance + epsilon) with a given mean and variance for each channel, `[channels]`, then times the weight
   * and plus the bias: what a trained network does with the statistics it has gathered (Ioffe and Szegedy, Batch
   * normalization, 2015). For those of the batch itself see `batchNormWithStatistics`.
   *
   * @param options `weight` and `bias`: `[channels]`, 1 and 0 unless given; `axis`: of the channels, 1 unless given; `epsilon`:
   *   1e-5 unless given
   * @throws ShapeError unless each of them has one entry a channel; AxisError for an axis that x lacks; AdjointError for an
   *   epsilon that is not positive
   * @example batchNorm(tensor([[3, 10], [5, 30]]), tensor([1, 10]), tensor([4, 100])).round()   // [[1, 0], [2, 2]]
   */
  readonly batchNorm: <
    X extends AnyTensor,
    M extends AnyTensor,
    V extends AnyTensor,
    W extends AnyTensor = AnyTensor,
    B extends AnyTensor = AnyTensor,
    A extends number = 1,
  >(
    x: X,
    mean: Arg<M, rule.PerChannel<X['shape'], A, M['shape']>>,
    variance: Arg<V, rule.PerChannel<X['shape'], A, V['shape']>>,
    options?: BatchOptions<X, W, B, A>,
  ) => X
  /**
   * The same with the mean and the variance of this batch, taken over all axes but that of the channels; with them, for who
   * gathers statistics while training: { values, mean, variance }, the latter two `[channels]`. All three have derivatives.
   *
   * The variance is the biased one that x was divided by: the divisor is n, the number of values of a channel, x.size /
   * channels. PyTorch gathers the unbiased one, variance * n / (n - 1).
   *
   * @param options `weight` and `bias`: `[channels]`, 1 and 0 unless given; `axis`: of the channels, 1 unless given; `epsilon`:
   *   1e-5 unless given
   * @throws ShapeError for fewer than two values in a channel, or a weight or bias that has not one entry a channel; AxisError
   *   for an axis that x lacks; AdjointError for an epsilon that is not positive
   * @example batchNormWithStatistics(tensor([[1, 10], [3, 30]])).mean   // [2, 20]
   */
  readonly batchNormWithStatistics: <
    X extends AnyTensor,
    W extends AnyTensor = AnyTensor,
    B extends AnyTensor = AnyTensor,
    A extends number = 1,
  >(
    x: X,
    options?: BatchOptions<X, W, B, A>,
  ) => {
    readonly values: X
    readonly mean: Out<rule.Entries<X['shape'], A>>
    readonly variance: Out<rule.Entries<X['shape'], A>>
  }
  /**
   * x / (k + alpha mean(x^2))^beta for x `[batch, channels, ...]`, where the mean is of so many channels: each with
   * floor(size / 2) before it and floor((size - 1) / 2) behind. Beyond the first and the last it is of zeros
   * (Krizhevsky et al., ImageNet classification with deep convolutional neural networks, 2012; they have the sum, as alpha
   * times size gives it).
   *
   * @param options `alpha`: 1e-4 unless given; `beta`: 0.75 unless given; `k`: 1 unless given
   * @throws ShapeError for fewer than two axes or a size that is no integer of at least 1; AdjointError for a k that is not
   *   positive
   * @example localResponseNorm(tensor([[3, 4, 0]]), 2, { alpha: 2, beta: 0.5, k: 1e-9 }).round()   // [[1, 1, 0]]
   */
  readonly localResponseNorm: <X extends AnyTensor>(
    x: X,
    size: number,
    options?: { readonly alpha?: number; readonly beta?: number; readonly k?: number },
  ) => X
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
