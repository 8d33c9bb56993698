import type { Shape } from '../graph/shape.js'
import type { Show, ShowDim } from './dim.js'
import type { Multiply } from './shape-arithmetic.js'
import type { Broadcast, MayEqual, Reduce, Shaped, Zip } from './shape-rules.js'

// Shape rules of products: as in shape-rules.ts, a shape or a sentence that says what is wrong.

type Dynamic = Shaped<number[]>
type Tuple = readonly unknown[]

// ---- einsum: letters with a size each, an object type

/** Where '...' stands, or what is not literal, only the run knows. */
export type Einsum<Text extends string, Shapes extends Tuple> = string extends Text
  ? Dynamic
  : Text extends `${string}.${string}`
    ? Dynamic
    : number extends Shapes['length']
      ? Dynamic
      : Squeezed<Text> extends infer T extends string
        ? T extends `${infer Left}->${infer Right}`
          ? Result<Text, Operands<Text, Left, Shapes>, Right>
          : Result<Text, Operands<Text, T, Shapes>, Once<T>>
        : never

type Squeezed<Text extends string> = Text extends `${infer Head} ${infer Rest}` ? Squeezed<`${Head}${Rest}`> : Text

/** The sizes of all letters, or a sentence. */
type Operands<
  Text extends string,
  Left extends string,
  Shapes extends Tuple,
  Known = unknown,
> = Shapes extends readonly [infer S extends Shape, ...infer More]
  ? Left extends `${infer Term},${infer Rest}`
    ? Operand<Text, Term, S, S, Known> extends infer K
      ? K extends string
        ? K
        : Operands<Text, Rest, More, K>
      : never
    : More extends readonly []
      ? Operand<Text, Left, S, S, Known>
      : `einsum '${Text}' names too few operands`
  : `einsum '${Text}' names more operands than are given`

type Operand<
  Text extends string,
  Term extends string,
  Dims,
  Whole extends Shape,
  Known,
> = Term extends `${infer Letter}${infer Rest}`
  ? number extends Whole['length']
    ? Operand<Text, Rest, Dims, Whole, Meet<Known, Letter, number>>
    : Dims extends readonly [infer D, ...infer More]
      ? Meets<Known, Letter, D> extends true
        ? Operand<Text, Rest, More, Whole, Meet<Known, Letter, D>>
        : `einsum '${Text}': ${Letter} is ${ShowDim<Known[Letter & keyof Known]>} and ${ShowDim<D>}`
      : `einsum '${Text}' names more axes than shape ${Show<Whole>} has`
  : number extends Whole['length']
    ? Known
    : Dims extends readonly []
      ? Known
      : `einsum '${Text}' names fewer axes than shape ${Show<Whole>} has`

/** Whether a letter may have this size: the one that it has, unless either is 1. */
type Meets<Known, Letter extends string, D> = Letter extends keyof Known
  ? MayEqual<Known[Letter], D> extends true
    ? true
    : MayEqual<Known[Letter], 1> extends true
      ? true
      : MayEqual<D, 1>
  : true
type Meet<Known, Letter extends string, D> = Letter extends keyof Known
  ? Omit<Known, Letter> & { readonly [L in Letter]: Larger<Known[Letter], D> }
  : Known & { readonly [L in Letter]: D }
type Larger<A, B> = A extends 1 ? B : B extends 1 ? A : number extends A ? B : A

type Result<Text extends string, Known, Right extends string, Done extends Tuple = []> = Known extends string
  ? Known
  : Right extends `${infer Letter}${infer Rest}`
    ? Letter extends keyof Known
      ? Result<Text, Known, Rest, [...Done, Known[Letter]]>
      : `einsum '${Text}': ${Letter} of the result is an axis of no operand`
    : Shaped<Done>

/** The letters that stand in a text once, in their order. */
type Once<
  Text extends string,
  Alphabet extends string = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  Done extends string = '',
> = Alphabet extends `${infer Letter}${infer Rest}`
  ? Once<
      Text,
      Rest,
      Text extends `${string}${Letter}${infer After}`
        ? After extends `${string}${Letter}${string}`
          ? Done
          : `${Done}${Letter}`
        : Done
    >
  : Done

// ---- axes that meet

/** Axes that meet: how many of the last of A and the first of B, or lists of both. */
export type TensorDot<A extends Shape, B extends Shape, Axes> = number extends (A | B)['length']
  ? Dynamic
  : Axes extends number
    ? Met<A, B, Axes, A, B>
    : Axes extends readonly [infer X extends number | readonly number[], infer Y extends number | readonly number[]]
      ? Joined<Reduce<A, X, false>, Reduce<B, Y, false>>
      : Dynamic

type Joined<A, B> =
  A extends Shaped<infer S extends Shape>
    ? B extends Shaped<infer T extends Shape>
      ? number extends (S | T)['length']
        ? Dynamic
        : Shaped<[...S, ...T]>
      : B
    : A

type Met<
  A extends Shape,
  B extends Shape,
  Count extends number,
  Left,
  Right,
  Last extends Tuple = [],
  First extends Tuple = [],
