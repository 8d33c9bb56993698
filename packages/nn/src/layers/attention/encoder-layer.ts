import { type AnyTensor, type Arg, kinds, type Out, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import type { Continued, WithCache } from './attended.js'
import { cacheKind, type KeyValueCache } from './cache.js'
import type { MaskOptions } from './masks.js'
import type { Timed } from './timed.js'
import {
  feedForward,
  TransformerLayer,
  type TransformerLayerOptions,
  takesLayer,
  withResidual,
} from './transformer-layer.js'

/** How a `TransformerEncoderLayer` attends. */
export interface EncoderLayerInputs<C extends KeyValueCache | undefined = KeyValueCache | undefined>
  extends MaskOptions {
  /** Keys and values of the places before; then the result is `{ output, cache }`. */
  readonly cache?: C
}

const takes = takesLayer('TransformerEncoderLayer')
const takesInputs = checker('TransformerEncoderLayer.forward', {
  x: kinds.tensor,
  options: { mask: kinds.tensor, keyMask: kinds.tensor, causal: kinds.boolean, cache: cacheKind },
})
const takesCapacity = checker('TransformerEncoderLayer.cache', {
  capacity: kinds.number,
  batch: kinds.optional(kinds.shape),
})

/**
 * Self-attention, then a network at each place, each added to what it takes: with `normFirst` x + attention(norm(x)) and the
 * same of the network, else norm(x + attention(x)) (Vaswani et al., Attention is all you need, 2017; Xiong et al., On layer
 * normalization in the transformer architecture, 2020). With `causal: true` it is the layer of a model like GPT, and takes a
 * cache, as `MultiheadAttention` does.
 *
 * Its parts are `attention`, `attentionNorm`, `expand`, `contract` and `feedForwardNorm`: in PyTorch self_attn, norm1,
 * linear1, linear2 and norm2.
 *
 * @throws OptionError where heads do not divide the features, and for options out of range; ShapeError for x with other
 *   features, or without an axis of time
 * @example
 * const layer = new TransformerEncoderLayer(8, 2, { normFirst: true, activation: 'gelu' })
 * layer.forward(zeros([3, 5, 8]), { causal: true })   // Tensor<[3, 5, 8]>
 */
export class TransformerEncoderLayer<E extends number> extends TransformerLayer<E> {
  /** For the compiler only: the shape of what it is given, over which `out` speaks. */
  declare readonly in: unknown
  /** For the compiler only: the shape of what it gives. */
  declare readonly out: Timed<this['in'], E, E>

  constructor(features: E, heads: number, options: TransformerLayerOptions = {}) {
    takes(arguments)
    super('TransformerEncoderLayer', features, heads, options)
  }

  /** What the layer makes of x [..., time, features]. */
  forward<X extends AnyTensor, C extends KeyValueCache | undefined = undefined>(
    x: Arg<X, Timed<X['shape'], E, E>>,
    options?: EncoderLayerInputs<C>,
  ): WithCache<Out<Timed<X['shape'], E, E>>, C>
  forward(x: never, options: EncoderLayerInputs = {}): unknown {
    takesInputs(arguments)
    const layer = this as unknown as TransformerEncoderLayer<number>
    const [attended, cache] = withResidual(layer, layer.attentionNorm, x, (normalized) =>
      selfAttended(layer, normalized, options),
    )
    const output = feedForward(layer, attended)
    return cache === undefined ? output : { output, cache }
  }

  /**
   * A cache without keys, with room for `capacity` of them.
   *
   * @param batch the axes of x before time and features
   */
  cache(capacity: number, batch: readonly number[] = []): KeyValueCache {
    takesCapacity(arguments)
    return this.attention.cache(capacity, batch)
  }
}

/** What a layer's self-attention gives, and the next cache if there was one. */
export const selfAttended = (
  { attention }: TransformerLayer<number>,
  x: Tensor,
  options: EncoderLayerInputs,
): readonly [Tensor, KeyValueCache | undefined] => {
  const result = attention.forward(x, options) as Tensor | Continued<Tensor, KeyValueCache>
  return 'output' in result ? [result.output, result.cache] : [result, undefined]
}
