import type { FlattenShape, MayEqual, Shape, Shaped, Show, ShowDim } from '@adjoint/autograd'

// Axes of shapes as types: what stands before and behind one, negative ones counted from the end.

type Tuple = readonly unknown[]

/** The first N of S; `never` if there are fewer. */
type First<S extends Tuple, N extends number, Got extends Tuple = []> = Got['length'] extends N
  ? Got
  : S extends readonly [infer Head, ...infer Rest]
    ? First<Rest, N, [...Got, Head]>
    : never

/** S without the last N; `never` if there are fewer. */
type WithoutLast<S extends Tuple, N extends number, Gone extends Tuple = []> = Gone['length'] extends N
  ? S
  : S extends readonly [...infer Rest, unknown]
    ? WithoutLast<Rest, N, [...Gone, 0]>
    : never

/** S without its start. */
type Without<S extends Tuple, Start extends Tuple> = Start extends readonly [unknown, ...infer Others]
  ? S extends readonly [unknown, ...infer Rest]
    ? Without<Rest, Others>
    : never
  : S

/** What stands before an axis; `never` if S has no such axis. */
type Before<S extends Tuple, A extends number> = `${A}` extends `-${infer N extends number}`
  ? WithoutLast<S, N>
  : First<S, A>

/** From an axis on. */
type From<S extends Tuple, A extends number> = [Before<S, A>] extends [never] ? never : Without<S, Before<S, A>>
type Behind<S extends Tuple, A extends number> = From<S, A> extends readonly [unknown, ...infer Rest] ? Rest : never

type ShapeOf<S> = S extends Shape ? S : never
type NoAxis<S extends Tuple, A extends number> = `shape ${Show<ShapeOf<S>>} has no axis ${A}`
type IsUnknown<S extends Tuple, A> = number extends S['length'] | A ? true : false

/** The dim at an axis replaced by the dims New. */
export type Spliced<S extends Tuple, A extends number, New extends Tuple> =
  IsUnknown<S, A> extends true
    ? Shaped<number[]>
    : From<S, A> extends readonly [unknown, ...infer Rest]
      ? Shaped<[...Before<S, A>, ...New, ...Rest]>
      : NoAxis<S, A>

/** The product of dims. */
type ProductOf<S extends Tuple> = S extends Shape
  ? FlattenShape<[0, ...S]> extends Shaped<infer R>
    ? R extends readonly [unknown, infer P]
      ? P
      : number
    : number
  : number

/** The axes from A to B as one. */
export type Merged<S extends Tuple, A extends number, B extends number> =
  IsUnknown<S, A | B> extends true
    ? Shaped<number[]>
    : From<S, A> extends readonly [unknown, ...unknown[]]
      ? From<S, B> extends readonly [unknown, ...unknown[]]
        ? From<S, A> extends readonly [...infer Middle, ...Behind<S, B>]
          ? Middle extends readonly [unknown, ...unknown[]]
            ? Shaped<[...Before<S, A>, ProductOf<Middle>, ...Behind<S, B>]>
            : `axis ${A} is behind axis ${B} in shape ${Show<ShapeOf<S>>}`
          : `axis ${A} is behind axis ${B} in shape ${Show<ShapeOf<S>>}`
        : NoAxis<S, B>
      : NoAxis<S, A>

/** One of the sizes may be -1, for whatever is left. */
type Sized<New extends Tuple> = { -readonly [K in keyof New]: New[K] extends -1 ? number : New[K] }

/** The dim at axis A as several. */
export type Divided<S extends Tuple, A extends number, New extends Tuple> =
  IsUnknown<S, A> extends true
    ? Shaped<number[]>
    : number extends New['length']
      ? Shaped<number[]>
      : From<S, A> extends readonly [infer D, ...unknown[]]
        ? MayEqual<D, ProductOf<Sized<New>>> extends true
          ? Spliced<S, A, Sized<New>>
          : `axis ${A} of size ${ShowDim<D>} is not to be divided into ${Show<ShapeOf<New>>}`
        : NoAxis<S, A>
