import type { AnyTensor, Shape, Shaped, Show, ShowDim, Tensor, Writable } from '@adjoint/autograd'
import type { MayMatch } from '../shapes.js'
import type { Reduction } from './reduction.js'

// As in autograd: a rule gives Shaped, or a sentence where shapes certainly do not fit.

/** Predictions and targets of one shape. */
export type Paired<Name extends string, P extends Shape, T extends Shape> =
  MayMatch<P, T> extends true ? Shaped<P> : `${Name}: predictions ${Show<P>} and targets ${Show<T>} need one shape`

/**
 * Targets for predictions [..., C]: labels [...], or probabilities of the same shape. Gives the shape of the losses. `A` is
 * the axis of the classes.
 */
export type Classified<Name extends string, L extends Shape, T extends Shape, A extends number = -1> =
  Unclassed<Name, L, A, 'logits'> extends infer Batch
    ? Batch extends Shape
      ? MayMatch<Batch, T> extends true
        ? Shaped<Batch>
        : MayMatch<L, T> extends true
          ? Shaped<Batch>
          : `${Name}: logits ${Show<L>} need targets ${Show<Batch>}, got ${Show<T>}`
      : Batch
    : never

/** Labels [...] for predictions [..., C], which messages call `What`. `A` is the axis of the classes. */
export type Labelled<
  Name extends string,
  L extends Shape,
  T extends Shape,
  A extends number = -1,
  What extends string = 'logits',
> =
  Unclassed<Name, L, A, What> extends infer Batch
    ? Batch extends Shape
      ? MayMatch<Batch, T> extends true
        ? Shaped<Batch>
        : `${Name}: ${What} ${Show<L>} need labels ${Show<Batch>}, got ${Show<T>}`
      : Batch
    : never

/** Predictions [..., C], which messages call `What`, and targets of that shape. Gives the shape of the losses, [...]. */
export type ClassPaired<Name extends string, P extends Shape, T extends Shape, What extends string = 'logits'> =
  Paired<Name, P, T> extends infer Wrong extends string
    ? Wrong
    : Unclassed<Name, P, -1, What> extends infer Batch
      ? Batch extends Shape
        ? Shaped<Batch>
        : Batch
      : never

/** A shape without the axis of its classes. */
type Unclassed<Name extends string, L extends Shape, A extends number, What extends string> = number extends
  | L['length']
  | A
  ? number[]
  : L extends readonly []
    ? `${Name}: ${What} need a last axis of classes, got a scalar`
    : WithoutAxis<L, A> extends infer Batch
      ? [Batch] extends [never]
        ? `${Name}: ${What} ${Show<L>} have no axis ${A}`
        : Batch
      : never

/** A shape without an axis, or never where it has none such. */
export type WithoutAxis<L extends Shape, A extends number> = `${A}` extends `-${infer N extends number}`
  ? WithoutLast<L, N>
  : WithoutFirst<L, A>

type WithoutFirst<L, A extends number, Before extends unknown[] = []> = L extends readonly [infer D, ...infer Rest]
  ? Before['length'] extends A
    ? [...Before, ...Rest]
    : WithoutFirst<Rest, A, [...Before, D]>
  : never
type WithoutLast<L, N extends number, After extends unknown[] = []> = L extends readonly [...infer Rest, infer D]
  ? [D, ...After]['length'] extends N
    ? [...Rest, ...After]
    : WithoutLast<Rest, N, [D, ...After]>
  : never

/** What a loss with this reduction returns, where one loss an element would have the shape in `Rule`. */
export type Reduced<Rule, R extends Reduction> =
  Rule extends Shaped<infer S extends Shape> ? (R extends 'none' ? Tensor<Writable<S>> : Tensor<[]>) : AnyTensor

/** Targets [N, S] for log-probabilities [T, N, C]. Gives the shape of the losses, [N]. */
export type Sequenced<L extends Shape, T extends Shape> = number extends L['length'] | T['length']
  ? Shaped<number[]>
  : L['length'] extends 3
    ? L extends readonly [unknown, ...infer Batch extends Shape, unknown]
      ? MayMatch<T, readonly [...Batch, number]> extends true
        ? Shaped<Batch>
        : `ctc: logProbabilities ${Show<L>} need targets [${ShowDim<Batch[0]>}, labels], got ${Show<T>}`
      : Shaped<number[]>
    : `ctc: logProbabilities are [steps, examples, classes], got ${Show<L>}`
