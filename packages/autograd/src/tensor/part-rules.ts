import type { Shape } from '../graph/shape.js'
import type { Show } from './dim.js'
import type { Add, Multiply, Product } from './shape-arithmetic.js'
import type { InsertAt, Positions, Replace, Shaped, Splice, SwapAxes, WithAxis } from './shape-rules.js'
import type { AreShort, OfLength, Steps, Tuple } from './short-arithmetic.js'

// Shape rules of what takes tensors apart and repeats them: as in shape-rules.ts, a shape or a sentence.

type Dynamic = Shaped<number[]>

/** The size of an axis that S has. */
type DimAt<S extends Shape, Axis extends number> =
  Positions<S, readonly [Axis]> extends infer P ? (P extends keyof S ? S[P] & number : number) : never

// ---- several results

/** The shapes of several results. */
export interface Listed<L> {
  readonly shapes: L
}
/** Parts of these sizes along an axis. */
type InSizes<S extends Shape, Axis extends number, Sizes extends readonly number[]> = number extends S['length'] | Axis
  ? Listed<{ [K in keyof Sizes]: number[] }>
  : Listed<{ [K in keyof Sizes]: ShapeOf<Splice<S, Axis, [Sizes[K]]>> }>
type ShapeOf<R> = R extends Shaped<infer S extends Shape> ? S : number[]

export type Split<S extends Shape, Sizes, Axis extends number> =
  WithAxis<S, Axis> extends infer Complaint extends string
    ? Complaint
    : Sizes extends number
      ? EqualParts<S, Axis, DimAt<S, Axis>, Sizes>
      : Sizes extends readonly number[]
        ? number extends Sizes['length']
          ? InSizes<S, Axis, readonly number[]>
          : IsSum<Sizes, DimAt<S, Axis>> extends true
            ? InSizes<S, Axis, Sizes>
            : `sizes ${Show<Sizes>} do not make up an axis of ${DimAt<S, Axis>}`
        : never

/** False only if the numbers certainly have another sum. */
type IsSum<Sizes extends readonly number[], D extends number> = number extends D
  ? true
  : Sum<Sizes> extends infer Total extends number
    ? number extends Total
      ? true
      : [D] extends [Total]
        ? true
        : AreShort<D> extends true
          ? false
          : true
    : never
type Sum<Sizes extends Tuple, Done extends number = 0> = Sizes extends readonly [infer N extends number, ...infer Rest]
  ? Sum<Rest, Add<Done, N>>
  : Sizes extends readonly []
    ? Done
    : number

type EqualParts<S extends Shape, Axis extends number, D extends number, Size extends number> =
  AreShort<D | Size> extends true
    ? Size extends 0
      ? 'parts have a size of 1 at least'
      : InSizes<S, Axis, SizesOf<OfLength<D>, OfLength<Size>>>
    : InSizes<S, Axis, readonly number[]>

/** As many of a size as there is room for, and what is left. */
type SizesOf<Left extends Tuple, Size extends Tuple, Done extends readonly number[] = []> = Left extends readonly [
  ...Size,
  ...infer Rest,
]
  ? Rest extends readonly []
    ? [...Done, Size['length']]
    : SizesOf<Rest, Size, [...Done, Size['length']]>
  : [...Done, Left['length']]

export type Chunk<S extends Shape, N extends number, Axis extends number> =
  WithAxis<S, Axis> extends infer Complaint extends string
    ? Complaint
    : AreShort<N> extends true
      ? DimAt<S, Axis> extends infer D extends number
        ? AreShort<D> extends true
          ? Chunks<S, Axis, D, N>
          : InSizes<S, Axis, Filled<OfLength<N>, number>>
        : never
      : InSizes<S, Axis, readonly number[]>

type Chunks<S extends Shape, Axis extends number, D extends number, N extends number> = D extends 0
  ? InSizes<S, Axis, Filled<OfLength<N>, 0>>
  : OfLength<D> extends readonly [unknown, ...infer Less]
    ? Steps<Less, OfLength<N>> extends infer Size extends number
      ? SizesOf<OfLength<D>, OfLength<Size>> extends infer Sizes extends readonly number[]
        ? Sizes['length'] extends N
          ? InSizes<S, Axis, Sizes>
          : `an axis of ${D} makes ${Sizes['length']} parts of ${Size}, not ${N}: use split`
        : never
      : never
    : never
