import type { Shape } from '../graph/shape.js'
import type { Named, Show, ShowDim } from './dim.js'
import type { Add, Product } from './shape-arithmetic.js'

// A rule yields the shape of an op's result, or a sentence saying what is wrong: only where that is certain.
// `readonly [A] extends readonly [B]` stands for `A extends B`: the compiler leaves the plain form undecided while A or
// B is a type parameter of the caller; this form is decided as soon as the answer cannot change (B with B, B with 1).
// Only dims and shapes may stand in it: an undecided rule would count as the branch that it has for `any`.

/** What a rule yields if it has no complaint. An object type, so that conditionals decide under type parameters. */
export interface Shaped<S> {
  /** The shape of the result. */
  readonly shape: S
}
type Dynamic = Shaped<number[]>
/** The shape of an operand, as `shape` shows it, is readonly; S of `Tensor<S>` is not. */
export type Writable<S extends Shape> = { -readonly [K in keyof S]: S[K] }
type Tuple = readonly unknown[]

/** False only if dims (or shapes) A and B are certainly different. */
export type MayEqual<A, B> = readonly [A, B] extends readonly [B, unknown] | readonly [unknown, A] ? true : false

// ---- elementwise

/** NumPy broadcasting of two operands. */
export type Broadcast<A extends Shape, B extends Shape> = readonly [B] extends readonly [A | readonly [] | LikeEach<A>]
  ? Shaped<A>
  : readonly [A] extends readonly [LikeEach<B>]
    ? Shaped<B>
    : number extends (A | B)['length']
      ? Dynamic
      : Box<Zip<A, B, A, B>>

type Like<D> = number extends D ? unknown : D | 1
type LikeEach<S extends Shape> = { [K in keyof S]: Like<S[K]> }
type Box<S> = S extends Tuple ? Shaped<S> : S

export type Zip<A, B, WholeA extends Shape, WholeB extends Shape, Done extends Tuple = []> = A extends readonly [
  ...infer RestA,
  infer a,
]
  ? B extends readonly [...infer RestB, infer b]
    ? readonly [b] extends readonly [Like<a>]
      ? Zip<RestA, RestB, WholeA, WholeB, [a, ...Done]>
      : readonly [a] extends readonly [Like<b>]
        ? Zip<RestA, RestB, WholeA, WholeB, [b, ...Done]>
        : `shapes ${Show<WholeA>} and ${Show<WholeB>} do not broadcast`
    : [...A, ...Done]
  : B extends Tuple
    ? [...B, ...Done]
    : never

/** The shape itself where it stretches to T. */
export type BroadcastTo<S extends Shape, T extends Shape> = number extends (S | T)['length']
  ? Shaped<T>
  : Stretches<S, T> extends true
    ? Shaped<T>
    : `shape ${Show<S>} does not broadcast to ${Show<T>}`

type Stretches<S, T> = S extends readonly [...infer RestS, infer s]
  ? T extends readonly [...infer RestT, infer t]
    ? MayEqual<s, t | 1> extends true
      ? Stretches<RestS, RestT>
      : false
    : false
  : true

// ---- matmul: [..., M, K] x [..., K, N], or a vector on either side

export type MatMul<A extends Shape, B extends Shape> = number extends (A | B)['length']
  ? Dynamic
  : A extends readonly [...infer RestA extends Shape, infer K]
    ? B extends readonly [infer K2]
      ? Contract<A, B, K, K2, RestA, []>
      : B extends readonly [...infer BatchB extends Shape, infer K2, infer N]
        ? RestA extends readonly [...infer BatchA extends Shape, infer M]
          ? Contract<A, B, K, K2, Zip<BatchA, BatchB, BatchA, BatchB>, [M, N]>
          : Contract<A, B, K, K2, BatchB, [N]>
        : `matmul ${Show<A>} x ${Show<B>}: a scalar has no dim to sum over, use mul`
    : `matmul ${Show<A>} x ${Show<B>}: a scalar has no dim to sum over, use mul`

type Contract<A extends Shape, B extends Shape, K, K2, Batch, Outer extends Tuple> =
  MayEqual<K, K2> extends true
    ? Batch extends Tuple
      ? Shaped<[...Batch, ...Outer]>
      : Batch
    : `matmul ${Show<A>} x ${Show<B>}: inner dims ${ShowDim<K>} and ${ShowDim<K2>} differ`

// ---- attention: queries [..., T, E], keys [..., S, E], values [..., S, F]

