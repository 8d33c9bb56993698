import { type AnyTensor, type Arg, kinds, type Out, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requireCount } from '../../errors.js'
import { Module } from '../../module/module.js'
import type { TorchLayout } from '../../state/torch.js'
import type { LayerNorm } from '../norms/layer-norm.js'
import type { Continued } from './attended.js'
import { type DecoderCache, decoderCachesKind, requireCaches } from './cache.js'
import { type DecoderMasks, decoderInputs } from './decoder-inputs.js'
import { TransformerDecoderLayer } from './decoder-layer.js'
import { type TransformerStackOptions, takesStack } from './encoder.js'
import type { Timed } from './timed.js'
import { normOf } from './transformer-layer.js'

const takes = takesStack('TransformerDecoder')
const inputsOf = decoderInputs<readonly DecoderCache[]>('TransformerDecoder', decoderCachesKind)
const takesCapacity = checker('TransformerDecoder.cache', { memory: kinds.tensor, capacity: kinds.number })

/**
 * So many `TransformerDecoderLayer`s one after another, each with first weights of its own (PyTorch copies one), and a
 * LayerNorm at the end where `finalNorm` says so. In paths layers are their numbers: `decoder.2.crossAttention.key.weight`.
 *
 * @throws OptionError and ShapeError as its layers do
 * @example
 * const decoder = new TransformerDecoder(2, 8, 2)
 * decoder.forward(zeros([3, 5, 8]), zeros([3, 7, 8]), { causal: true })   // Tensor<[3, 5, 8]>
 */
export class TransformerDecoder<E extends number> extends Module {
  /** Its layers, in order. */
  readonly layers: readonly TransformerDecoderLayer<E>[]
  /** The LayerNorm at the end; null without. */
  readonly norm: LayerNorm<E> | null

  constructor(count: number, features: E, heads: number, options: TransformerStackOptions = {}) {
    takes(arguments)
    super()
    requireCount('TransformerDecoder', 'count', count)
    const { finalNorm = options.normFirst ?? false, ...ofLayer } = options
    this.layers = Array.from({ length: count }, () => new TransformerDecoderLayer(features, heads, ofLayer))
    this.norm = finalNorm ? normOf(features, ofLayer) : null
  }

  /** What the layers make of x [..., time, features] and a memory [..., places, features], with these masks in each. */
  forward<X extends AnyTensor, M extends AnyTensor>(
    x: Arg<X, Timed<X['shape'], E, E>>,
    memory: Arg<M, Timed<M['shape'], E, E>>,
    options?: DecoderMasks,
  ): Out<Timed<X['shape'], E, E>>
  /** The same with what came before, and the memory, in caches. */
  forward<X extends AnyTensor>(
    x: Arg<X, Timed<X['shape'], E, E>>,
    options: DecoderMasks & { readonly cache: readonly DecoderCache[] },
  ): Continued<Out<Timed<X['shape'], E, E>>, DecoderCache[]>
  forward(x: never): unknown {
    const { memory, masks, cache } = inputsOf(arguments)
    const layers = this.layers as readonly unknown[] as readonly Runs[]
    const norm = this.norm as Runs | null
    if (cache === undefined) {
      const output = layers.reduce((input, layer) => layer.forward(input, memory, masks) as Tensor, x as Tensor)
      return norm === null ? output : norm.forward(output)
    }
    requireCaches('TransformerDecoder', cache, layers.length)
    let output: Tensor = x
    const next = layers.map((layer, i) => {
      const result = layer.forward(output, { ...masks, cache: cache[i] }) as Continued<Tensor, DecoderCache>
      output = result.output
      return result.cache
    })
    return { output: norm === null ? output : norm.forward(output), cache: next }
  }

  /**
   * A cache for each layer, of the memory's keys and values, with room for those of `capacity` elements. It is differentiable:
   * call this and the steps within noGrad() to generate.
   */
  cache<M extends AnyTensor>(memory: Arg<M, Timed<M['shape'], E, E>>, capacity: number): DecoderCache[]
  cache(memory: never, capacity: number): DecoderCache[] {
    takesCapacity(arguments)
    return this.layers.map((layer) => layer.cache(memory, capacity))
  }

  protected override details(): string {
    const { features, heads } = this.layers[0]!
    return `${this.layers.length}, ${features}, ${heads}`
  }

  protected override torchLayout(): TorchLayout {
    return Object.fromEntries(this.layers.map((_, i) => [`${i}`, `layers.${i}`]))
  }

  protected override children(): Iterable<readonly [string, unknown]> {
    const { layers, ...others } = this
    return [...Object.entries(layers), ...Object.entries(others)]
  }
}

interface Runs {
  forward(...args: unknown[]): unknown
}