/** As many, each of them D. */
type Filled<T extends Tuple, D> = { [K in keyof T]: D }

/** The entries of an axis; of up to 99 their number is known. */
export type Unbind<S extends Shape, Axis extends number> =
  Splice<S, Axis, []> extends infer R
    ? R extends Shaped<infer Rest extends Shape>
      ? IsFew<DimAt<S, Axis>> extends true
        ? Listed<Filled<OfLength<DimAt<S, Axis>>, Rest>>
        : Listed<readonly Rest[]>
      : R
    : never
type IsFew<N extends number> =
  AreShort<N> extends true
    ? `${N}` extends `${string}${string}${infer Rest}`
      ? Rest extends ''
        ? true
        : false
      : true
    : false

/** A grid of vectors. */
export type Meshgrid<Shapes extends Tuple, Indexing> = number extends Shapes['length']
  ? Listed<readonly number[][]>
  : Dims<Shapes> extends infer D
    ? D extends readonly number[]
      ? (
          Indexing extends 'ij'
            ? D
            : D extends readonly [infer X, infer Y, ...infer Rest]
              ? [Y, X, ...Rest]
              : D
        ) extends infer G
        ? Listed<{ [K in keyof Shapes]: G }>
        : never
      : D
    : never
type Dims<Shapes extends Tuple, Done extends Tuple = []> = Shapes extends readonly [
  infer S extends Shape,
  ...infer Rest,
]
  ? number extends S['length']
    ? Dims<Rest, [...Done, number]>
    : S extends readonly [infer D]
      ? Dims<Rest, [...Done, D]>
      : `meshgrid takes vectors, got shape ${Show<S>}`
  : Shapes extends readonly []
    ? Done
    : never

// ---- one

/** Windows of `Size` along an axis, and their entries along a new last one. */
export type Unfold<S extends Shape, Axis extends number, Size extends number, Step extends number> =
  WindowCount<DimAt<S, Axis>, Size, Step> extends infer Count
    ? Count extends number
      ? Splice<S, Axis, [Count]> extends infer R
        ? R extends Shaped<infer T extends Shape>
          ? number extends T['length']
            ? Dynamic
            : Shaped<[...T, Size]>
          : R
        : never
      : Count
    : never
type WindowCount<D extends number, Size extends number, Step extends number> =
  AreShort<D | Size | Step> extends true
    ? OfLength<D> extends readonly [...OfLength<Size>, ...infer Rest]
      ? Steps<Rest, OfLength<Step>>
      : `a window of ${Size} is larger than an axis of ${D}`
    : number

/** The axes that have other sizes now. */
export type Resized<S extends Shape, Axes> = Axes extends number
  ? Splice<S, Axes, [number]>
  : Axes extends readonly number[]
    ? number extends S['length'] | Axes['length'] | Axes[number]
      ? Dynamic
      : Positions<S, Axes> extends infer P extends string
        ? [P] extends [`${bigint}`]
          ? Shaped<Replace<S, P, [number]>>
          : P
        : never
    : never

/** By a right angle, an odd or even number of times. */
export type Rot90<S extends Shape, Turns extends number, Axes> = Axes extends readonly [
  infer A extends number,
  infer B extends number,
]
  ? number extends S['length'] | A | B
    ? Dynamic
    : Positions<S, Axes> extends infer P extends string
      ? [P] extends [`${bigint}`]
        ? number extends Turns
          ? Shaped<{ -readonly [K in keyof S]: number }>
          : `${Turns}` extends `${string}${1 | 3 | 5 | 7 | 9}`
            ? SwapAxes<S, A, B>
            : Shaped<S>
        : P
      : never
  : Dynamic

