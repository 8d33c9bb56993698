import type { AnyTensor, Arg, Extremes, Out } from '../tensor.js'
import type * as rule from '../window-rules.js'

/** Over windows of lines, images and volumes. */
export interface WindowFunctions {
  /**
   * Cross-correlation of lines [batch, channels, length] with a kernel
   * [out, channels / groups, length]. Padding is a number of zeros on either side, 'same' for as
   * many as keep the size, or 'valid' for none.
   *
   * @throws ShapeError if channels differ, an option is out of its range, or the kernel is larger than the padded input
   * @example conv1d(zeros([8, 3, 32]), zeros([16, 3, 5]), { padding: 'same' })   // Tensor<[8, 16, 32]>
   */
  readonly conv1d: Convolve<1>
  /**
   * Cross-correlation of images [batch, channels, height, width] with a kernel
   * [out, channels / groups, height, width]. Padding is a number of zeros on either side, 'same' for as
   * many as keep the size, or 'valid' for none.
   *
   * @throws ShapeError if channels differ, an option is out of its range, or the kernel is larger than the padded input
   * @example conv2d(zeros([8, 3, 32, 32]), zeros([16, 3, 3, 3]), { padding: 1 })   // Tensor<[8, 16, 32, 32]>
   */
  readonly conv2d: Convolve<2>
  /**
   * Cross-correlation of volumes [batch, channels, depth, height, width] with a kernel
   * [out, channels / groups, depth, height, width]. Padding is a number of zeros on either side, 'same' for as
   * many as keep the size, or 'valid' for none.
   *
   * @throws ShapeError if channels differ, an option is out of its range, or the kernel is larger than the padded input
   * @example conv3d(zeros([2, 1, 8, 8, 8]), zeros([4, 1, 3, 3, 3]), { stride: 2 })   // Tensor<[2, 4, 3, 3, 3]>
   */
  readonly conv3d: Convolve<3>
  /**
   * The transpose of conv1d, its derivative by the input, as a layer: of lines [batch, channels, length]
   * and a kernel [channels, out / groups, length]. `outputPadding` places are added at the end, of those that
   * the stride leaves open.
   *
   * @throws ShapeError if channels differ, an option is out of its range, or padding leaves nothing
   * @example convTranspose1d(zeros([8, 16, 16]), zeros([16, 3, 4]), { stride: 2, padding: 1 })   // Tensor<[8, 3, 32]>
   */
  readonly convTranspose1d: ConvolveBack<1>
  /**
   * The transpose of conv2d, its derivative by the input, as a layer: of images [batch, channels, height, width]
   * and a kernel [channels, out / groups, height, width]. `outputPadding` places are added at the end, of those that
   * the stride leaves open.
   *
   * @throws ShapeError if channels differ, an option is out of its range, or padding leaves nothing
   * @example convTranspose2d(zeros([8, 16, 7, 7]), zeros([16, 3, 2, 2]), { stride: 2 })   // Tensor<[8, 3, 14, 14]>
   */
  readonly convTranspose2d: ConvolveBack<2>
  /**
   * The transpose of conv3d, its derivative by the input, as a layer: of volumes [batch, channels, depth, height, width]
   * and a kernel [channels, out / groups, depth, height, width]. `outputPadding` places are added at the end, of those that
   * the stride leaves open.
   *
   * @throws ShapeError if channels differ, an option is out of its range, or padding leaves nothing
   * @example convTranspose3d(zeros([1, 4, 3, 3, 3]), zeros([4, 1, 3, 3, 3]))   // Tensor<[1, 1, 5, 5, 5]>
   */
  readonly convTranspose3d: ConvolveBack<3>
  /**
   * What each window reads as a column, as PyTorch's unfold: [batch, channels, ...axes] -> [batch, channels * window,
   * windows].
   *
   * @throws ShapeError if an option is out of its range, or the window is larger than the padded input
   * @example im2col(tensor([[[1, 2, 3]]]), 2)   // [[[1, 2], [2, 3]]]
   */
  readonly im2col: <
    X extends AnyTensor,
    const Z extends Each,
    const S extends Each = 1,
    const P extends Each = 0,
    const D extends Each = 1,
  >(
    x: Arg<X, rule.Columns<X['shape'], Z, S, P, D>>,
    size: Z,
    options?: { readonly stride?: S; readonly padding?: P; readonly dilation?: D },
  ) => Out<rule.Columns<X['shape'], Z, S, P, D>>
  /**
   * The transpose of im2col, as PyTorch's fold: columns laid where the windows of an image of this shape lie, overlaps
   * added up: [batch, channels * window, windows] -> [batch, channels, ...shape].
   *
   * @throws ShapeError if the columns are not as many as the windows, or an option is out of its range
   * @example col2im(tensor([[[1, 2], [2, 3]]]), [3], 2)   // [[[1, 4, 3]]]
   */
  readonly col2im: <X extends AnyTensor, const S extends number[], const Z extends Each>(
    columns: X,
    shape: Arg<readonly [...S], rule.Folded<X['shape'], S, Z>>,
    size: Z,
    options?: ColumnOptions,
  ) => Out<rule.Folded<X['shape'], S, Z>>
  /**
   * The greatest element of each window of lines; windows lie side by side unless `stride` says otherwise. With
   * `ceilMode` a last one may reach beyond the end.
   *
   * @throws ShapeError if an option is out of its range, the window is larger than the padded input, or padding covers a
   *   whole window
   * @example maxPool1d(tensor([[[1, 3, 2, 4]]]), 2)   // [[[3, 4]]]
   */
  readonly maxPool1d: Pooling<'maxPool', 1>
  /**
   * The greatest element of each window of images; windows lie side by side unless `stride` says otherwise. With
   * `ceilMode` a last one may reach beyond the end.
   *
   * @throws ShapeError if an option is out of its range, the window is larger than the padded input, or padding covers a
   *   whole window
   * @example maxPool2d(zeros([8, 3, 32, 32]), 2)   // Tensor<[8, 3, 16, 16]>
   */
  readonly maxPool2d: Pooling<'maxPool', 2>
  /**
   * The greatest element of each window of volumes; windows lie side by side unless `stride` says otherwise. With
   * `ceilMode` a last one may reach beyond the end.
   *
   * @throws ShapeError if an option is out of its range, the window is larger than the padded input, or padding covers a
   *   whole window
   * @example maxPool3d(zeros([8, 3, 4, 8, 8]), [1, 2, 2])   // Tensor<[8, 3, 4, 4, 4]>
   */
  readonly maxPool3d: Pooling<'maxPool', 3>
  /**
   * The greatest element of each window of lines, and where it stands: { values, indices }. An index counts the places of the
   * line in row-major order, without padding; of equal elements it is the first, to which the gradient goes. int32.
   *
   * @throws ShapeError if an option is out of its range, the window is larger than the padded input, or padding covers a
   *   whole window
   * @example maxPool1dWithIndices(tensor([[[1, 3, 2, 4]]]), 2)   // { values: [[[3, 4]]], indices: [[[1, 3]]] }
   */
  readonly maxPool1dWithIndices: PoolWithIndices<'maxPool1dWithIndices', 1>
  /**
   * The greatest element of each window of images, and where it stands: { values, indices }. An index counts the places of the
   * image in row-major order, without padding; of equal elements it is the first, to which the gradient goes. int32.
   *
   * @throws ShapeError if an option is out of its range, the window is larger than the padded input, or padding covers a
   *   whole window
   * @example maxPool2dWithIndices(tensor([[[[1, 2], [4, 3]]]]), 2).indices   // [[[[2]]]]
   */
  readonly maxPool2dWithIndices: PoolWithIndices<'maxPool2dWithIndices', 2>
  /**
   * The greatest element of each window of volumes, and where it stands: { values, indices }. An index counts the places of the
   * volume in row-major order, without padding; of equal elements it is the first, to which the gradient goes. int32.
   *
   * @throws ShapeError if an option is out of its range, the window is larger than the padded input, or padding covers a
   *   whole window
   * @example maxPool3dWithIndices(zeros([8, 3, 4, 8, 8]), 2).indices   // Tensor<[8, 3, 2, 4, 4]>
   */
  readonly maxPool3dWithIndices: PoolWithIndices<'maxPool3dWithIndices', 3>
  /**
   * The mean of each window of lines; windows lie side by side unless `stride` says otherwise. Padding counts as
   * zeros, unless `countIncludePad` is false; sums are divided by `divisorOverride` where it is given.
   *
   * @throws ShapeError if an option is out of its range, or the window is larger than the padded input; ArgumentError for a
   *   divisor of 0
   * @example avgPool1d(tensor([[[1, 3, 2, 4]]]), 2)   // [[[2, 3]]]
   */
  readonly avgPool1d: Averaging<'avgPool', 1>
  /**
   * The mean of each window of images; windows lie side by side unless `stride` says otherwise. Padding counts as
   * zeros, unless `countIncludePad` is false; sums are divided by `divisorOverride` where it is given.
   *
   * @throws ShapeError if an option is out of its range, or the window is larger than the padded input; ArgumentError for a
   *   divisor of 0
   * @example avgPool2d(zeros([8, 3, 32, 32]), [2, 4])   // Tensor<[8, 3, 16, 8]>
   */
  readonly avgPool2d: Averaging<'avgPool', 2>
  /**
   * The mean of each window of volumes; windows lie side by side unless `stride` says otherwise. Padding counts as
   * zeros, unless `countIncludePad` is false; sums are divided by `divisorOverride` where it is given.
   *
   * @throws ShapeError if an option is out of its range, or the window is larger than the padded input; ArgumentError for a
   *   divisor of 0
   * @example avgPool3d(zeros([8, 3, 4, 8, 8]), 2)   // Tensor<[8, 3, 2, 4, 4]>
   */
  readonly avgPool3d: Averaging<'avgPool', 3>
  /**
   * The p-norm of each window of lines, 2 unless given: of sizes, so that it is what it is called for an odd p too,
   * where PyTorch sums powers with their signs. The derivative at 0 is 0.
   *
   * @throws ShapeError if an option is out of its range, or the window is larger than the input
   * @example lpPool1d(tensor([[[3, 4, 0, 1]]]), 2)   // [[[5, 1]]]
   */
  readonly lpPool1d: PowerPooling<'lpPool', 1>
  /**
   * The p-norm of each window of images, 2 unless given: of sizes, so that it is what it is called for an odd p too,
   * where PyTorch sums powers with their signs. The derivative at 0 is 0.
   *
   * @throws ShapeError if an option is out of its range, or the window is larger than the input
   * @example lpPool2d(zeros([8, 3, 32, 32]), 2, { p: 1 })   // Tensor<[8, 3, 16, 16]>
   */
  readonly lpPool2d: PowerPooling<'lpPool', 2>
  /**
   * The p-norm of each window of volumes, 2 unless given: of sizes, so that it is what it is called for an odd p too,
   * where PyTorch sums powers with their signs. The derivative at 0 is 0.
   *
   * @throws ShapeError if an option is out of its range, or the window is larger than the input
   * @example lpPool3d(zeros([8, 3, 4, 8, 8]), 2)   // Tensor<[8, 3, 2, 4, 4]>
   */
  readonly lpPool3d: PowerPooling<'lpPool', 3>
  /**
   * The means of as many windows of lines as `size` says; null leaves an axis as it is. Window i of n on an axis of
   * length m reaches from floor(i m / n) up to ceil((i + 1) m / n).
   *
   * @throws ShapeError for a size that is no integer of at least 1, or an empty axis
   * @example adaptiveAvgPool1d(tensor([[[1, 2, 3]]]), 2)   // [[[1.5, 2.5]]]
   */
  readonly adaptiveAvgPool1d: AdaptivePooling<'adaptiveAvgPool', 1>
  /**
   * The means of as many windows of images as `size` says; null leaves an axis as it is. Window i of n on an axis of
   * length m reaches from floor(i m / n) up to ceil((i + 1) m / n).
   *
   * @throws ShapeError for a size that is no integer of at least 1, or an empty axis
   * @example adaptiveAvgPool2d(zeros([8, 3, 7, 9]), [1, null])   // Tensor<[8, 3, 1, 9]>
   */
  readonly adaptiveAvgPool2d: AdaptivePooling<'adaptiveAvgPool', 2>
  /**
   * The means of as many windows of volumes as `size` says; null leaves an axis as it is. Window i of n on an axis of
   * length m reaches from floor(i m / n) up to ceil((i + 1) m / n).
   *
   * @throws ShapeError for a size that is no integer of at least 1, or an empty axis
   * @example adaptiveAvgPool3d(zeros([8, 3, 4, 8, 8]), 1)   // Tensor<[8, 3, 1, 1, 1]>
   */
  readonly adaptiveAvgPool3d: AdaptivePooling<'adaptiveAvgPool', 3>
  /**
   * The greatest elements of as many windows of lines as `size` says; null leaves an axis as it is. Window i of n on an axis of
   * length m reaches from floor(i m / n) up to ceil((i + 1) m / n).
   *
   * @throws ShapeError for a size that is no integer of at least 1, or an empty axis
   * @example adaptiveMaxPool1d(tensor([[[1, 3, 2]]]), 2)   // [[[3, 3]]]
   */
  readonly adaptiveMaxPool1d: AdaptivePooling<'adaptiveMaxPool', 1>
  /**
   * The greatest elements of as many windows of images as `size` says; null leaves an axis as it is. Window i of n on an axis of
   * length m reaches from floor(i m / n) up to ceil((i + 1) m / n).
   *
   * @throws ShapeError for a size that is no integer of at least 1, or an empty axis
   * @example adaptiveMaxPool2d(zeros([8, 3, 7, 9]), 3)   // Tensor<[8, 3, 3, 3]>
   */
  readonly adaptiveMaxPool2d: AdaptivePooling<'adaptiveMaxPool', 2>
  /**
   * The greatest elements of as many windows of volumes as `size` says; null leaves an axis as it is. Window i of n on an axis of
   * length m reaches from floor(i m / n) up to ceil((i + 1) m / n).
   *
   * @throws ShapeError for a size that is no integer of at least 1, or an empty axis
   * @example adaptiveMaxPool3d(zeros([8, 3, 4, 8, 8]), 2)   // Tensor<[8, 3, 2, 2, 2]>
   */
  readonly adaptiveMaxPool3d: AdaptivePooling<'adaptiveMaxPool', 3>
}