export type Attention<Q extends Shape, K extends Shape, V extends Shape, Grouped extends boolean> = number extends (
  | Q
  | K
  | V
)['length']
  ? Dynamic
  : [Q, K, V] extends [
        readonly [...infer BatchQ extends Shape, infer T, infer E],
        readonly [...infer BatchK extends Shape, infer S, infer E2],
        readonly [...infer BatchV extends Shape, infer S2, infer F],
      ]
    ? MayEqual<E, E2> extends true
      ? MayEqual<S, S2> extends true
        ? Zip<BatchQ, Spread<BatchQ, BatchK, Grouped>, BatchQ, BatchK> extends infer Batch
          ? Batch extends Tuple
            ? Box<Appended<Zip<Batch, Spread<BatchQ, BatchV, Grouped>, Extract<Batch, Shape>, BatchV>, [T, F]>>
            : Batch
          : never
        : `keys ${Show<K>} and values ${Show<V>} have lengths ${ShowDim<S>} and ${ShowDim<S2>}`
      : `queries ${Show<Q>} and keys ${Show<K>} have sizes ${ShowDim<E>} and ${ShowDim<E2>}`
    : `queries, keys and values need 2 dims or more, got ${Show<Q>}, ${Show<K>} and ${Show<V>}`
/** A batch of keys or values with as many heads as the queries have, where groups of those share one. */
type Spread<Queries extends Shape, Batch extends Shape, Grouped extends boolean> = Grouped extends false
  ? Batch
  : [Queries, Batch] extends [readonly [...Shape, infer Heads], readonly [...infer Rest extends Shape, number]]
    ? [...Rest, Heads]
    : Batch
type Appended<Batch, Outer extends Tuple> = Batch extends Tuple ? [...Batch, ...Outer] : Batch

// ---- axes

/** The position of an axis as a key of S ('0', '1', ...; negatives count from the end), or a sentence. */
type Position<S extends Shape, Axis extends number, Shown extends Shape = S> = `${Axis}` extends keyof S
  ? `${Axis}`
  : `${Axis}` extends `-${infer N}`
    ? FromEnd<S, N, OutOfRange<Axis, Shown>>
    : OutOfRange<Axis, Shown>
type FromEnd<S, N extends string, Otherwise, Passed extends Tuple = [0]> = S extends readonly [...infer Rest, unknown]
  ? `${Passed['length']}` extends N
    ? `${Rest['length']}`
    : FromEnd<Rest, N, Otherwise, [...Passed, 0]>
  : Otherwise
type OutOfRange<Axis extends number, S extends Shape> = `axis ${Axis} is out of range for shape ${Show<S>}`

/** The positions of several axes as a union of keys of S, or a sentence. */
export type Positions<S extends Shape, Axes, Found extends string = never> = Axes extends readonly [
  infer Axis extends number,
  ...infer Rest,
]
  ? Position<S, Axis> extends infer P extends string
    ? P extends `${bigint}`
      ? P extends Found
        ? `axis ${Axis} is named twice for shape ${Show<S>}`
        : Positions<S, Rest, Found | P>
      : P
    : never
  : Found

/** The dims at positions P replaced by the dims New. */
export type Replace<
  S,
  P extends string,
  New extends Tuple,
  Passed extends Tuple = [],
  Done extends Tuple = [],
> = S extends readonly [infer D, ...infer Rest]
  ? Replace<Rest, P, New, [...Passed, 0], `${Passed['length']}` extends P ? [...Done, ...New] : [...Done, D]>
  : Done

/** The dim at an axis replaced by the dims New: `[]` drops it, `[1]` keeps it as 1. */
export type Splice<S extends Shape, Axis extends number, New extends Tuple> = Axis extends unknown
  ? number extends S['length'] | Axis
    ? Dynamic
    : Position<S, Axis> extends infer P extends string
      ? P extends `${bigint}`
        ? Shaped<Replace<S, P, New>>
        : P
      : never
  : never

/** The dims of a reduced axis with `keepDims` K. */
export type Kept<K> = boolean extends K ? number[] : K extends true ? [1] : []

/** A reduction over all axes (undefined), over one, or over several. */
export type Reduce<S extends Shape, Axes, K> = Axes extends number
  ? Splice<S, Axes, Kept<K>>
  : Axes extends readonly number[]
    ? number extends S['length'] | Axes['length'] | Axes[number]
      ? Dynamic
      : Positions<S, Axes> extends infer P extends string
        ? [P] extends [`${bigint}`]
          ? Shaped<Replace<S, P, Kept<K>>>
          : P
        : never
    : K extends false
      ? Shaped<[]>
      : number extends S['length'] | Kept<K>['length']
        ? Dynamic
        : Shaped<{ -readonly [D in keyof S]: 1 }>