/** Counts for the last axes; those of more axes than there are add some in front. */
export type Tile<S extends Shape, Counts> = Counts extends number
  ? Tile<S, readonly [Counts]>
  : Counts extends readonly number[]
    ? number extends S['length'] | Counts['length']
      ? Dynamic
      : Shaped<Tiled<S, Counts>>
    : never
type Tiled<S, Counts, Done extends Tuple = []> = Counts extends readonly [...infer RestC, infer C extends number]
  ? S extends readonly [...infer RestS, infer D extends number]
    ? Tiled<RestS, RestC, [Multiply<D, C>, ...Done]>
    : Tiled<[], RestC, [C, ...Done]>
  : S extends Tuple
    ? [...S, ...Done]
    : never

/** Counts for all axes. */
export type Repeat<S extends Shape, Counts extends readonly number[]> = number extends S['length'] | Counts['length']
  ? Dynamic
  : { [K in keyof Counts]: 0 } extends readonly [...{ [K in keyof S]: 0 }, ...Tuple]
    ? Tile<S, Counts>
    : `repeat needs a count for each dim of ${Show<S>}, got ${Counts['length']}`

/** Each entry of an axis so many times, or of all elements in a row. */
export type RepeatInterleave<S extends Shape, Counts, Axis, Size extends number> = Axis extends number
  ? Splice<S, Axis, [Repeated<DimAt<S, Axis>, Counts, Size>]>
  : Shaped<[Repeated<number extends S['length'] ? number : Product<S>, Counts, Size>]>
type Repeated<D extends number, Counts, Size extends number> = Counts extends number
  ? Multiply<D, Counts>
  : Counts extends readonly number[]
    ? Sum<Counts>
    : Counts extends { readonly shape: Shape }
      ? Size
      : number

/** Axes at other places: known of one axis. */
export type MoveAxis<S extends Shape, From, To> = number extends S['length']
  ? Dynamic
  : From extends number
    ? To extends number
      ? number extends From | To
        ? Shaped<{ -readonly [K in keyof S]: number }>
        : [Positions<S, readonly [From]>, Positions<S, readonly [To]>] extends [
              infer P extends string,
              infer Q extends string,
            ]
          ? P extends `${bigint}`
            ? Q extends `${bigint}`
              ? Shaped<InsertAt<Replace<S, P, []>, Q, S[P & keyof S]>>
              : Q
            : P
          : never
      : never
    : From extends readonly number[]
      ? To extends readonly number[]
        ? Moved<S, From, To>
        : never
      : never
type Moved<S extends Shape, From extends readonly number[], To extends readonly number[]> =
  Resized<S, From> extends infer Complaint extends string
    ? Complaint
    : Resized<S, To> extends infer Wrong extends string
      ? Wrong
      : Shaped<{ -readonly [K in keyof S]: number }>

/** The axes from one to another as one. */
export type FlattenRange<S extends Shape, Start extends number, End extends number> = number extends
  | S['length']
  | Start
  | End
  ? Dynamic
  : [Positions<S, readonly [Start]>, Positions<S, readonly [End]>] extends [
        infer P extends string,
        infer Q extends string,
      ]
    ? P extends `${bigint}`
      ? Q extends `${bigint}`
        ? Joined<S, P, Q> extends infer J
          ? J extends Tuple
            ? Shaped<J>
            : `axis ${Start} of shape ${Show<S>} is behind axis ${End}`
          : never
        : Q
      : P
    : never
type Joined<S, P extends string, Q extends string, Done extends Tuple = []> = `${Done['length']}` extends P
  ? JoinedUpTo<S, Q, Done>
  : S extends readonly [infer D, ...infer Rest]
    ? Joined<Rest, P, Q, [...Done, D]>
    : never
type JoinedUpTo<S, Q extends string, Before extends Tuple, Joining extends Tuple = []> = S extends readonly [
  infer D,
  ...infer Rest,
]
  ? `${[...Before, ...Joining]['length'] & number}` extends Q
    ? [...Before, Product<[...Joining, D]>, ...Rest]
    : JoinedUpTo<Rest, Q, Before, [...Joining, D]>
  : 'behind'