/** A number for all axes, or one for each. */
type Each = number | readonly number[]

export type ColumnOptions = {
  readonly stride?: Each
  readonly padding?: Each
  readonly dilation?: Each
}

type Convolve<R extends rule.Rank> = <
  X extends AnyTensor,
  W extends AnyTensor,
  const S extends rule.Sides<R> = 1,
  const P extends rule.Sides<R> | 'same' | 'valid' = 0,
  const D extends rule.Sides<R> = 1,
  G extends number = 1,
>(
  x: X,
  kernel: Arg<W, rule.Convolution<R, X['shape'], W['shape'], S, P, D, G>>,
  options?: { readonly stride?: S; readonly padding?: P; readonly dilation?: D; readonly groups?: G },
) => Out<rule.Convolution<R, X['shape'], W['shape'], S, P, D, G>>

type ConvolveBack<R extends rule.Rank> = <
  X extends AnyTensor,
  W extends AnyTensor,
  const S extends rule.Sides<R> = 1,
  const P extends rule.Sides<R> = 0,
  const M extends rule.Sides<R> = 0,
  const D extends rule.Sides<R> = 1,
  G extends number = 1,
>(
  x: X,
  kernel: Arg<W, rule.Transposed<R, X['shape'], W['shape'], S, P, M, D, NoInfer<G>>>,
  options?: {
    readonly stride?: S
    readonly padding?: P
    readonly outputPadding?: M
    readonly dilation?: D
    readonly groups?: G
  },
) => Out<rule.Transposed<R, X['shape'], W['shape'], S, P, M, D, G>>

