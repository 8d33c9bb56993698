import type { Num, Scalar } from './num.js'

/** What scalar functions take and give: a Num, or arrays and plain objects of such. */
export type NumTree = Num | readonly NumTree[] | { readonly [key: string]: NumTree } | null | undefined

/**
 * The argument of a function that does not say what it takes: `(x) => x.sin()` and `([x, y]) => x.mul(y)` are both meant. Its first
 * eight elements may be taken apart; say `Num[]` for a longer one.
 */
export type Unsaid = Num & readonly Num[] & { readonly [I in 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7]: Num }

export type TypedArray = Float64Array | Float32Array | Int32Array | Uint8Array
type AnyNumbers =
  | Scalar
  | TypedArray
  | null
  | undefined
  | readonly AnyNumbers[]
  | { readonly [key: string]: AnyNumbers }

/** What stands for the argument P of a scalar function from outside: numbers, or Nums that an outer differentiation follows. */
export type NumbersOf<P> = [Unsaid] extends [P] ? ([P] extends [Unsaid] ? AnyNumbers : Placed<P>) : Placed<P>
type Placed<P> = P extends Num
  ? Scalar
  : P extends readonly Num[]
    ? { readonly [K in keyof P]: Placed<P[K]> } | (number extends P['length'] ? TypedArray : never)
    : { readonly [K in keyof P]: Placed<P[K]> }

/** What stands for several arguments. */
export type ArgumentsOf<Args extends unknown[]> = readonly unknown[] & {
  readonly [I in keyof Args]: NumbersOf<Args[I]>
}

/** The derivative by an argument, in its form: numbers, or Nums if one of what is given is a Num, which an outer differentiation follows. */
export type Derivative<A, Given = A> = Filled<A, ValueOf<Given>>
type Filled<A, Value> =
  IsAny<A> extends true
    ? A
    : A extends Scalar
      ? Value
      : A extends TypedArray
        ? Value extends number
          ? Float64Array
          : Value[]
        : A extends object
          ? { -readonly [K in keyof A]: Filled<A[K], Value> }
          : A

/** A number, or a Num if one of what is given is a Num. */
export type ValueOf<Given> = HasNum<Given> extends true ? Num : number
type IsAny<A> = 0 extends 1 & A ? true : false
type HasNum<A> =
  IsAny<A> extends true
    ? false
    : A extends Num
      ? true
      : A extends number | TypedArray
        ? false
        : A extends readonly (infer E)[]
          ? HasNumAny<E>
          : A extends object
            ? HasNumAny<A[keyof A]>
            : false
type HasNumAny<E> = true extends (E extends unknown ? HasNum<E> : never) ? true : false

/** What a scalar function gives, with numbers in the places of its Nums, or Nums if one of what is given is a Num. */
export type ResultOf<T, Given> = Filled<T, ValueOf<Given>>

/** A function of Nums as one of numbers; one of numbers as it is. */
export type Compilable<F> = F extends (...args: infer Args) => infer T
  ? TakesNumbers<Args[number]> extends true
    ? F
    : <const A extends ArgumentsOf<Args>>(...args: A) => ResultOf<T, A>
  : never
type TakesNumbers<P> = number extends P
  ? true
  : Float64Array extends P
    ? true
    : P extends Num
      ? false
      : P extends readonly (infer Item)[]
        ? TakesNumbers<Item>
        : P extends object
          ? TakesNumbers<P[keyof P]>
          : false
