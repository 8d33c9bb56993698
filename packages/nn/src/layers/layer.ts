import {
  type AnyTensor,
  type Arg,
  kinds,
  type MayEqual,
  type Out,
  type Shape,
  type Shaped,
  type Show,
  type ShowDim,
  Tensor,
} from '@adjoint/autograd'
import { checker } from '../checker.js'
import { ModuleError } from '../errors.js'
import { Module } from '../module/module.js'
import type { MayMatch } from '../shapes.js'

const takes = { x: kinds.tensor }

/**
 * A module of one tensor whose type knows what it does to a shape: a mismatch is a compile error in words.
 * A subclass declares the rule `out` over the shape `this['in']` (both exist for the compiler only): `Shaped<...>`, or a
 * sentence that says what is wrong; and computes in `run`.
 *
 * @example
 * class Double extends Layer {
 *   declare readonly out: Shaped<this['in']>
 *   protected run(x: Tensor) {
 *     return x.mul(2)
 *   }
 * }
 * new Double().forward(zeros([2, 3]))   // Tensor<[2, 3]>
 */
export abstract class Layer extends Module {
  /** For the compiler only: the shape of what it is given, over which `out` speaks. */
  declare readonly in: unknown
  /** For the compiler only: the shape of what it gives, or what is wrong with what it is given. */
  declare readonly out: unknown

  /** What the layer makes of x. @throws ShapeError for a shape that it cannot take */
  forward<X extends AnyTensor>(x: Arg<X, RuleOf<this, X['shape']>>): Out<RuleOf<this, X['shape']>>
  forward(x: never): unknown {
    if (this.run === undefined) throw unwritten(this)
    if (arguments.length !== 1 || !((x as unknown) instanceof Tensor)) checker(ownName(this), takes)(arguments)
    return this.run(x)
  }

  protected abstract run(x: Tensor): Tensor
}

/** What messages call a layer: on one line. */
export const ownName = (layer: object): string => {
  const text = `${layer}`
  return text.includes('\n') ? layer.constructor.name : text
}

const unwritten = ({ constructor }: object): ModuleError =>
  new ModuleError(
    `${constructor.name}.forward: a layer computes in a method run(x); write one, or a forward(x) of its own.`,
  )

/** What the rule of layer L gives for an input of shape S: Shaped, or a sentence. */
export type RuleOf<L, S> = L & { readonly in: { -readonly [K in keyof S]: S[K] } } extends { readonly out: infer R }
  ? R
  : never

/** What a module gives for an input of shape S: by the rule of a layer, else by the type of its `forward`. */
export type Apply<M, S> = M extends { readonly out: unknown }
  ? RuleOf<M, S>
  : M extends { forward(x: infer X): infer Y }
    ? Y extends { readonly shape: infer Next }
      ? X extends { readonly shape: infer Wanted extends Shape }
        ? MayMatch<S, Wanted> extends true
          ? Shaped<Next>
          : `expects shape ${Show<Wanted>}, got ${S extends Shape ? Show<S> : '?'}`
        : Shaped<Next>
      : 'its forward(x) returns no tensor'
    : 'has no forward(x)'

/** The rule of a layer that turns I features on the last axis into O. */
export type LastAxis<S, I, O> = S extends readonly [...infer Batch, infer K]
  ? MayEqual<K, I> extends true
    ? Shaped<[...Batch, O]>
    : `expects ${ShowDim<I>} features, got ${ShowDim<K>}`
  : S extends readonly []
    ? `expects ${ShowDim<I>} features, got a scalar`
    : Shaped<[...number[], O]>
