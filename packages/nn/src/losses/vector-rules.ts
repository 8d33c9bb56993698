import type { Shape, Shaped, Show } from '@adjoint/autograd'
import type { MayMatch } from '../shapes.js'
import type { Paired, WithoutAxis } from './shape-rules.js'

// As in shape-rules.ts, of tensors whose last axis, or another, has the features of vectors.

/** Tensors of one shape. */
export type Alike<Name extends string, A extends Shape, B extends Shape> =
  MayMatch<A, B> extends true ? Shaped<A> : `${Name}: shapes ${Show<A>} and ${Show<B>} differ`

/** Vectors along an axis of tensors of one shape. Gives the shape without it. */
export type Vectors<Name extends string, A extends Shape, B extends Shape, X extends number = -1> =
  MayMatch<A, B> extends true
    ? number extends A['length'] | X
      ? Shaped<number[]>
      : A extends readonly []
        ? `${Name}: vectors need an axis of features, got a scalar`
        : WithoutAxis<A, X> extends infer S
          ? [S] extends [never]
            ? `${Name}: shape ${Show<A>} has no axis ${X}`
            : S extends Shape
              ? Shaped<S>
              : never
          : never
    : `${Name}: shapes ${Show<A>} and ${Show<B>} differ`

/** The shape in a rule with a last axis of 1 where dims are kept. */
export type Kept<Rule, K extends boolean> =
  Rule extends Shaped<infer S extends Shape> ? (K extends true ? Shaped<[...S, 1]> : Rule) : Rule

/** Targets for vectors [..., D], one for each. */
export type ForVectors<Name extends string, A extends Shape, T extends Shape> =
  Vectors<Name, A, A> extends Shaped<infer S extends Shape>
    ? MayMatch<S, T> extends true
      ? Shaped<S>
      : `${Name}: vectors ${Show<A>} need targets ${Show<S>}, got ${Show<T>}`
    : Vectors<Name, A, A>

/** Pairs of rows [N, D]. Gives [N]. */
export type PairedRows<Name extends string, A extends Shape, B extends Shape> =
  MayMatch<A, B> extends true
    ? number extends A['length']
      ? Shaped<[number]>
      : A extends readonly [infer N extends number, number]
        ? Shaped<[N]>
        : `${Name}: use shapes [n, features], got ${Show<A>}`
    : `${Name}: shapes ${Show<A>} and ${Show<B>} differ`

/** Predictions and targets of one shape [n, ...], of at least two axes. Gives [n]. */
export type Examples<Name extends string, P extends Shape, T extends Shape> =
  Paired<Name, P, T> extends infer Pair
    ? Pair extends Shaped<Shape>
      ? number extends P['length']
        ? Shaped<[number]>
        : P extends readonly [infer N extends number, number, ...number[]]
          ? Shaped<[N]>
          : `${Name}: predictions ${Show<P>} need a first axis of examples and others`
      : Pair
    : never