/** The shape itself where it has the axis. */
export type WithAxis<S extends Shape, Axis extends number> =
  Splice<S, Axis, []> extends infer R ? (R extends string ? R : Shaped<S>) : never

/** One entry for each place along an axis. */
export type Entries<S extends Shape, Axis extends number> = Axis extends unknown
  ? number extends S['length'] | Axis
    ? Shaped<[number]>
    : Position<S, Axis> extends infer P extends string
      ? P extends `${bigint}`
        ? Shaped<[S[P & keyof S] & number]>
        : P
      : never
  : never

/** The shape T itself where it may be that of one entry for each channel. */
export type PerChannel<S extends Shape, Axis extends number, T extends Shape> =
  Entries<S, Axis> extends infer E
    ? E extends Shaped<infer One extends Shape>
      ? MayEqual<T, Readonly<One>> extends true
        ? Shaped<T>
        : `${Show<T>} has not one entry for each channel, axis ${Axis} of ${Show<S>}: the shape is ${Show<One>}`
      : E
    : never

// ---- layout

export type Transpose<S extends Shape> = number extends S['length']
  ? Dynamic
  : S extends readonly [...infer Batch, infer M, infer N]
    ? Shaped<[...Batch, N, M]>
    : `transpose needs 2 dims or more, got shape ${Show<S>}`

export type Permute<S extends Shape, Axes extends Shape> = number extends S['length'] | Axes['length'] | Axes[number]
  ? Dynamic
  : Axes['length'] extends S['length']
    ? Positions<S, Axes> extends infer P
      ? [P] extends [`${bigint}`]
        ? Shaped<{ -readonly [K in keyof Axes]: S[Position<S, Axes[K]> & keyof S] }>
        : P
      : never
    : `permute ${Show<Axes>} does not name every axis of shape ${Show<S>}`

export type SwapAxes<S extends Shape, A extends number, B extends number> = number extends S['length'] | A | B
  ? Dynamic
  : [Position<S, A>, Position<S, B>] extends [infer P extends string, infer Q extends string]
    ? P extends `${bigint}`
      ? Q extends `${bigint}`
        ? Shaped<{ -readonly [K in keyof S]: K extends P ? S[Q & keyof S] : K extends Q ? S[P & keyof S] : S[K] }>
        : Q
      : P
    : never

/** [B, ...rest] -> [B, product of rest]. */
export type Flatten<S extends Shape> = number extends S['length']
  ? Shaped<[number, number]>
  : S extends readonly [infer First, ...infer Rest]
    ? Shaped<[First, Product<Rest>]>
    : 'flatten needs 1 dim or more, got a scalar: use ravel'

export type Ravel<S extends Shape> = Shaped<[number extends S['length'] ? number : Product<S>]>

/** A new axis of size D, counted in the result. */
export type Insert<S extends Shape, Axis extends number, D extends number> = Axis extends unknown
  ? number extends S['length'] | Axis
    ? Dynamic
    : Position<[...S, number], Axis, S> extends infer P extends string
      ? P extends `${bigint}`
        ? Shaped<InsertAt<S, P, D>>
        : P
      : never
  : never
export type InsertAt<S, P extends string, D, Done extends Tuple = []> = `${Done['length']}` extends P
  ? S extends Tuple
    ? [...Done, D, ...S]
    : never
  : S extends readonly [infer Head, ...infer Rest]
    ? InsertAt<Rest, P, D, [...Done, Head]>
    : never

export type Squeeze<S extends Shape, Axis> = Axis extends number
  ? number extends S['length'] | Axis
    ? Dynamic
    : Position<S, Axis> extends infer P extends string
      ? P extends `${bigint}`
        ? MayEqual<S[P & keyof S], 1> extends true
          ? Shaped<Replace<S, P, []>>
          : `cannot squeeze axis ${Axis} of shape ${Show<S>}: its size is not 1`
        : P
      : never
  : Dynamic

/** With `Widths[i]`, a pair [before, after], added to axis i. */
export type Pad<S extends Shape, Widths extends Tuple> = number extends S['length'] | Widths['length']
  ? Dynamic
  : Widths['length'] extends S['length']
    ? Shaped<{ -readonly [K in keyof S]: K extends keyof Widths ? Padded<S[K], Widths[K]> : never }>
    : `pad needs one pair of widths for each dim of ${Show<S>}, got ${Widths['length'] & number}`
