import type { Shape } from '../graph/shape.js'
import type { Show } from './dim.js'
import type { Broadcast, BroadcastTo, MayEqual, Shaped } from './shape-rules.js'
import type { AreShort, IsShort, OfLength, Steps, Tuple } from './short-arithmetic.js'

// What is known of the shape at an index: as in shape-rules.ts a shape, or a sentence that says what is wrong.

type Dynamic = Shaped<number[]>

/** The entries of an index. */
export type Items<I> = I extends Tuple ? I : readonly [I]

/** The shape at an index. */
export type At<S extends Shape, I extends Tuple> = number extends S['length'] | I['length'] ? Dynamic : Divided<S, I, I>

/** The entries before and after `...` by themselves. */
type Divided<S extends Shape, I extends Tuple, All extends Tuple, Before extends Tuple = []> = I extends readonly [
  infer Item,
  ...infer Rest,
]
  ? Item extends '...'
    ? AtGap<S, Before, Rest>
    : Divided<S, Rest, All, [...Before, Item]>
  : Placed<Walk<S, All, S, All>>

type AtGap<S extends Shape, Before extends Tuple, After extends Tuple> =
  Named<After> extends infer Last extends Tuple
    ? S extends readonly [...infer Front extends Shape, ...Last]
      ? S extends readonly [...Front, ...infer Back extends Shape]
        ? Walk<Front, Before, S, [...Before, ...After]> extends infer First
          ? First extends Tuple
            ? Walk<Back, After, S, [...Before, ...After]> extends infer Second
              ? Second extends Tuple
                ? Placed<[...First, 'gap', ...Second]>
                : Placed<Second>
              : never
            : Placed<First>
          : never
        : never
      : TooMany<S, [...Before, ...After]>
    : Dynamic

/** As many as there are axes that these entries are about; no tuple where that is not known. */
type Named<I extends Tuple, Done extends Tuple = []> = I extends readonly [infer Item, ...infer Rest]
  ? Item extends null
    ? Named<Rest, Done>
    : Item extends { readonly shape: infer T extends Shape }
      ? number extends T['length']
        ? 'unknown'
        : T extends readonly [] | readonly [unknown]
          ? Named<Rest, [...Done, unknown]>
          : 'unknown'
      : Named<Rest, [...Done, unknown]>
  : Done

type TooMany<S extends Shape, I extends Tuple> = S extends readonly []
  ? 'a scalar has no axis to index: use item()'
  : `an index for ${Named<I>['length'] & number} axes, and shape ${Show<S>} has ${S['length']}`

/**
 * What becomes of the axes, one after the other: `[D]` is kept, 'index' is dropped, Shaped<T> is replaced by axes that all
 * indices have in common. A sentence where something is wrong, 'unknown' where not even the number of axes is known.
 */
type Walk<
  S extends Shape,
  I extends Tuple,
  Whole extends Shape,
  All extends Tuple,
  Done extends Tuple = [],
> = I extends readonly [infer Item, ...infer Rest]
  ? Item extends null
    ? Walk<S, Rest, Whole, All, [...Done, [1]]>
    : S extends readonly [infer D extends number, ...infer Left extends Shape]
      ? Entry<Item, D, Left> extends infer E
        ? E extends string
          ? E extends 'index'
            ? Walk<Left, Rest, Whole, All, [...Done, E]>
            : E
          : Walk<Left, Rest, Whole, All, [...Done, E]>
        : never
      : TooMany<Whole, All>
  : [...Done, ...Keep<S>]

type Keep<S extends Shape> = { [K in keyof S]: [S[K]] }

type Entry<Item, D extends number, Left extends Shape> = Item extends number
  ? Inside<Item, D>
  : Item extends string
    ? string extends Item
      ? 'unknown'
      : Item extends '...'
        ? "'...' stands twice in the index"
        : Sliced<D, WithoutSpaces<Item>, Item>
    : Item extends { readonly shape: infer T extends Shape }
      ? PickedBy<T, readonly [D, ...Left]>
      : Item extends Tuple
        ? Shaped<readonly [Item['length']]>
        : 'unknown'

