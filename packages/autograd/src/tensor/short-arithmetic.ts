// Counting with tuples, for literals of at most three digits: what long addition and multiplication (shape-arithmetic.ts)
// cannot do, such as dividing.

export type Tuple = readonly unknown[]

/** True for literals of at most three digits: the compiler counts no further. */
export type AreShort<N extends number> = number extends N
  ? false
  : (N extends N ? (`${N}` extends `${bigint}` ? IsShort<`${N}`> : false) : never) extends true
    ? true
    : false
/** Whether a numeral has three digits at most. */
export type IsShort<Numeral extends string> = Numeral extends `${string}${string}${string}${infer Rest}`
  ? Rest extends ''
    ? true
    : false
  : true

/** How many steps fit into what is left, and one for the start. */
export type Steps<Left extends Tuple, Stride extends Tuple, Done extends Tuple = [0]> = Stride extends readonly []
  ? number
  : Left extends readonly [...Stride, ...infer Rest]
    ? Steps<Rest, Stride, [...Done, 0]>
    : Done['length']

/** How often a divisor goes into a number: `never` unless it does so exactly, `number` unless both are short literals. */
export type Quotient<N extends number, Divisor extends number> = Divisor extends 1
  ? N
  : AreShort<N | Divisor> extends true
    ? Divided<OfLength<N>, OfLength<Divisor>>
    : number
type Divided<Left extends Tuple, Divisor extends Tuple, Done extends Tuple = []> = Divisor extends readonly []
  ? never
  : Left extends readonly []
    ? Done['length']
    : Left extends readonly [...Divisor, ...infer Rest]
      ? Divided<Rest, Divisor, [...Done, 0]>
      : never

/** A tuple of so many, also of a numeral. */
export type OfLength<N extends number | string> = Grow<`${N}`, []>
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
