import type { MayEqual, Multiply, Shape, Shaped, Show, ShowDim } from '@adjoint/autograd'

// As in autograd: a rule gives Shaped, or a sentence where shapes certainly do not fit.

/** How many directions there are. */
export type Directions<B extends boolean> = boolean extends B ? number : B extends true ? 2 : 1

/** The size of an output, of so much in each direction. */
export type BothWays<H extends number, B extends boolean> = Multiply<H, Directions<B>>

/** Sequences [batch, time, I] or [time, I]. Gives the shape of the output, whose last axis has O. */
export type Sequences<
  Name extends string,
  S extends Shape,
  I extends number,
  O extends number,
> = number extends S['length']
  ? Shaped<[...number[], O]>
  : S extends readonly [...infer Steps, infer K]
    ? Steps['length'] extends 1 | 2
      ? MayEqual<K, I> extends true
        ? Shaped<[...Steps, O]>
        : `${Name}: expects ${ShowDim<I>} features, got ${ShowDim<K>}`
      : `${Name}: use x [batch, time, features] or [time, features], got ${Show<S>}`
    : `${Name}: use x [batch, time, features] or [time, features], got ${Show<S>}`

/** The shape of the states of L layers for sequences of shape S: [layers * directions, batch, H]. */
export type States<S extends Shape, L extends number, B extends boolean, H extends number> = number extends S['length']
  ? Shaped<[number, ...number[], H]>
  : S extends readonly [infer N, unknown, unknown]
    ? Shaped<[Multiply<L, Directions<B>>, N, H]>
    : Shaped<[Multiply<L, Directions<B>>, H]>