type Padded<D extends number, Width> = Width extends readonly [infer Before extends number, infer After extends number]
  ? Add<Add<D, Before>, After>
  : number

// ---- several tensors: Shapes is a tuple of shapes, or an array of one

export type Concat<Shapes extends Tuple, Axis extends number> = number extends Shapes['length']
  ? Splice<Extract<Shapes[number], Shape>, Axis, [number]>
  : Shapes extends readonly [infer A extends Shape, infer B extends Shape, ...infer Rest]
    ? ConcatTwo<A, B, Axis> extends infer C
      ? C extends Tuple
        ? Concat<[C, ...Rest], Axis>
        : C
      : never
    : Shapes extends readonly [infer A extends Shape]
      ? WithAxis<A, Axis>
      : 'concat needs one tensor or more'
type ConcatTwo<A extends Shape, B extends Shape, Axis extends number> = number extends (A | B)['length'] | Axis
  ? number[]
  : Position<A, Axis> extends infer P extends string
    ? P extends `${bigint}`
      ? MayEqual<Replace<A, P, [0]>, Replace<B, P, [0]>> extends true
        ? { -readonly [K in keyof A]: K extends P ? Add<A[K] & number, B[K & keyof B] & number> : A[K] }
        : `cannot concat ${Show<A>} and ${Show<B>} along axis ${Axis}: the other dims differ`
      : P
    : never

export type Stack<Shapes extends Tuple, Axis extends number> =
  Agreed<Shapes> extends infer S ? (S extends Shape ? Insert<S, Axis, Shapes['length']> : S) : never
type Agreed<Shapes extends Tuple> = Shapes extends readonly [
  infer A extends Shape,
  infer B extends Shape,
  ...infer Rest,
]
  ? MayEqual<A, B> extends true
    ? Agreed<[A, ...Rest]>
    : `cannot stack ${Show<A>} and ${Show<B>}: the shapes differ`
  : Shapes[0]

// ---- indexing

/** The axis replaced by all axes of the indices (NumPy's take). */
export type IndexSelect<S extends Shape, Indices extends Shape, Axis extends number> = number extends Indices['length']
  ? Dynamic
  : Splice<S, Axis, Indices>

/** Indices that differ from S along the axis only: the result has their shape (NumPy's take_along_axis). */
export type Gather<S extends Shape, Indices extends Shape, Axis extends number> = number extends
  | (S | Indices)['length']
  | Axis
  ? Shaped<Indices>
  : Position<S, Axis> extends infer P extends `${bigint}`
    ? MayEqual<Replace<S, P, [0]>, Replace<Indices, P, [0]>> extends true
      ? Shaped<Indices>
      : `indices of shape ${Show<Indices>} may differ from shape ${Show<S>} along axis ${Axis} only`
    : Shaped<Indices>

/** The shape of the source where it may be that of the indices. */
export type Source<Indices extends Shape, S extends Shape> =
  MayEqual<Indices, S> extends true
    ? Shaped<S>
    : `source of shape ${Show<S>} needs the shape of the indices, ${Show<Indices>}`

/** A new last axis. */
export type Append<S extends Shape, D extends number> = Shaped<[...S, D]>
/** Several quantiles are along a first axis. */
export type Quantile<R, Q> =
  R extends Shaped<infer S extends Shape> ? (Q extends readonly unknown[] ? Shaped<[Q['length'], ...S]> : R) : R
export type Nonzero<S extends Shape> = Shaped<[number, S['length']]>

// ---- scalars

/** The shape of a loss: a scalar, or unknown. */
export type ScalarLoss<S extends Shape, Caller extends string> = number extends S['length']
  ? Shaped<S>
  : S extends readonly []
    ? Shaped<S>
    : `${Caller} needs a scalar loss, got shape ${Show<S>}: reduce it with .mean() or .sum()`

/** A shape of one element, as far as known. */
export type OneElement<S extends Shape> = number extends S[number]
  ? Shaped<S>
  : S[number] extends 1 | Named
    ? Shaped<S>
    : `item() needs one element, got shape ${Show<S>}: use toArray(), or reduce it with .mean() or .sum()`

// ---- data

/** Nested arrays of unknown depth. */
export type NestedNumbers = number | NestedNumbers[]

/** What `toArray()` gives for a shape: number, number[], number[][], ... */
export type NestedArray<S> = S extends readonly []
  ? number
  : S extends readonly [unknown, ...infer Rest]
    ? NestedArray<Rest>[]
    : NestedNumbers
