import { type AnyTensor, type Arg, kinds, type Out, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requireCount } from '../../errors.js'
import * as kind from '../../kinds.js'
import { Module } from '../../module/module.js'
import type { TorchLayout } from '../../state/torch.js'
import type { LayerNorm } from '../norms/layer-norm.js'
import type { Continued, WithCache } from './attended.js'
import { cachesKind, type KeyValueCache, requireCaches } from './cache.js'
import { TransformerEncoderLayer } from './encoder-layer.js'
import type { MaskOptions } from './masks.js'
import type { Timed } from './timed.js'
import { layerOptions, normOf, type TransformerLayerOptions } from './transformer-layer.js'

/** What a stack of layers is made of. */
export interface TransformerStackOptions extends TransformerLayerOptions {
  /** Whether a LayerNorm comes last. Default as `normFirst`, which needs one. */
  readonly finalNorm?: boolean
}

/** How a `TransformerEncoder` attends. */
export interface EncoderInputs<C extends readonly KeyValueCache[] | undefined = readonly KeyValueCache[] | undefined>
  extends MaskOptions {
  /** A cache for each layer; then the result is `{ output, cache }`. */
  readonly cache?: C
}

/** What constructors of stacks take. */
export const takesStack = (owner: string) =>
  checker(owner, {
    count: kind.count,
    features: kind.count,
    heads: kind.count,
    options: { ...layerOptions, finalNorm: kinds.boolean },
  })
const takes = takesStack('TransformerEncoder')
const takesInputs = checker('TransformerEncoder.forward', {
  x: kinds.tensor,
  options: { mask: kinds.tensor, keyMask: kinds.tensor, causal: kinds.boolean, cache: cachesKind },
})
const takesCapacity = checker('TransformerEncoder.cache', {
  capacity: kinds.number,
  batch: kinds.optional(kinds.shape),
})

/**
 * So many `TransformerEncoderLayer`s one after another, each with first weights of its own (PyTorch copies one), and a
 * LayerNorm at the end where `finalNorm` says so. In paths layers are their numbers: `encoder.2.attention.query.weight`.
 *
 * @throws OptionError and ShapeError as its layers do
 * @example
 * const encoder = new TransformerEncoder(2, 8, 2, { normFirst: true })
 * encoder.forward(zeros([3, 5, 8]))   // Tensor<[3, 5, 8]>
 * @example
 * // a step of generation: one token, and what was before is in the cache
 * const model = new TransformerEncoder(2, 8, 2, { normFirst: true, dropout: 0, rotary: true })
 * const step = compile((x: Tensor<[3, 1, 8]>, cache: readonly KeyValueCache[]) =>
 *   noGrad(() => model.forward(x, { cache })),
 * )
 * const { cache } = step(zeros([3, 1, 8]), model.cache(16, [3]))
 * cache[0].length   // 1
 */
export class TransformerEncoder<E extends number> extends Module {
  /** For the compiler only: the shape of what it is given, over which `out` speaks. */
  declare readonly in: unknown
  /** For the compiler only: the shape of what it gives. */
  declare readonly out: Timed<this['in'], E, E>
  /** Its layers, in order. */
  readonly layers: readonly TransformerEncoderLayer<E>[]
  /** The LayerNorm at the end; null without. */
  readonly norm: LayerNorm<E> | null

  constructor(count: number, features: E, heads: number, options: TransformerStackOptions = {}) {
    takes(arguments)
    super()
    requireCount('TransformerEncoder', 'count', count)
    const { finalNorm = options.normFirst ?? false, ...ofLayer } = options
    this.layers = Array.from({ length: count }, () => new TransformerEncoderLayer(features, heads, ofLayer))
    this.norm = finalNorm ? normOf(features, ofLayer) : null
  }

  /** What the layers make of x [..., time, features], with these masks in each. */
  forward<X extends AnyTensor, C extends readonly KeyValueCache[] | undefined = undefined>(
    x: Arg<X, Timed<X['shape'], E, E>>,
    options?: EncoderInputs<C>,
  ): WithCache<Out<Timed<X['shape'], E, E>>, C, KeyValueCache[]>
  forward(x: never, options: EncoderInputs = {}): unknown {
    takesInputs(arguments)
    const { cache, ...masks } = options
    const layers = this.layers as readonly unknown[] as readonly Runs[]
    const norm = this.norm as Runs | null
    if (cache === undefined) {
      const output = layers.reduce((input, layer) => layer.forward(input, masks) as Tensor, x as Tensor)
      return norm === null ? output : norm.forward(output)
    }
    requireCaches('TransformerEncoder', cache, layers.length)
    let output: Tensor = x
    const next = layers.map((layer, i) => {
      const result = layer.forward(output, { ...masks, cache: cache[i] }) as Continued<Tensor, KeyValueCache>
      output = result.output
      return result.cache
    })
    return { output: norm === null ? output : norm.forward(output), cache: next }
  }

  /**
   * A cache without keys for each layer, with room for `capacity` of them.
   *
   * @param batch the axes of x before time and features
   */
  cache(capacity: number, batch: readonly number[] = []): KeyValueCache[] {
    takesCapacity(arguments)
    return this.layers.map((layer) => layer.cache(capacity, batch))
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