/** A tensor may be a mask: its dtype is not known. One for several axes drops them for one. */
type PickedBy<T extends Shape, S extends Shape> = number extends T['length']
  ? 'unknown'
  : T extends readonly []
    ? Shaped<T>
    : T extends readonly [infer N]
      ? MayEqual<N, S[0]> extends true
        ? Shaped<readonly [number]>
        : Shaped<T>
      : MayCover<T, S> extends true
        ? 'unknown'
        : Shaped<T>
type MayCover<T, S> = T extends readonly [infer t, ...infer RestT]
  ? S extends readonly [infer s, ...infer RestS]
    ? MayEqual<t, s> extends true
      ? MayCover<RestT, RestS>
      : false
    : false
  : true

/** An integer in the range of an axis, as far as the compiler counts. */
type Inside<N extends number, D extends number> =
  AreShort<D> extends true
    ? number extends N
      ? 'index'
      : `${N}` extends `-${infer M}`
        ? IsShort<M> extends true
          ? OfLength<D> extends readonly [...OfLength<M>, ...Tuple]
            ? 'index'
            : OutOfRange<N, D>
          : OutOfRange<N, D>
        : `${N}` extends `${bigint}`
          ? IsShort<`${N}`> extends true
            ? OfLength<D> extends readonly [...OfLength<N>, unknown, ...Tuple]
              ? 'index'
              : OutOfRange<N, D>
            : OutOfRange<N, D>
          : `index ${N} is no integer`
    : 'index'
type OutOfRange<N extends number, D extends number> = `index ${N} is out of range for an axis of size ${D}`

// ---- slices

type WithoutSpaces<T extends string> = T extends `${infer A} ${infer B}` ? WithoutSpaces<`${A}${B}`> : T

type Sliced<
  D extends number,
  Text extends string,
  Shown extends string,
> = Text extends `${infer A}:${infer B}:${infer C}`
  ? AreBounds<A | B | C> extends true
    ? C extends '0'
      ? `'${Shown}' has step 0, which goes nowhere`
      : [Stretch<D, A, B, C>]
    : NoSlice<Shown>
  : Text extends `${infer A}:${infer B}`
    ? AreBounds<A | B> extends true
      ? [Stretch<D, A, B, ''>]
      : NoSlice<Shown>
    : NoSlice<Shown>
type Bound = '' | '-0' | `${bigint}`
/** Whether all of a union are bounds, or texts of which the compiler knows a part only. */
type AreBounds<T extends string> = (T extends Bound ? true : IsOpen<T>) extends true ? true : false
type IsOpen<T extends string> = Record<never, never> extends Record<T, unknown> ? true : false
type NoSlice<Text extends string> = `'${Text}' is no slice: write 'start:end', 'start:end:step', or '...'`

/** How many a slice takes. */
type Stretch<D extends number, A extends string, B extends string, C extends string> = [A, B, C] extends [
  '',
  '',
  '' | '1' | '-1',
]
  ? D
  : [AreShort<D>, A | B | C] extends [true, Bound]
    ? C extends '' | '1'
      ? Between<A, B, OfLength<D>>['length']
      : C extends `-${infer Step}`
        ? [A, B] extends ['', '']
          ? Every<OfLength<D>, Step>
          : number
        : Every<Between<A, B, OfLength<D>>, C>
    : number

type Between<A extends string, B extends string, D extends Tuple> =
  Clipped<B, D, D> extends readonly [...Clipped<A, D, []>, ...infer Left] ? Left : []

type Clipped<Part extends string, D extends Tuple, Default extends Tuple> = Part extends ''
  ? Default
  : Part extends '-0'
    ? []
    : Part extends `-${infer N}`
      ? IsShort<N> extends true
        ? D extends readonly [...OfLength<N>, ...infer Left]
          ? Left
          : []
        : []
      : IsShort<Part> extends true
        ? D extends readonly [...OfLength<Part>, ...Tuple]
          ? OfLength<Part>
          : D
        : D

