import type { Num, Scalar } from './num.js'

/** What scalar functions take and give: a Num, or arrays and plain objects of such. */
export type NumTree = Num | readonly NumTree[] | { readonly [key: string]: NumTree } | null | undefined

/**
 * The argument of a function that does not say what it takes: `(x) => x.sin()` and `([x, y]) => x.mul(y)` are both meant. Its first
 * eight elements may be taken apart; say `Num[]` for a longer one.
 */
export type Unsaid = Num & readonly Num[] & { readonly [I in 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7]: Num }

type TypedArray = Float64Array | Float32Array | Int32Array | Uint8Array
type AnyNumbers = Scalar | TypedArray | readonly AnyNumbers[] | { readonly [key: string]: AnyNumbers }

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

/** The derivative by an argument: numbers in its places, and Nums in those of Nums. */
export type Derivative<A> = A extends number
  ? number
  : A extends Num
    ? Num
    : A extends TypedArray
      ? Float64Array
      : A extends object
        ? { -readonly [K in keyof A]: Derivative<A[K]> }
        : A

/** Whether a Num is among what is given: then an outer differentiation follows what comes back. */
export type ValueOf<A> = HasNum<A> extends true ? Num : number
type HasNum<A> = A extends Num
  ? true
  : A extends number | TypedArray
    ? false
    : A extends object
      ? true extends { readonly [K in keyof A]: HasNum<A[K]> }[keyof A &
          (A extends readonly unknown[] ? number : keyof A)]
        ? true
        : false
      : false

/** What a scalar function gives, as numbers (or Nums, for an argument with Nums). */
export type ResultOf<T, A> = T extends Num
  ? ValueOf<A>
  : T extends object
    ? { -readonly [K in keyof T]: ResultOf<T[K], A> }
    : T
