import type {
  ImageShape,
  MayEqual,
  Shape,
  Shaped,
  Show,
  ShowDim,
  SpatialAxes,
  SpatialNames,
  SpatialRank,
  WindowCounts,
  WindowSide,
  WindowSpreads,
} from '@adjoint/autograd'

// What layers over windows make of a shape: as in autograd's rules, a shape, or a sentence that says what is wrong. Of x
// they know nothing but that it has [batch, channels] and R axes more, where its type says nothing.

/** The shape of what a layer is given, as far as it is known. */
export type In<S> = S extends infer Known extends number[] ? Known : number[]

/** The window on each axis. */
export type WindowOf<R extends SpatialRank, K> = R extends 1
  ? [WindowSide<K, '0'>]
  : R extends 2
    ? [WindowSide<K, '0'>, WindowSide<K, '1'>]
    : [WindowSide<K, '0'>, WindowSide<K, '1'>, WindowSide<K, '2'>]

/** I channels become O; the axes behind become what `Axes` says, or a sentence. */
type Changed<R extends SpatialRank, S extends Shape, I, O, Axes> = S extends readonly [infer N, infer C, ...infer A]
  ? A extends SpatialAxes[R]
    ? MayEqual<C, I> extends true
      ? ImageShape<N, O, Axes>
      : `expects ${ShowDim<I>} channels, got ${ShowDim<C>}`
    : Unfit<R, S>
  : number extends S['length']
    ? Shaped<[number, O, ...SpatialAxes[R]]>
    : Unfit<R, S>
type Unfit<R extends SpatialRank, S extends Shape> = `expects [batch, channels, ${SpatialNames[R]}], got ${Show<S>}`

type Behind<S> = S extends readonly [unknown, unknown, ...infer A] ? A : never

/** What a convolution gives for a shape. */
export type Convolved<R extends SpatialRank, S extends Shape, I, O, K, Stride, Padding, Dilation> = Changed<
  R,
  S,
  I,
  O,
  [Padding] extends ['same']
    ? Behind<S>
    : WindowCounts<Behind<S>, WindowOf<R, K>, Stride, Padding extends 'valid' ? 0 : Padding, Dilation>
>

/** What a transposed convolution gives for a shape. */
export type Deconvolved<R extends SpatialRank, S extends Shape, I, O, K, Stride, Padding, More, Dilation> = Changed<
  R,
  S,
  I,
  O,
  WindowSpreads<Behind<S>, WindowOf<R, K>, Stride, Padding, More, Dilation>
>
