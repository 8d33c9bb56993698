import type { Shape } from '../graph/shape.js'

declare const dimName: unique symbol

/** A dimension whose size is known at run time only, and whose name the compiler keeps apart: `dim('batch', 32)`. */
export type Dim<Name extends string> = number & { readonly [dimName]: Name }

/** What every `Dim` is a subtype of. */
export interface Named {
  readonly [dimName]: string
}

/** A dimension in a message: its name, its size, or `?`. */
export type ShowDim<D> = D extends { readonly [dimName]: infer Name extends string }
  ? Name
  : number extends D
    ? '?'
    : `${D & number}`

/** A shape in a message: `[batch, 3, ?]`, or `[...]` where not even the rank is known. */
export type Show<S extends Shape> = number extends S['length'] ? '[...]' : `[${Join<S>}]`

type Join<S> = S extends readonly [infer D, ...infer Rest]
  ? Rest extends readonly []
    ? ShowDim<D>
    : `${ShowDim<D>}, ${Join<Rest>}`
  : ''