> = number extends Count
  ? Dynamic
  : Last['length'] extends Count
    ? MayEqual<Last, First> extends true
      ? Left extends Tuple
        ? Right extends Tuple
          ? Shaped<[...Left, ...Right]>
          : never
        : never
      : `tensordot: the last ${Count} dims of ${Show<A>} and the first of ${Show<B>} differ`
    : Left extends readonly [...infer RestA, infer a]
      ? Right extends readonly [infer b, ...infer RestB]
        ? Met<A, B, Count, RestA, RestB, [a, ...Last], [...First, b]>
        : `tensordot: ${Show<B>} has no ${Count} dims`
      : `tensordot: ${Show<A>} has no ${Count} dims`

export type Outer<A extends Shape, B extends Shape> = number extends (A | B)['length']
  ? Shaped<[number, number]>
  : [...A, 0, ...B] extends readonly [infer M, 0, infer N]
    ? Shaped<[M, N]>
    : `outer needs two vectors, got shapes ${Show<A>} and ${Show<B>}: ravel() makes one`

/** The last axes meet. */
export type Inner<A extends Shape, B extends Shape> = number extends (A | B)['length']
  ? Dynamic
  : A extends readonly [...infer RestA, infer K]
    ? B extends readonly [...infer RestB, infer K2]
      ? MayEqual<K, K2> extends true
        ? Shaped<[...RestA, ...RestB]>
        : `inner: the last dims of ${Show<A>} and ${Show<B>} differ`
      : Shaped<A>
    : Shaped<B>

/** The last axis of A meets the second to last of B, or its only one. */
export type Dot<A extends Shape, B extends Shape> = number extends (A | B)['length']
  ? Dynamic
  : A extends readonly [...infer RestA, infer K]
    ? B extends readonly [infer K2]
      ? Dotted<A, B, K, K2, RestA>
      : B extends readonly [...infer RestB, infer K2, infer N]
        ? Dotted<A, B, K, K2, [...RestA, ...RestB, N]>
        : Shaped<A>
    : Shaped<B>
type Dotted<A extends Shape, B extends Shape, K, K2, Result extends Tuple> =
  MayEqual<K, K2> extends true
    ? Shaped<Result>
    : `dot ${Show<A>} x ${Show<B>}: dims ${ShowDim<K>} and ${ShowDim<K2>} differ`

/** Along the last axis the others broadcast; along another they do if there are as many. */
export type Cross<A extends Shape, B extends Shape, Axis> = Axis extends -1
  ? Broadcast<A, B>
  : A['length'] extends B['length']
    ? Broadcast<A, B>
    : Dynamic

/** Dims multiplied, aligned at the last. */
export type Kron<A extends Shape, B extends Shape> = number extends (A | B)['length']
  ? Dynamic
  : Shaped<Multiplied<A, B>>
type Multiplied<A, B, Done extends Tuple = []> = A extends readonly [...infer RestA, infer a extends number]
  ? B extends readonly [...infer RestB, infer b extends number]
    ? Multiplied<RestA, RestB, [Multiply<a, b>, ...Done]>
    : A extends Tuple
      ? [...A, ...Done]
      : never
  : B extends Tuple
    ? [...B, ...Done]
    : never

// ---- diagonals

type Axes = readonly [number, number]

/** The sum over a diagonal. */
export type Trace<S extends Shape, A extends Axes> = Reduce<S, A, false>

/** A diagonal as the last axis: of a square matrix, where nothing else is said, of its size. */
export type Diagonal<S extends Shape, Offset extends number, A extends Axes> =
  Reduce<S, A, false> extends infer R
    ? R extends Shaped<infer Rest extends Shape>
      ? number extends Rest['length']
        ? Dynamic
        : Shaped<[...Rest, A extends readonly [0, 1] ? Side<S[0], S[1], Offset> : number]>
      : R
    : never
type Side<M, N, Offset> = Offset extends 0 ? (readonly [M, N] extends readonly [N, M] ? M : number) : number

export type Diag<S extends Shape, Offset extends number> = number extends S['length']
  ? Dynamic
  : S extends readonly [infer N]
    ? Shaped<Offset extends 0 ? [N, N] : [number, number]>
    : S extends readonly [infer M, infer N]
      ? Shaped<[Side<M, N, Offset>]>
      : `diag needs a vector or a matrix, got shape ${Show<S>}: diagonal() takes two axes of more`

/** The shape itself where it has rows and columns. */
export type Matrices<Op extends string, S extends Shape> = number extends S['length']
  ? Shaped<S>
  : S extends readonly [unknown, unknown, ...unknown[]]
    ? Shaped<S>
    : `${Op} needs 2 dims or more, got shape ${Show<S>}`

// ---- distances: [..., m, d] and [..., n, d]

export type Distances<A extends Shape, B extends Shape> = number extends (A | B)['length']
  ? Dynamic
  : [A, B] extends [
        readonly [...infer BatchA extends Shape, infer M, infer D],
        readonly [...infer BatchB extends Shape, infer N, infer D2],
      ]
    ? MayEqual<D, D2> extends true
      ? Zip<BatchA, BatchB, BatchA, BatchB> extends infer Batch
        ? Batch extends Tuple
          ? Shaped<[...Batch, M, N]>
          : Batch
        : never
      : `cdist: rows of ${Show<A>} and ${Show<B>} have sizes ${ShowDim<D>} and ${ShowDim<D2>}`
    : `cdist needs 2 dims or more, got shapes ${Show<A>} and ${Show<B>}`
