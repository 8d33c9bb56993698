import type { DType } from '../graph/dtype.js'
import type { PadOptions, SliceOptions } from '../ops/slice.js'
import type { Axes, FixedSize, KeepDims, SpreadOption, Widths } from './options.js'
import type * as rule from './shape-rules.js'
import type { Form, Signatures } from './signatures.js'
import type { AnyTensor, Arg, BroadcastOf, BroadcastOfThree, Extremes, Operand, Out, Tensor } from './tensor.js'
import type { Conv2d, Pool2d } from './window-rules.js'

/** The types of the functions: those that are methods too, and those that are not. */
export type Functions = { readonly [Name in keyof Signatures]: FunctionForms[Signatures[Name]] } & FunctionsOnly

interface FunctionForms extends Record<Form, unknown> {
  unary: <A extends AnyTensor>(x: A) => A
  /** With a number that shapes the curve. */
  parametric: <A extends AnyTensor>(x: A, parameter?: number) => A
  binary: <A extends Operand, B extends Operand>(a: A, b: Arg<B, BroadcastOf<A, B>>) => Out<BroadcastOf<A, B>>
  ternary: <A extends Operand, B extends Operand, C extends Operand>(
    a: A,
    b: Arg<B, BroadcastOf<A, B>>,
    c: Arg<C, BroadcastOfThree<A, B, C>>,
  ) => Out<BroadcastOfThree<A, B, C>>
  reduction: ReductionFunction<unknown>
  spread: ReductionFunction<SpreadOption>
  argReduction: <A extends AnyTensor, X extends number | undefined = undefined, K extends boolean = false>(
    x: A,
    axis?: Arg<X, rule.Reduce<A['shape'], X, K>>,
    options?: KeepDims<K>,
  ) => Out<rule.Reduce<A['shape'], X, K>>
  extremes: <A extends AnyTensor, X extends number, K extends boolean = false>(
    x: A,
    axis: Arg<X, rule.Reduce<A['shape'], X, K>>,
    options?: KeepDims<K>,
  ) => Extremes<rule.Reduce<A['shape'], X, K>>
  extremesSoFar: <A extends AnyTensor, X extends number = -1>(
    x: A,
    axis?: Arg<X, rule.WithAxis<A['shape'], X>>,
  ) => { readonly values: A; readonly indices: A }
  axiswise: <A extends AnyTensor, X extends number = -1>(x: A, axis?: Arg<X, rule.WithAxis<A['shape'], X>>) => A
  matmul: <A extends AnyTensor, B extends AnyTensor>(
    a: A,
    b: Arg<B, rule.MatMul<A['shape'], B['shape']>>,
  ) => Out<rule.MatMul<A['shape'], B['shape']>>
  reshape: ReshapeFunction
  flatten: <A extends AnyTensor>(x: Arg<A, rule.Flatten<A['shape']>>) => Out<rule.Flatten<A['shape']>>
  ravel: <A extends AnyTensor>(x: A) => Out<rule.Ravel<A['shape']>>
  transpose: <A extends AnyTensor>(x: Arg<A, rule.Transpose<A['shape']>>) => Out<rule.Transpose<A['shape']>>
  permute: <A extends AnyTensor, const P extends number[]>(
    x: A,
    axes: Arg<readonly [...P], rule.Permute<A['shape'], P>>,
  ) => Out<rule.Permute<A['shape'], P>>
  swapAxes: <A extends AnyTensor, X extends number, Y extends number>(
    x: A,
    a: Arg<X, rule.WithAxis<A['shape'], X>>,
    b: Arg<Y, rule.WithAxis<A['shape'], Y>>,
  ) => Out<rule.SwapAxes<A['shape'], X, Y>>
  broadcastTo: <A extends AnyTensor, const T extends number[]>(
    x: A,
    shape: Arg<T, rule.BroadcastTo<A['shape'], T>>,
  ) => Out<rule.BroadcastTo<A['shape'], T>>
  expandDims: <A extends AnyTensor, X extends number>(
    x: A,
    axis: Arg<X, rule.Insert<A['shape'], X, 1>>,
  ) => Out<rule.Insert<A['shape'], X, 1>>
  squeeze: <A extends AnyTensor, X extends number | undefined = undefined>(
    x: A,
    axis?: Arg<X, rule.Squeeze<A['shape'], X>>,
  ) => Out<rule.Squeeze<A['shape'], X>>
  slice: <A extends AnyTensor, X extends number>(
    x: A,
    axis: Arg<X, rule.Splice<A['shape'], X, [number]>>,
    start: number | null,
    end?: number | null,
    options?: SliceOptions,
  ) => Out<rule.Splice<A['shape'], X, [number]>>
  at: <A extends AnyTensor>(x: Arg<A, rule.Row<A['shape']>>, index: number) => Out<rule.Row<A['shape']>>
  flip: <A extends AnyTensor, X extends number>(x: A, axis: Arg<X, rule.WithAxis<A['shape'], X>>) => A
  pad: <A extends AnyTensor, const W extends readonly Widths[]>(
    x: A,
    widths: Arg<W, rule.Pad<A['shape'], W>>,
    options?: PadOptions,
  ) => Out<rule.Pad<A['shape'], W>>
  gather: <A extends AnyTensor, I extends AnyTensor, X extends number>(
    x: A,
    indices: Arg<I, rule.Gather<A['shape'], I['shape'], X>>,
    axis: Arg<X, rule.WithAxis<A['shape'], X>>,
  ) => Out<rule.Gather<A['shape'], I['shape'], X>>
  indexSelect: <A extends AnyTensor, I extends AnyTensor, X extends number = 0>(
    x: A,
    indices: I,
    axis?: Arg<X, rule.IndexSelect<A['shape'], I['shape'], X>>,
  ) => Out<rule.IndexSelect<A['shape'], I['shape'], X>>
  scatterAdd: <A extends AnyTensor, I extends AnyTensor, B extends AnyTensor, X extends number>(
    x: A,
    indices: Arg<I, rule.Gather<A['shape'], I['shape'], X>>,
    source: Arg<B, rule.Source<I['shape'], B['shape']>>,
    axis: Arg<X, rule.WithAxis<A['shape'], X>>,
  ) => A
  oneHot: <A extends AnyTensor, N extends number>(indices: A, depth: N) => Out<rule.Append<A['shape'], N>>
  nonzero: <A extends AnyTensor>(x: A, options?: FixedSize) => Out<rule.Nonzero<A['shape']>>
  cast: <A extends AnyTensor>(x: A, dtype: DType) => A
}

