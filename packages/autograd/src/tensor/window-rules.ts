import type { Shape } from '../graph/shape.js'
import type { Show, ShowDim } from './dim.js'
import type { Add, Multiply, Product } from './shape-arithmetic.js'
import type { MayEqual, Shaped } from './shape-rules.js'
import type { AreShort, OfLength, Quotient, Steps, Tuple } from './short-arithmetic.js'

// Shape rules of convolution, pooling and resampling: as in shape-rules.ts, a shape or a sentence that says what is wrong.
// What they work on is [batch, channels] and one, two or three axes more.

type Dynamic = Shaped<number[]>
/** How many axes stand behind [batch, channels]: those of lines, images or volumes. */
export type Rank = 1 | 2 | 3

/** What stands behind the channels, by how many axes that are. */
export interface Axes {
  /** Of lines. */
  1: readonly [number]
  /** Of images. */
  2: readonly [number, number]
  /** Of volumes. */
  3: readonly [number, number, number]
}
/** The same in words. */
export interface AxisNames {
  /** Of lines. */
  1: 'length'
  /** Of images. */
  2: 'height, width'
  /** Of volumes. */
  3: 'depth, height, width'
}

/** A number for all axes, or one for each. */
export type Sides<R extends Rank> = number | Axes[R]

/** How many windows there are to be on all axes, or on each. */
export type AdaptiveSides<R extends Rank> = number | AdaptiveAxes[R]
interface AdaptiveAxes {
  1: readonly [number | null]
  2: readonly [number | null, number | null]
  3: readonly [number | null, number | null, number | null]
}

/** The number of an option for axis I. */
export type Side<V, I> = V extends Tuple ? (I extends keyof V ? V[I] & number : number) : V extends number ? V : number

/** [batch, channels, ...axes] x and a kernel [out, channels / groups, ...window]. */
export type Convolution<
  R extends Rank,
  X extends Shape,
  W extends Shape,
  Stride,
  Padding,
  Dilation,
  Groups extends number,
> = number extends (X | W)['length']
  ? Dynamic
  : W extends readonly [infer Out, infer C2, ...infer K extends Axes[R]]
    ? X extends readonly [infer N, infer C, ...infer S extends Axes[R]]
      ? Channels<C, C2, Groups> extends true
        ? Image<
            N,
            Out,
            Padding extends 'same' ? S : Counts<S, K, Stride, Padding extends 'valid' ? 0 : Padding, Dilation>
          >
        : `conv${R}d: input ${Show<X>} has ${ShowDim<C>} channels but kernel ${Show<W>} expects ${ShowDim<C2>}`
      : `conv${R}d: the input must be [batch, channels, ${AxisNames[R]}], got ${Show<X>}`
    : `conv${R}d: the kernel must be [out, channels / groups, ${AxisNames[R]}], got ${Show<W>}`

/** Only without groups is a mismatch certain at a glance. */
type Channels<C, C2, Groups> = Groups extends 1 ? MayEqual<C, C2> : true

/** [batch, channels, ...axes] x and a kernel [channels, out / groups, ...window]. */
export type Transposed<
  R extends Rank,
  X extends Shape,
  W extends Shape,
  Stride,
  Padding,
  More,
  Dilation,
  Groups extends number,
> = number extends (X | W)['length']
  ? Dynamic
  : W extends readonly [infer C2, infer Out extends number, ...infer K extends Axes[R]]
    ? X extends readonly [infer N, infer C, ...infer S extends Axes[R]]
      ? MayEqual<C, C2> extends true
        ? Image<N, Multiply<Out, Groups>, Spreads<S, K, Stride, Padding, More, Dilation>>
        : `convTranspose${R}d: input ${Show<X>} has ${ShowDim<C>} channels but kernel ${Show<W>} expects ${ShowDim<C2>}`
      : `convTranspose${R}d: the input must be [batch, channels, ${AxisNames[R]}], got ${Show<X>}`
    : `convTranspose${R}d: the kernel must be [channels, out / groups, ${AxisNames[R]}], got ${Show<W>}`

/** [batch, channels, ...axes] x and a window. */
export type Pool<
  Op extends string,
  R extends Rank,
  X extends Shape,
  Size,
  Stride,
  Padding,
  Dilation,
  Ceil,
