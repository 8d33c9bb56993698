import { arange, parameter, type Tensor, tensor, where } from '@adjoint/autograd'
import { AdamW, Linear, Module } from '@adjoint/nn'
import { type Block, type Gpt, gptData, type Parameters } from './gpt-data.js'
import type { Weights } from './numbers.js'
import { weights } from './tensors.js'
import { type Run, type Wrap, workload } from './workload.js'

/** Each row with mean 0 and variance 1, then scaled and shifted. */
class LayerNorm extends Module {
  readonly scale: Tensor
  readonly shift: Tensor

  constructor({ scale, shift }: Parameters<Weights>['norm']) {
    super()
    this.scale = parameter(weights(scale))
    this.shift = parameter(weights(shift))
  }

  forward(x: Tensor): Tensor {
    const centered = x.sub(x.mean(-1, { keepDims: true }))
    const variance = centered.square().mean(-1, { keepDims: true })
    return centered.mul(variance.add(1e-5).rsqrt()).mul(this.scale).add(this.shift)
  }
}

/** A Linear layer that starts from given parameters. */
const linear = ({ weight, bias }: Block<Weights>['qkv']): Linear<number, number> => {
  const layer = new Linear<number, number>(weight.shape[0]!, weight.shape[1]!)
  layer.parameters().forEach((parameter, i) => {
    parameter.assign(weights(i === 0 ? weight : bias))
  })
  return layer
}

/** Attention of each place to itself and those before it, then a network at each place; both are added to the stream. */
class TransformerBlock extends Module {
  readonly norm1: LayerNorm
  readonly qkv: Linear<number, number>
  readonly projection: Linear<number, number>
  readonly norm2: LayerNorm
  readonly expand: Linear<number, number>
  readonly contract: Linear<number, number>
  readonly #heads: number

  constructor(given: Block<Weights>, heads: number) {
    super()
    this.norm1 = new LayerNorm(given.norm1)
    this.qkv = linear(given.qkv)
    this.projection = linear(given.projection)
    this.norm2 = new LayerNorm(given.norm2)
    this.expand = linear(given.expand)
    this.contract = linear(given.contract)
    this.#heads = heads
  }

  forward(x: Tensor, visible: Tensor): Tensor {
    const attended = x.add(this.projection.forward(this.#attention(this.norm1.forward(x), visible)))
    const thought = this.expand.forward(this.norm2.forward(attended)).geluTanh()
    return attended.add(this.contract.forward(thought))
  }

  #attention(x: Tensor, visible: Tensor): Tensor {
    const [batch, time, width] = x.shape as [number, number, number]
    const size = width / this.#heads
    // [3, batch, heads, time, size]
    const parts = this.qkv.forward(x).reshape([batch, time, 3, this.#heads, size]).permute([2, 0, 3, 1, 4])
    const [queries, keys, values] = [parts.at(0), parts.at(1), parts.at(2)]
    const scores = queries.matmul(keys.transpose()).mul(size ** -0.5)
    const attention = where(visible, scores, -1e9).softmax(-1)
    return attention.matmul(values).permute([0, 2, 1, 3]).reshape([batch, time, width])
  }
}

class CharGpt extends Module {
  readonly token: Tensor
  readonly position: Tensor
  readonly blocks: readonly TransformerBlock[]
  readonly norm: LayerNorm
  readonly head: Linear<number, number>

  constructor(given: Parameters<Weights>, heads: number) {
    super()
    this.token = parameter(weights(given.token))
    this.position = parameter(weights(given.position))
    this.blocks = given.blocks.map((block) => new TransformerBlock(block, heads))
    this.norm = new LayerNorm(given.norm)
    this.head = linear(given.head)
  }

  /** @param tokens int32 [batch, time]; the result is [batch, time, vocabulary] */
  forward(tokens: Tensor): Tensor {
    const places = arange(tokens.shape[1]!, { dtype: 'int32' })
    const visible = places.expandDims(1).greaterEqual(places)
    let x: Tensor = this.token.indexSelect(tokens).add(this.position)
    for (const block of this.blocks) x = block.forward(x, visible)
    return this.head.forward(this.norm.forward(x))
  }
}

/** Steps of training of a model, written by hand. */
export const byHand = (given: Gpt, wrap: Wrap): Run => training(new CharGpt(given.parameters, given.heads), given, wrap)

interface Reads extends Module {
  /** @param tokens int32 [batch, time]; the result is [batch, time, vocabulary] */
  forward(tokens: Tensor): Tensor
}

/** Steps of training of a model that predicts the next character, each of which gives its loss. */
export const training = (
  model: Reads,
  { batch, time, tokens, targets, learningRate, weightDecay }: Gpt,
  wrap: Wrap,
): Run => {
  const x: Tensor = tensor(tokens).reshape([batch, time])
  const y: Tensor = tensor(targets).reshape([batch, time, 1])
  const optimizer = new AdamW(model.parameters(), { learningRate, weightDecay })
  const step = wrap(() => {
    const loss = model.forward(x).logSoftmax(-1).gather(y, -1).mean().neg()
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
    return loss
  })
  return () => [step().item()]
}

/** A transformer that predicts the next character: products of many sizes, softmax, norms and an embedding. */
export const gpt = workload<Gpt>({
  name: 'gpt',
  title: 'char-GPT, 2 blocks, width 64, 4 heads, 64 places, batch 16, AdamW',
  unit: 'step',
  tolerance: 1e-4,
  cases: [{ name: '', data: gptData }],
  adjoint: byHand,
})