interface FunctionsOnly {
  /**
   * a where the condition holds, else b; all three broadcast. The branch not taken has a derivative of exactly 0.
   *
   * @throws ShapeError if the shapes do not broadcast
   * @example where(tensor([true, false]), 1, tensor([5, 6]))   // [1, 6]
   */
  readonly where: FunctionForms['ternary']
  /**
   * Tensors joined along an axis that they have, 0 by default.
   *
   * @throws ShapeError if their other dims differ, or there are none; AxisError for an axis that they do not have
   * @example concat([zeros([2]), ones([1])])   // [0, 0, 1]
   */
  readonly concat: <const T extends readonly AnyTensor[], X extends number = 0>(
    tensors: Arg<T, rule.Concat<ShapesOf<T>, X>>,
    axis?: X,
  ) => Out<rule.Concat<ShapesOf<T>, X>>
  /**
   * Tensors of one shape joined along a new axis, 0 by default.
   *
   * @throws ShapeError if the shapes differ, or there are none
   * @example stack([zeros([2]), ones([2])])   // [[0, 0], [1, 1]]
   */
  readonly stack: <const T extends readonly AnyTensor[], X extends number = 0>(
    tensors: Arg<T, rule.Stack<ShapesOf<T>, X>>,
    axis?: X,
  ) => Out<rule.Stack<ShapesOf<T>, X>>
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
   * softmax(queries keys^T / sqrt(size)) values: what each query [..., queries, size] finds among the values
   * [..., keys, n] of the keys [..., keys, size] (Vaswani et al., Attention is all you need, 2017). A query that may see
   * no key gets zeros.
   *
   * @param options `causal`: query i sees the keys 0 to i only; `mask`: bool, true where a query may see a key, broadcasts
   *   to [..., queries, keys]
   * @throws ShapeError if sizes or lengths differ, or batches or the mask do not broadcast; DTypeError unless a mask is bool
   * @example scaledDotProductAttention(zeros([8, 5, 4]), zeros([8, 7, 4]), zeros([8, 7, 3]))   // Tensor<[8, 5, 3]>
   */
  readonly scaledDotProductAttention: <Q extends AnyTensor, K extends AnyTensor, V extends AnyTensor>(
    queries: Q,
    keys: Arg<K, rule.Attention<Q['shape'], K['shape'], V['shape']>>,
    values: V,
    options?: { readonly causal?: boolean; readonly mask?: AnyTensor },
  ) => Out<rule.Attention<Q['shape'], K['shape'], V['shape']>>
  /**
   * Cross-correlation of images [batch, channels, height, width] with a kernel [out, channels / groups, height, width].
   *
   * @throws ShapeError if channels differ, an option is out of its range, or the kernel is larger than the padded image
   * @example conv2d(zeros([8, 3, 32, 32]), zeros([16, 3, 3, 3]), { padding: 1 })   // Tensor<[8, 16, 32, 32]>
   */
  readonly conv2d: <
    X extends AnyTensor,
    W extends AnyTensor,
    const S extends Pair = 1,
    const P extends Pair = 0,
    const D extends Pair = 1,
    G extends number = 1,
  >(
    x: X,
    kernel: Arg<W, Conv2d<X['shape'], W['shape'], S, P, D, G>>,
    options?: { readonly stride?: S; readonly padding?: P; readonly dilation?: D; readonly groups?: G },
  ) => Out<Conv2d<X['shape'], W['shape'], S, P, D, G>>
  /**
   * The greatest element of each window of images; windows lie side by side unless `stride` says otherwise.
   *
   * @throws ShapeError if an option is out of its range, the window is larger than the padded image, or padding covers a
   *   whole window
   * @example maxPool2d(zeros([8, 3, 32, 32]), 2)   // Tensor<[8, 3, 16, 16]>
   */
  readonly maxPool2d: Pooling<'maxPool2d'>
  /**
   * The mean of each window of images, padding counted as zeros; windows lie side by side unless `stride` says otherwise.
   *
   * @throws ShapeError if an option is out of its range, or the window is larger than the padded image
   * @example avgPool2d(zeros([8, 3, 32, 32]), [2, 4])   // Tensor<[8, 3, 16, 8]>
   */
  readonly avgPool2d: Pooling<'avgPool2d'>
}
type Pair = number | readonly [number, number]
type Pooling<Op extends string> = <
  X extends AnyTensor,
  const Z extends Pair,
  const S extends Pair = Z,
  const P extends Pair = 0,
  const D extends Pair = 1,
