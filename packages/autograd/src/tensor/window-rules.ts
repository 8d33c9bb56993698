import type { Shape } from '../graph/shape.js'
import type { Show, ShowDim } from './dim.js'
import type { MayEqual, Shaped } from './shape-rules.js'

// Shape rules of convolution and pooling: as in shape-rules.ts, a shape or a sentence that says what is wrong.

type Tuple = readonly unknown[]
type Dynamic = Shaped<number[]>
type Pair = readonly [number, number]

/** The two numbers of an option that may be one for both. */
type Both<V> = V extends Pair ? V : V extends number ? readonly [V, V] : readonly [number, number]

/** Images x `[n, c, h, w]` and a kernel `[out, c / groups, kh, kw]`. */
export type Conv2d<
  X extends Shape,
  W extends Shape,
  Stride,
  Padding,
  Dilation,
  Groups extends number,
> = number extends (X | W)['length']
  ? Dynamic
  : W extends readonly [infer Out, infer C2, infer KH extends number, infer KW extends number]
    ? X extends readonly [infer N, infer C, infer H extends number, infer V extends number]
      ? Channels<C, C2, Groups> extends true
        ? Image<
            N,
            Out,
            Count<H, KH, Both<Stride>[0], Both<Padding>[0], Dilation>,
            Count<V, KW, Both<Stride>[1], Both<Padding>[1], Dilation>
          >
        : `conv2d: input ${Show<X>} has ${ShowDim<C>} channels but kernel ${Show<W>} expects ${ShowDim<C2>}`
      : `conv2d: the input must be [batch, channels, height, width], got ${Show<X>}`
    : `conv2d: the kernel must be [out, channels / groups, height, width], got ${Show<W>}`

/** Only without groups is a mismatch certain at a glance. */
type Channels<C, C2, Groups> = Groups extends 1 ? MayEqual<C, C2> : true

/** Images x `[n, c, h, w]` and a window. */
export type Pool2d<Op extends string, X extends Shape, Size, Stride, Padding, Dilation> = number extends X['length']
  ? Dynamic
  : X extends readonly [infer N, infer C, infer H extends number, infer V extends number]
    ? Image<
        N,
        C,
        Count<H, Both<Size>[0], Both<Stride>[0], Both<Padding>[0], Dilation>,
        Count<V, Both<Size>[1], Both<Stride>[1], Both<Padding>[1], Dilation>
      >
    : `${Op}: the input must be [batch, channels, height, width], got ${Show<X>}`

type Image<N, C, Rows, Columns> = Rows extends string
  ? Rows
  : Columns extends string
    ? Columns
    : Shaped<[N, C, Rows, Columns]>

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

/** True for literals of at most three digits: the compiler counts no further. */
type AreShort<N extends number> = number extends N
  ? false
  : (
        N extends N
          ? `${N}` extends `${bigint}`
            ? `${N}` extends `${string}${string}${string}${infer Rest}`
              ? Rest extends ''
                ? true
                : false
              : true
            : false
          : never
      ) extends true
    ? true
    : false

type Steps<Left extends Tuple, Stride extends Tuple, Done extends Tuple = [0]> = Stride extends readonly []
  ? number
  : Left extends readonly [...Stride, ...infer Rest]
    ? Steps<Rest, Stride, [...Done, 0]>
    : Done['length']

type OfLength<N extends number, T extends Tuple = []> = Grow<`${N}`, T>
type Grow<
  Numeral extends string,
  Done extends Tuple,
> = Numeral extends `${infer D extends keyof Digit & string}${infer Rest}`
  ? Grow<Rest, [...Done, ...Done, ...Done, ...Done, ...Done, ...Done, ...Done, ...Done, ...Done, ...Done, ...Digit[D]]>
  : Done

// biome-ignore format: a table
interface Digit {
  '0': []; '1': [0]; '2': [0, 0]; '3': [0, 0, 0]; '4': [0, 0, 0, 0]; '5': [0, 0, 0, 0, 0]; '6': [0, 0, 0, 0, 0, 0]
  '7': [0, 0, 0, 0, 0, 0, 0]; '8': [0, 0, 0, 0, 0, 0, 0, 0]; '9': [0, 0, 0, 0, 0, 0, 0, 0, 0]
}
