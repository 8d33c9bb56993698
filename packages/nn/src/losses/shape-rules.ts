import type { AnyTensor, Shape, Shaped, Show, Tensor, Writable } from '@adjoint/autograd'
import type { MayMatch } from '../shapes.js'
import type { Reduction } from './reduction.js'

// As in autograd: a rule gives Shaped, or a sentence where shapes certainly do not fit.

/** Predictions and targets of one shape. */
export type Paired<Name extends string, P extends Shape, T extends Shape> =
  MayMatch<P, T> extends true ? Shaped<P> : `${Name}: predictions ${Show<P>} and targets ${Show<T>} need one shape`

/** Targets for logits [..., C]: labels [...], or probabilities of the same shape. Gives the shape of the losses. */
export type Classified<Name extends string, L extends Shape, T extends Shape> = number extends L['length']
  ? Shaped<number[]>
  : L extends readonly [...infer Batch extends Shape, unknown]
    ? MayMatch<Batch, T> extends true
      ? Shaped<Batch>
      : MayMatch<L, T> extends true
        ? Shaped<Batch>
        : `${Name}: logits ${Show<L>} need targets ${Show<Batch>}, got ${Show<T>}`
    : `${Name}: logits need a last axis of classes, got a scalar`

/** Labels [...] for logits [..., C]. */
export type Labelled<Name extends string, L extends Shape, T extends Shape> = number extends L['length']
  ? Shaped<number[]>
  : L extends readonly [...infer Batch extends Shape, unknown]
    ? MayMatch<Batch, T> extends true
      ? Shaped<Batch>
      : `${Name}: logits ${Show<L>} need labels ${Show<Batch>}, got ${Show<T>}`
    : `${Name}: logits need a last axis of classes, got a scalar`

/** What a loss with this reduction returns, where one loss an element would have the shape in `Rule`. */
export type Reduced<Rule, R extends Reduction> =
  Rule extends Shaped<infer S extends Shape> ? (R extends 'none' ? Tensor<Writable<S>> : Tensor<[]>) : AnyTensor