>(
  x: X,
  size: Arg<Z, Pool2d<Op, X['shape'], Z, S, P, D>>,
  options?: { readonly stride?: S; readonly padding?: P; readonly dilation?: D },
) => Out<Pool2d<Op, X['shape'], Z, S, P, D>>
type ShapesOf<T> = { -readonly [K in keyof T]: T[K] extends { readonly shape: infer S } ? S : never }

type ReductionFunction<Options> = <A extends AnyTensor, const X extends Axes = undefined, K extends boolean = false>(
  x: A,
  axis?: Arg<X, rule.Reduce<A['shape'], X, K>>,
  options?: KeepDims<K> & Options,
) => Out<rule.Reduce<A['shape'], X, K>>

export interface ReshapeFunction {
  <const T extends number[]>(x: AnyTensor, shape: readonly [...T, -1]): Tensor<[...T, number]>
  <const T extends number[]>(x: AnyTensor, shape: readonly [-1, ...T]): Tensor<[number, ...T]>
  <const D extends number, const T extends number[]>(
    x: AnyTensor,
    shape: readonly [D, -1, ...T],
  ): Tensor<[D, number, ...T]>
  <const D extends number, const E extends number, const T extends number[]>(
    x: AnyTensor,
    shape: readonly [D, E, -1, ...T],
  ): Tensor<[D, E, number, ...T]>
  <const T extends number[]>(x: AnyTensor, shape: readonly [...T]): Tensor<T>
}
