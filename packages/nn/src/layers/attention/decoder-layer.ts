import { type AnyTensor, type Arg, kinds, type Out, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import type { TorchLayout } from '../../state/torch.js'
import type { LayerNorm } from '../norms/layer-norm.js'
import type { Continued } from './attended.js'
import { type DecoderCache, decoderCacheKind, type KeyValues } from './cache.js'
import { type DecoderMasks, decoderInputs } from './decoder-inputs.js'
import { selfAttended } from './encoder-layer.js'
import type { MaskOptions } from './masks.js'
import { MultiheadAttention } from './multihead.js'
import type { Timed } from './timed.js'
import {
  attentionOf,
  feedForward,
  normOf,
  TransformerLayer,
  type TransformerLayerOptions,
  takesLayer,
  withResidual,
} from './transformer-layer.js'

const takes = takesLayer('TransformerDecoderLayer')
const inputsOf = decoderInputs<DecoderCache>('TransformerDecoderLayer', decoderCacheKind)
const takesCapacity = checker('TransformerDecoderLayer.cache', { memory: kinds.tensor, capacity: kinds.number })

/**
 * Self-attention, attention to a memory, then a network at each place, each added to what it takes, and normalized before
 * (`normFirst`) or after (Vaswani et al., Attention is all you need, 2017). Pass `causal: true` for elements not to see those
 * after them.
 *
 * Its parts are `attention`, `attentionNorm`, `crossAttention`, `crossAttentionNorm`, `expand`, `contract` and
 * `feedForwardNorm`: in PyTorch self_attn, norm1, multihead_attn, norm2, linear1, linear2 and norm3.
 *
 * @throws OptionError where heads do not divide the features, and for options out of range; ShapeError for x or a memory with
 *   other features, or without an axis of time
 * @example
 * const layer = new TransformerDecoderLayer(8, 2)
 * layer.forward(zeros([3, 5, 8]), zeros([3, 7, 8]), { causal: true })   // Tensor<[3, 5, 8]>
 * @example
 * // token by token: the memory is in the cache, its keys and values are made once
 * const layer = new TransformerDecoderLayer(8, 2, { dropout: 0 })
 * noGrad(() => {
 *   const start = layer.cache(zeros([3, 7, 8]), 16)
 *   const { output, cache } = layer.forward(zeros([3, 1, 8]), { cache: start })
 *   return layer.forward(output, { cache })
 * }).cache.own.length   // 2
 */
export class TransformerDecoderLayer<E extends number> extends TransformerLayer<E> {
  /** Each element attends to the memory. */
  readonly crossAttention: MultiheadAttention<E>
  /** Normalizes for, or after, the attention to the memory. */
  readonly crossAttentionNorm: LayerNorm<E>

  constructor(features: E, heads: number, options: TransformerLayerOptions = {}) {
    takes(arguments)
    super('TransformerDecoderLayer', features, heads, options)
    this.crossAttention = new MultiheadAttention<E>(features, heads, attentionOf(options))
    this.crossAttentionNorm = normOf(features, options)
  }

  protected override torchLayout(): TorchLayout {
    const cross = { crossAttention: 'multihead_attn', crossAttentionNorm: 'norm2', feedForwardNorm: 'norm3' }
    return { ...super.torchLayout(), ...cross }
  }

  /** What the layer makes of x [..., time, features] and a memory [..., places, features]. */
  forward<X extends AnyTensor, M extends AnyTensor>(
    x: Arg<X, Timed<X['shape'], E, E>>,
    memory: Arg<M, Timed<M['shape'], E, E>>,
    options?: DecoderMasks,
  ): Out<Timed<X['shape'], E, E>>
  /** The same with what came before, and the memory, in a cache. */
  forward<X extends AnyTensor>(
    x: Arg<X, Timed<X['shape'], E, E>>,
    options: DecoderMasks & { readonly cache: DecoderCache },
  ): Continued<Out<Timed<X['shape'], E, E>>, DecoderCache>
  forward(x: never): unknown {
    const { memory, masks, cache } = inputsOf(arguments)
    const layer = this as unknown as TransformerDecoderLayer<number>
    const { memoryMask, memoryKeyMask, ...ofOwn } = masks
    const own = cache === undefined ? ofOwn : { ...ofOwn, cache: cache.own }
    const [attended, next] = withResidual(layer, layer.attentionNorm, x, (x) => selfAttended(layer, x, own))
    const crossMasks = {
      ...(memoryMask === undefined ? {} : { mask: memoryMask }),
      ...(memoryKeyMask === undefined ? {} : { keyMask: memoryKeyMask }),
    }
    const [crossed] = withResidual(layer, layer.crossAttentionNorm, attended, (x) => [
      crossAttended(layer, x, memory ?? cache!.memory, crossMasks),
      null,
    ])
    const output = feedForward(layer, crossed)
    return cache === undefined ? output : { output, cache: { own: next, memory: cache.memory } }
  }

  /**
   * A cache of the memory's keys and values, with room for those of `capacity` elements. It is differentiable: call this and
   * the steps within noGrad() to generate.
   */
  cache<M extends AnyTensor>(memory: Arg<M, Timed<M['shape'], E, E>>, capacity: number): DecoderCache
  cache(memory: never, capacity: number): DecoderCache {
    takesCapacity(arguments)
    const layer = this as unknown as TransformerDecoderLayer<number>
    const projected = layer.crossAttention.project(memory as Tensor)
    return { own: layer.attention.cache(capacity, (memory as Tensor).shape.slice(0, -2)), memory: projected }
  }
}

const crossAttended = (
  { crossAttention }: TransformerDecoderLayer<number>,
  x: Tensor,
  memory: Tensor | KeyValues,
  masks: MaskOptions,
): Tensor =>
  'keys' in memory ? crossAttention.forward(x, { ...masks, memory }) : crossAttention.forward(x, memory, masks)
