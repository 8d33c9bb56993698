import { type AnyTensor, type Arg, kinds, type Out, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import * as kind from '../../kinds.js'
import { Module } from '../../module/module.js'
import { TransformerDecoder } from './decoder.js'
import { type DecoderMasks, decoderMasks } from './decoder-inputs.js'
import { TransformerEncoder } from './encoder.js'
import type { Timed } from './timed.js'
import { layerOptions, type TransformerLayerOptions } from './transformer-layer.js'

/** What a `Transformer` is made of. */
export interface TransformerOptions extends TransformerLayerOptions {
  /** How many layers the encoder has. Default 6. */
  readonly encoderLayers?: number
  /** How many layers the decoder has. Default 6. */
  readonly decoderLayers?: number
  /** Whether a LayerNorm comes last in the encoder, and in the decoder. Default true, as in PyTorch. */
  readonly finalNorm?: boolean
}

/** What elements of the source and of the target may see. Without a prefix it is the target's own. */
export interface TransformerMasks extends DecoderMasks {
  /** As `mask`, of the source for itself. */
  readonly sourceMask?: AnyTensor
  /** As `keyMask`, of the source for itself; and for the target, unless `memoryKeyMask` says otherwise. */
  readonly sourceKeyMask?: AnyTensor
}

const takes = checker('Transformer', {
  features: kind.count,
  heads: kind.count,
  options: { ...layerOptions, encoderLayers: kind.count, decoderLayers: kind.count, finalNorm: kinds.boolean },
})
const takesInputs = checker('Transformer.forward', {
  source: kinds.tensor,
  target: kinds.tensor,
  options: { ...decoderMasks, sourceMask: kinds.tensor, sourceKeyMask: kinds.tensor },
})

/**
 * An encoder of a source, and a decoder of a target that attends to it (Vaswani et al., Attention is all you need, 2017). To
 * generate, give the encoder the source once, and the decoder one element after another with a cache.
 *
 * @throws OptionError and ShapeError as its layers do
 * @example
 * const transformer = new Transformer(8, 2, { encoderLayers: 2, decoderLayers: 2 })
 * transformer.forward(zeros([3, 7, 8]), zeros([3, 5, 8]), { causal: true })   // Tensor<[3, 5, 8]>
 * @example
 * const { encoder, decoder } = new Transformer(8, 2, { encoderLayers: 2, decoderLayers: 2 }).eval()
 * noGrad(() => {
 *   const start = decoder.cache(encoder.forward(zeros([3, 7, 8])), 16)
 *   return decoder.forward(zeros([3, 1, 8]), { cache: start }).output
 * })   // Tensor<[3, 1, 8]>
 */
export class Transformer<E extends number> extends Module {
  /** Reads the source. */
  readonly encoder: TransformerEncoder<E>
  /** Reads the target, and what the encoder has made of the source. */
  readonly decoder: TransformerDecoder<E>

  constructor(features: E, heads: number, options: TransformerOptions = {}) {
    takes(arguments)
    super()
    const { encoderLayers = 6, decoderLayers = 6, finalNorm = true, ...ofLayer } = options
    this.encoder = new TransformerEncoder(encoderLayers, features, heads, { finalNorm, ...ofLayer })
    this.decoder = new TransformerDecoder(decoderLayers, features, heads, { finalNorm, ...ofLayer })
  }

  /** What the decoder makes of the target [..., time, features], given the source [..., places, features]. */
  forward<S extends AnyTensor, T extends AnyTensor>(
    source: Arg<S, Timed<S['shape'], E, E>>,
    target: Arg<T, Timed<T['shape'], E, E>>,
    options?: TransformerMasks,
  ): Out<Timed<T['shape'], E, E>>
  forward(source: never, target: never, options: TransformerMasks = {}): Tensor {
    takesInputs(arguments)
    const { sourceMask, sourceKeyMask, ...masks } = options
    const { encoder, decoder } = this as unknown as Transformer<number>
    const memory: Tensor = encoder.forward(source as Tensor, {
      ...(sourceMask === undefined ? {} : { mask: sourceMask }),
      ...(sourceKeyMask === undefined ? {} : { keyMask: sourceKeyMask }),
    })
    const padding = sourceKeyMask === undefined ? {} : { memoryKeyMask: sourceKeyMask }
    return decoder.forward(target as Tensor, memory, { ...padding, ...masks })
  }
}