type Every<Taken extends Tuple, Step extends string> = Taken extends readonly [unknown, ...infer Rest]
  ? IsShort<Step> extends true
    ? Steps<Rest, OfLength<Step>>
    : 1
  : 0

// ---- where the axes of indices stand

/** The shape that entries come to; a sentence and what is unknown are handed on. */
type Placed<Entries> = Entries extends Tuple
  ? Extract<Entries[number], Shaped<unknown>> extends never
    ? Shaped<Kept<Entries>>
    : Common<Entries> extends infer C
      ? C extends Shaped<infer T extends Shape>
        ? Assembled<Entries, T>
        : C
      : never
  : Entries extends 'unknown'
    ? Dynamic
    : Entries

type Kept<Entries extends Tuple, Done extends Tuple = []> = Entries extends readonly [infer E, ...infer Rest]
  ? Kept<Rest, E extends Tuple ? [...Done, ...E] : Done>
  : Done

/** What the shapes of all indices broadcast to. */
type Common<Entries extends Tuple, Found extends Shape = []> = Entries extends readonly [infer E, ...infer Rest]
  ? E extends Shaped<infer T extends Shape>
    ? Broadcast<Found, T> extends infer B
      ? B extends Shaped<infer Next extends Shape>
        ? number extends Next['length']
          ? Dynamic
          : Common<Rest, Next>
        : B
      : never
    : Common<Rest, Found>
  : Shaped<Found>

/** NumPy's rule: where the first index stood if all of them, integers too, stand side by side, and else in front. */
type Assembled<
  Entries extends Tuple,
  C extends Shape,
  Place extends 'before' | 'among' | 'behind' | 'apart' = 'before',
  Before extends Tuple = [],
  Rest extends Tuple = [],
> = number extends C['length']
  ? Dynamic
  : Entries extends readonly [infer E, ...infer Others]
    ? E extends 'gap'
      ? Assembled<Others, C, Place extends 'among' ? 'behind' : Place, Before, Rest>
      : E extends Tuple
        ? Place extends 'before'
          ? Assembled<Others, C, Place, [...Before, ...E], Rest>
          : Assembled<Others, C, Place extends 'among' ? 'behind' : Place, Before, [...Rest, ...E]>
        : Assembled<
            Others,
            C,
            Place extends 'before' ? 'among' : Place extends 'behind' ? 'apart' : Place,
            Before,
            Rest
          >
    : Place extends 'apart'
      ? Shaped<[...C, ...Before, ...Rest]>
      : Shaped<[...Before, ...C, ...Rest]>

// ---- what is written

/** Whether a value stretches to what stands at an index. */
export type WrittenAt<V, S extends Shape, I> = V extends { readonly shape: infer T extends Shape }
  ? At<S, Items<I>> extends infer R
    ? R extends Shaped<infer Found extends Shape>
      ? Stretched<T, Found>
      : Dynamic
    : never
  : Dynamic

/** Whether a value stretches to a shape. */
export type Stretched<T extends Shape, S extends Shape, What extends string = 'value'> =
  BroadcastTo<T, S> extends string ? `a ${What} of shape ${Show<T>} does not broadcast to ${Show<S>}` : Shaped<S>
/** The same of a number, which does. */
export type StretchedOperand<V, S extends Shape> = V extends { readonly shape: infer T extends Shape }
  ? Stretched<T, S>
  : Shaped<S>

/** Whether a source has the shape of what indices pick. */
export type Picked<R, B extends Shape> =
  R extends Shaped<infer S extends Shape>
    ? MayEqual<S, B> extends true
      ? R
      : `source of shape ${Show<B>} needs the shape of what the indices pick, ${Show<S>}`
    : R