type PoolOptions<S, P, D, C> = {
  readonly stride?: S
  readonly padding?: P
  readonly dilation?: D
  readonly ceilMode?: C
}
type Pool<Op extends string, R extends rule.Rank, Options> = <
  X extends AnyTensor,
  const Z extends rule.Sides<R>,
  const S extends rule.Sides<R> = Z,
  const P extends rule.Sides<R> = 0,
  const D extends rule.Sides<R> = 1,
  C extends boolean = false,
>(
  x: X,
  size: Arg<Z, rule.Pool<Op, R, X['shape'], Z, S, P, D, C>>,
  options?: PoolOptions<S, P, D, C> & Options,
) => Out<rule.Pool<Op, R, X['shape'], Z, S, P, D, C>>
type PoolWithIndices<Op extends string, R extends rule.Rank> = <
  X extends AnyTensor,
  const Z extends rule.Sides<R>,
  const S extends rule.Sides<R> = Z,
  const P extends rule.Sides<R> = 0,
  const D extends rule.Sides<R> = 1,
  C extends boolean = false,
>(
  x: X,
  size: Arg<Z, rule.Pool<Op, R, X['shape'], Z, S, P, D, C>>,
  options?: PoolOptions<S, P, D, C>,
) => Extremes<rule.Pool<Op, R, X['shape'], Z, S, P, D, C>>
type Pooling<Op extends string, R extends rule.Rank> = Pool<Op, R, unknown>
type Averaging<Op extends string, R extends rule.Rank> = Pool<
  Op,
  R,
  { readonly countIncludePad?: boolean; readonly divisorOverride?: number }
>

type PowerPooling<Op extends string, R extends rule.Rank> = <
  X extends AnyTensor,
  const Z extends rule.Sides<R>,
  const S extends rule.Sides<R> = Z,
  C extends boolean = false,
>(
  x: X,
  size: Arg<Z, rule.Pool<Op, R, X['shape'], Z, S, 0, 1, C>>,
  options?: { readonly p?: number; readonly stride?: S; readonly ceilMode?: C },
) => Out<rule.Pool<Op, R, X['shape'], Z, S, 0, 1, C>>

type AdaptivePooling<Op extends string, R extends rule.Rank> = <
  X extends AnyTensor,
  const Z extends rule.AdaptiveSides<R>,
>(
  x: X,
  size: Arg<Z, rule.Adaptive<Op, R, X['shape'], Z>>,
) => Out<rule.Adaptive<Op, R, X['shape'], Z>>
