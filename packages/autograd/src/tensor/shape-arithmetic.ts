import type { Named } from './dim.js'

// Long addition and multiplication on decimal digits, as taught at school: exact where counting tuple elements would
// exceed the compiler's limit of 10,000. A digit is a tuple of that length; numerals are reversed strings.

/** The sum, or `number` unless both are literal sizes. */
export type Add<A extends number, B extends number> = B extends 0
  ? A
  : A extends 0
    ? B
    : AreSizes<A | B> extends true
      ? Numeral<AddDigits<Reverse<`${A}`>, Reverse<`${B}`>>>
      : number

/** The product, or `number` unless both are literal sizes. */
export type Multiply<A extends number, B extends number> = B extends 1
  ? A
  : A extends 1
    ? B
    : AreSizes<A | B> extends true
      ? Numeral<MultiplyDigits<Reverse<`${A}`>, Reverse<`${B}`>>>
      : number

/** The product of all dims. */
export type Product<S extends Tuple, Done extends number = 1> = S extends readonly [
  infer D extends number,
  ...infer Rest,
]
  ? Product<Rest, Multiply<Done, D>>
  : S extends readonly []
    ? Done
    : number

type Tuple = readonly unknown[]

/** False if one of the union is no literal natural number. */
type AreSizes<N extends number> = number extends N
  ? false
  : [Extract<N, Named>] extends [never]
    ? `${N}` extends `${bigint}`
      ? [Extract<`${N}`, `-${string}`>] extends [never]
        ? true
        : false
      : false
    : false

// biome-ignore format: a table
type Digits = [
  [], [0], [0, 0], [0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0],
]
type Digit<C> = C extends `${infer D extends keyof Digits & number}` ? Digits[D] : never
type Length<T extends Tuple> = T['length'] extends infer N extends number ? `${N}` : never
type Reverse<S extends string, Done extends string = ''> = S extends `${infer Head}${infer Tail}`
  ? Reverse<Tail, `${Head}${Done}`>
  : Done
type TrimZeros<S extends string> = S extends `0${infer Rest}` ? (Rest extends '' ? S : TrimZeros<Rest>) : S
type Numeral<Reversed extends string> = TrimZeros<Reverse<Reversed>> extends `${infer N extends number}` ? N : number

/** The last digit of a number below 100 and the carry: `[0 x 73]` gives `['3', [0 x 7]]`. */
type Carry<T extends Tuple> =
  Length<T> extends `${infer First}${infer Second}` ? (Second extends '' ? [First, []] : [Second, Digit<First>]) : never

type AddDigits<
  A extends string,
  B extends string,
  C extends Tuple = [],
  Done extends string = '',
> = A extends `${infer a}${infer RestA}`
  ? B extends `${infer b}${infer RestB}`
    ? Carry<[...Digit<a>, ...Digit<b>, ...C]> extends [infer Last extends string, infer Next extends Tuple]
      ? AddDigits<RestA, RestB, Next, `${Done}${Last}`>
      : never
    : C extends []
      ? `${Done}${A}`
      : AddDigits<A, '0', C, Done>
  : B extends ''
    ? C extends []
      ? Done
      : `${Done}1`
    : AddDigits<B, '', C, Done>

type Repeat<A extends Tuple, Times extends Tuple, Done extends Tuple = []> = Times extends readonly [
  unknown,
  ...infer Rest,
]
  ? Repeat<A, Rest, [...Done, ...A]>
  : Done

type MultiplyDigit<
  A extends string,
  B extends Tuple,
  C extends Tuple = [],
  Done extends string = '',
> = A extends `${infer a}${infer Rest}`
  ? Carry<[...Repeat<Digit<a>, B>, ...C]> extends [infer Last extends string, infer Next extends Tuple]
    ? MultiplyDigit<Rest, B, Next, `${Done}${Last}`>
    : never
  : C extends []
    ? Done
    : `${Done}${Length<C>}`

type MultiplyDigits<
  A extends string,
  B extends string,
  Zeros extends string = '',
  Done extends string = '',
> = B extends `${infer b}${infer Rest}`
  ? MultiplyDigits<A, Rest, `${Zeros}0`, AddDigits<Done, `${Zeros}${MultiplyDigit<A, Digit<b>>}`>>
  : Done