> = number extends X['length']
  ? Dynamic
  : X extends readonly [infer N, infer C, ...infer S extends Axes[R]]
    ? Image<N, C, Counts<S, { [I in keyof S]: Side<Size, I> }, Stride, Padding, Ceil extends false ? Dilation : number>>
    : `${Op}${R}d: the input must be [batch, channels, ${AxisNames[R]}], got ${Show<X>}`

/** As many windows as are asked for; null leaves an axis as it is. */
export type Adaptive<Op extends string, R extends Rank, X extends Shape, Size> = number extends X['length']
  ? Dynamic
  : X extends readonly [infer N, infer C, ...infer S extends Axes[R]]
    ? Image<N, C, { [I in keyof S]: Size extends Tuple ? Chosen<Size[I & keyof Size], S[I]> : Size }>
    : `${Op}${R}d: the input must be [batch, channels, ${AxisNames[R]}], got ${Show<X>}`
type Chosen<Size, D> = Size extends null ? D : Size

/** [batch, channels] and the axes S behind them; or S, where that is a sentence. */
export type Image<N, C, S> = S extends Tuple ? Shaped<[N, C, ...S]> : S

/** How many windows lie on each axis, or a sentence. */
export type Counts<S, K, Stride, Padding, Dilation, Done extends Tuple = []> = S extends readonly [
  infer D extends number,
  ...infer RestS,
]
  ? K extends readonly [infer L extends number, ...infer RestK]
    ? Count<
        D,
        L,
        Side<Stride, `${Done['length'] & number}`>,
        Side<Padding, `${Done['length'] & number}`>,
        Dilation
      > extends infer N
      ? N extends string
        ? N
        : Counts<RestS, RestK, Stride, Padding, Dilation, [...Done, N]>
      : never
    : never
  : Done

/** How long each axis is over which so many windows lie. */
export type Spreads<S, K, Stride, Padding, More, Dilation, Done extends Tuple = []> = S extends readonly [
  infer D extends number,
  ...infer RestS,
]
  ? K extends readonly [infer L extends number, ...infer RestK]
    ? Spreads<
        RestS,
        RestK,
        Stride,
        Padding,
        More,
        Dilation,
        [
          ...Done,
          Dilation extends 1
            ? Spread<
                D,
                L,
                Side<Stride, `${Done['length'] & number}`>,
                Side<Padding, `${Done['length'] & number}`>,
                Side<More, `${Done['length'] & number}`>
              >
            : number,
        ]
      >
    : never
  : Done

/** (size - 1) stride - 2 padding + window + more; `number` unless all are literals and small. */
type Spread<
  Size extends number,
  Window extends number,
  Stride extends number,
  Padding extends number,
  More extends number,
> =
  AreShort<Size | Window | Stride | Padding | More> extends true
    ? OfLength<Size> extends readonly [unknown, ...infer Rest]
      ? Add<Add<Multiply<Rest['length'] & number, Stride>, Window>, More> extends infer Full extends number
        ? AreShort<Full> extends true
          ? OfLength<Full> extends readonly [...OfLength<Padding>, ...OfLength<Padding>, ...infer Left]
            ? Left['length']
            : number
          : Padding extends 0
            ? Full
            : number
        : never
      : number
    : number

// ---- columns, and images of another size

/** What each window reads as a column. */
export type Columns<X extends Shape, Size = number, Stride = 1, Padding = 0, Dilation = 1> = number extends X['length']
  ? Shaped<[number, number, number]>
  : X extends readonly [infer N, infer C extends number, ...infer S extends readonly [number, ...number[]]]
    ? Read<Counts<S, { [I in keyof S]: Side<Size, I> }, Stride, Padding, Dilation>> extends infer Windows
      ? Windows extends number
        ? Shaped<[N, Multiply<C, Product<{ [I in keyof S]: Side<Size, I> }>>, Windows]>
        : Windows
      : never
    : `im2col: the input must be [batch, channels, ...axes], got ${Show<X>}`
/** How many there are on all axes, or the sentence. */
type Read<Counted> = Counted extends Tuple ? Product<Counted> : Counted

