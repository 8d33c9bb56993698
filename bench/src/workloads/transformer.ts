import type { Tensor } from '@adjoint/autograd'
import { Embedding, type LayerNorm, LearnedPositions, Linear, Module, TransformerEncoder } from '@adjoint/nn'
import { byHand, training } from './gpt.js'
import { type Gpt, gptData, type Parameters } from './gpt-data.js'
import type { Weights } from './numbers.js'
import { weights } from './tensors.js'
import { workload } from './workload.js'

/** The model of `gpt`, of nn's layers. */
class CharTransformer extends Module {
  readonly token: Embedding<number, number>
  readonly position: LearnedPositions<number>
  readonly encoder: TransformerEncoder<number>
  readonly head: Linear<number, number>

  constructor({ time, width, heads, vocabulary, parameters }: Gpt) {
    super()
    const settings = { normFirst: true, activation: 'geluTanh', dropout: 0 } as const
    this.token = new Embedding<number, number>(vocabulary, width)
    this.position = new LearnedPositions<number>(time, width)
    this.encoder = new TransformerEncoder<number>(parameters.blocks.length, width, heads, settings)
    this.head = new Linear<number, number>(width, vocabulary)
    this.#assign(parameters)
  }

  forward(tokens: Tensor): Tensor {
    const x = this.position.forward(this.token.forward(tokens))
    return this.head.forward(this.encoder.forward(x, { causal: true }))
  }

  #assign({ token, position, blocks, norm, head }: Parameters<Weights>): void {
    const tables: readonly Tensor[] = [this.token.weight, this.position.weight]
    tables[0]!.assign(weights(token))
    tables[1]!.assign(weights(position))
    this.encoder.layers.forEach((layer, i) => {
      const given = blocks[i]!
      const { attention } = layer
      const qkv = linear(given.qkv)
      const width = attention.features
      const parts: readonly Dynamic[] = [attention.query, attention.key, attention.value]
      parts.forEach((part, k) => {
        part.weight.assign(qkv.weight.slice(1, k * width, (k + 1) * width))
        part.bias!.assign(qkv.bias.slice(0, k * width, (k + 1) * width))
      })
      assign(attention.output, given.projection)
      assign(layer.expand, given.expand)
      assign(layer.contract, given.contract)
      assignNorm(layer.attentionNorm, given.norm1)
      assignNorm(layer.feedForwardNorm, given.norm2)
    })
    assignNorm(this.encoder.norm!, norm)
    assign(this.head, head)
  }
}

const linear = ({ weight, bias }: Parameters<Weights>['head']) => ({ weight: weights(weight), bias: weights(bias) })
const assign = (layer: Dynamic, given: Parameters<Weights>['head']): void => {
  const { weight, bias } = linear(given)
  layer.weight.assign(weight)
  layer.bias!.assign(bias)
}
interface Dynamic {
  readonly weight: Tensor
  readonly bias: Tensor | null
}
const assignNorm = (layer: LayerNorm<number>, { scale, shift }: Parameters<Weights>['norm']): void => {
  const own: { readonly scale: Tensor | null; readonly shift: Tensor | null } = layer
  own.scale!.assign(weights(scale))
  own.shift!.assign(weights(shift))
}

/** The model of `gpt` of nn's layers, and as it is written by hand there. */
export const transformer = workload<Gpt>({
  name: 'transformer',
  title: 'transformer block: the model of gpt of nn, and by hand',
  unit: 'step',
  tolerance: 1e-4,
  cases: [{ name: 'block', data: gptData }],
  adjoint: (given, wrap) => training(new CharTransformer(given), given, wrap),
  byHand,
})