/** Columns laid into an image of a shape. */
export type Folded<X extends Shape, S extends Shape, Size = number> = number extends (X | S)['length']
  ? Dynamic
  : X extends readonly [infer N, infer Rows extends number, unknown]
    ? Quotient<Rows, Product<{ [I in keyof S]: Side<Size, I> }>> extends infer C
      ? [C] extends [never]
        ? `col2im: ${Rows} rows are no multiple of a window's ${Product<{ [I in keyof S]: Side<Size, I> }>}`
        : Shaped<[N, C, ...S]>
      : never
    : `col2im: columns must be [batch, channels * window, windows], got ${Show<X>}`

/** With axes of other sizes behind the channels: those given, or so many times their own. */
export type Interpolated<X extends Shape, Size, Scale> = number extends X['length']
  ? Dynamic
  : X extends readonly [infer N, infer C, ...infer S extends readonly [number, ...number[]]]
    ? Shaped<[N, C, ...Resized<S, Size, Scale>]>
    : `interpolate: the input must be [batch, channels, ...axes], got ${Show<X>}`
type Resized<S extends readonly number[], Size, Scale> = {
  -readonly [I in keyof S]: Size extends number | Tuple
    ? Side<Size, I>
    : Scale extends number | Tuple
      ? Multiply<S[I], Side<Scale, I>>
      : number
}

/** [..., channels, height, width] with `Factor` times as many rows and columns. */
export type Shuffled<X extends Shape, Factor extends number> = number extends X['length']
  ? Dynamic
  : X extends readonly [...infer Front, infer C extends number, infer H extends number, infer V extends number]
    ? Quotient<C, Multiply<Factor, Factor>> extends infer Left
      ? [Left] extends [never]
        ? `pixelShuffle: ${C} channels are no multiple of ${Multiply<Factor, Factor>}`
        : Shaped<[...Front, Left, Multiply<H, Factor>, Multiply<V, Factor>]>
      : never
    : `pixelShuffle: the input must be [..., channels, height, width], got ${Show<X>}`
/** [..., channels, height, width] with `Factor` times fewer rows and columns. */
export type Unshuffled<X extends Shape, Factor extends number> = number extends X['length']
  ? Dynamic
  : X extends readonly [...infer Front, infer C extends number, infer H extends number, infer V extends number]
    ? [Quotient<H, Factor>, Quotient<V, Factor>] extends infer Left extends readonly [number, number]
      ? [Left[0]] extends [never]
        ? Indivisible<X, Factor>
        : [Left[1]] extends [never]
          ? Indivisible<X, Factor>
          : Shaped<[...Front, Multiply<C, Multiply<Factor, Factor>>, ...Left]>
      : never
    : `pixelUnshuffle: the input must be [..., channels, height, width], got ${Show<X>}`
type Indivisible<
  X extends Shape,
  Factor extends number,
> = `pixelUnshuffle: height and width of ${Show<X>} are no multiples of ${Factor}`

/** Images [batch, channels, height, width] at the places of a grid [batch, rows, columns, 2]; volumes likewise. */
export type Sampled<X extends Shape, G extends Shape> = number extends (X | G)['length']
  ? Dynamic
  : X extends readonly [infer N, infer C, ...infer S extends Axes[2] | Axes[3]]
    ? G extends readonly [infer N2, ...infer Places extends Axes[2] | Axes[3], infer D]
      ? MayEqual<readonly [N, S['length'], S['length']], readonly [N2, Places['length'], D]> extends true
        ? Shaped<[N, C, ...Places]>
        : `gridSample: grid ${Show<G>} does not fit the input ${Show<X>}`
      : `gridSample: grid ${Show<G>} does not fit the input ${Show<X>}`
    : `gridSample: the input must be [batch, channels, height, width] or have a depth too, got ${Show<X>}`

// ---- counting

/** floor((size + 2 padding - window) / stride) + 1; `number` unless all are literals and the dilation is 1. */
type Count<
  Size extends number,
  Window extends number,
  Stride extends number,
  Padding extends number,
  Dilation,
> = Dilation extends 1
  ? AreShort<Size | Window | Stride | Padding> extends true
    ? readonly [...OfLength<Size>, ...OfLength<Padding>, ...OfLength<Padding>] extends readonly [
        ...OfLength<Window>,
        ...infer Rest,
      ]
      ? Steps<Rest, OfLength<Stride>>
      : `a window of ${Window} is larger than the padded image of ${Size}`
    : number
  : number
