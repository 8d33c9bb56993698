import {
  type AnyTensor,
  checkpoint,
  compile,
  concat,
  grad,
  noGrad,
  Random,
  type Tensor,
  tensor,
  treeLeaves,
  zeros,
} from '@adjoint/autograd'
import { describe, expect, it, test } from 'vitest'
import {
  Adam,
  type Continued,
  crossEntropy,
  Embedding,
  type KeyValueCache,
  LayerNorm,
  LearnedPositions,
  Linear,
  Module,
  Sequential,
  TransformerDecoder,
  TransformerEncoder,
  TransformerEncoderLayer,
} from '../src/index.js'

const draw = new Random(3)
const float64 = { dtype: 'float64', random: draw } as const
const normal = (...shape: number[]): Tensor => draw.normal(shape, { dtype: 'float64' })
const furthest = (a: AnyTensor, b: AnyTensor): number => {
  expect(a.shape).toEqual(b.shape)
  return (a as Tensor).sub(b).abs().max().item()
}
const loose = (layer: object) => layer as { forward(...args: unknown[]): Tensor }

describe('a stack of layers', () => {
  it('gives each layer first weights of its own, by number', () => {
    const encoder = new TransformerEncoder(3, 4, 2, { finalNorm: true })
    const parameters = encoder.namedParameters()
    expect([...parameters.keys()].filter((path) => path.startsWith('2.'))).toEqual([
      ...['query', 'key', 'value', 'output'].flatMap((part) => [
        `2.attention.${part}.weight`,
        `2.attention.${part}.bias`,
      ]),
      ...['2.attentionNorm.scale', '2.attentionNorm.shift', '2.expand.weight', '2.expand.bias'],
      ...['2.contract.weight', '2.contract.bias', '2.feedForwardNorm.scale', '2.feedForwardNorm.shift'],
    ])
    expect([...parameters.keys()].slice(-2)).toEqual(['norm.scale', 'norm.shift'])
    const first = (i: number) => parameters.get(`${i}.attention.query.weight`)!
    expect(furthest(first(0), first(1))).toBeGreaterThan(0.01)
    expect(new TransformerEncoder(1, 4, 2).norm).toBe(null)
    expect(new TransformerDecoder(1, 4, 2, { normFirst: true }).norm).toBeInstanceOf(LayerNorm)
    const unbiased = new TransformerDecoder(1, 4, 2, { bias: false, normFirst: true })
    expect([...unbiased.namedParameters().keys()].filter((path) => /bias|shift/.test(path))).toEqual([])
  })

  it('is shown part by part', () => {
    expect(`${new TransformerEncoder(2, 4, 2, { rotary: true })}`).toBe(`TransformerEncoder(2, 4, 2
  (0 to 1): 2 x TransformerEncoderLayer(4, 2
    (attention): MultiheadAttention(4, 2
      (query to output): 4 x Linear(4, 4)
      (dropout): Dropout(0.1)
      (rotary): RotaryPositions(2)
    )
    (attentionNorm): LayerNorm(4)
    (expand): Linear(4, 16)
    (contract): Linear(16, 4)
    (feedForwardNorm): LayerNorm(4)
    (dropout): Dropout(0.1)
  )
)`)
  })

  it('names the part that cannot take its input', () => {
    const model = new Sequential(['encoder', new TransformerEncoder(3, 8, 2)] as never, new Linear(8, 4) as never)
    expect(() => loose(model).forward(zeros([2, 5, 6]))).toThrow('encoder.0.attention.query: expects 8 features, got 6')
    expect(() => loose(model).forward(zeros([8]))).toThrow('encoder.0.attention: query has shape [8]')
    class Wrong extends Module {
      readonly encoder = new TransformerEncoder(3, 8, 2)
      forward(x: Tensor): Tensor {
        return loose(this.encoder.layers[2]!).forward(x)
      }
    }
    expect(() => new Wrong().forward(zeros([2, 5, 6]))).toThrow('encoder.2.attention.query: expects 8 features, got 6')
    const decoder = loose(new TransformerDecoder(2, 8, 2))
    expect(() => decoder.forward(zeros([2, 5, 8]), zeros([2, 5, 6]))).toThrow(
      '0.crossAttention.key: expects 8 features',
    )
    const mask = { memoryMask: zeros([4, 4]) }
    expect(() => decoder.forward(zeros([2, 5, 8]), zeros([2, 6, 8]), mask)).toThrow(
      '0.crossAttention: mask has shape [4, 4]',
    )
  })

  it('says which settings there are', () => {
    const refused = (options: object) => () => new TransformerEncoderLayer(8, 2, options)
    expect(refused({ activation: 'tanh' })).toThrow(
      "activation is 'tanh'; use 'relu', 'gelu', 'geluTanh', 'silu' or a function",
    )
    expect(refused({ dim_feedforward: 3 })).toThrow('did you mean feedForward?')
    expect(refused({ norm_first: true })).toThrow('did you mean normFirst?')
    expect(refused({ layer_norm_eps: 1 })).toThrow('did you mean epsilon?')
    expect(refused({ nhead: 1 })).toThrow('heads is argument 2, and no option')
    expect(refused({ batch_first: true })).toThrow('[batch, time, features], always')
    expect(refused({ dropout: -1 })).toThrow('p is -1')
    expect(refused({ epsilon: 0 })).toThrow('epsilon is 0')
    expect(refused({ feedForward: 1.5 })).toThrow('feedForward is 1.5')
    expect(() => new TransformerEncoder(0, 8, 2)).toThrow('count is 0')
    expect(() => new TransformerEncoder(1, 8, 3)).toThrow('8 features do not divide among 3 heads')
  })

  it('drops in training alone', () => {
    const layer = new TransformerEncoderLayer(8, 2, { dropout: 0.5, ...float64 })
    const x = normal(2, 3, 8)
    expect(furthest(layer.forward(x), layer.forward(x))).toBeGreaterThan(0.01)
    layer.eval()
    expect(furthest(layer.forward(x), layer.forward(x))).toBe(0)
    const program = compile((x: Tensor) => noGrad(() => layer.forward(x)))
    expect(furthest(program(x), layer.forward(x))).toBeLessThan(1e-12)
    layer.train()
    expect(furthest(program(x), program(x))).toBeGreaterThan(0.01)
  })
})

describe('in a checkpoint', () => {
  it.each([0, 0.3])('a block is what it is without, dropping %d', (dropout) => {
    const slopes = (wrap: <F extends (...args: never[]) => unknown>(f: F) => F, compiled: boolean) => {
      const random = new Random(21)
      const layers = [1, 2].map(() => new TransformerEncoderLayer(4, 2, { dropout, dtype: 'float64', random }))
      const x = new Random(22).normal([2, 3, 4], { dtype: 'float64' })
      const run = (blocks: typeof layers, x: Tensor): Tensor =>
        blocks
          .reduce((input: Tensor, block) => wrap((x: Tensor) => block.forward(x, { causal: true }))(input), x)
          .square()
          .sum()
      const f = grad(run as never, { argument: [0, 1] } as never) as unknown as (...args: unknown[]) => unknown
      const g = compiled ? (compile(f as never) as unknown as typeof f) : f
      return treeLeaves(g(layers, x)) as Tensor[]
    }
    const wanted = slopes((f) => f, false)
    for (const compiled of [false, true]) {
      slopes(checkpoint, compiled).forEach((slope, i) => {
        expect(furthest(slope, wanted[i]!)).toBeLessThan(1e-12)
      })
    }
  })
})

/** Reads a text and goes on with it. */
class Reader extends Module {
  readonly tokens: Embedding<number, 32>
  readonly positions: LearnedPositions<32>
  readonly encoder: TransformerEncoder<32>
  readonly head: Linear<32, number>

  constructor(symbols: number, length: number, random: Random) {
    super()
    this.tokens = new Embedding(symbols, 32, { random })
    this.positions = new LearnedPositions(length, 32, { random })
    this.encoder = new TransformerEncoder(2, 32, 4, { normFirst: true, activation: 'gelu', dropout: 0, random })
    this.head = new Linear(32, symbols, { random })
  }

  forward(symbols: Tensor): Tensor {
    const x = this.positions.forward(this.tokens.forward(symbols))
    return this.head.forward(this.encoder.forward(x, { causal: true }))
  }

  /** Scores of the next symbol after each of some more. */
  next(symbols: Tensor, cache: readonly KeyValueCache[]): Continued<Tensor, KeyValueCache[]> {
    const x = this.positions.forward(this.tokens.forward(symbols), { offset: cache[0]!.length })
    const { output, cache: after } = this.encoder.forward(x, { causal: true, cache })
    return { output: this.head.forward(output), cache: after }
  }
}

test('a small transformer learns to reverse sequences, and generates with a cache', () => {
  const [symbols, length, batch] = [5, 4, 32]
  const random = new Random(1)
  const model = new Reader(symbols + 1, 2 * length + 1, random)
  const optimizer = new Adam(model, { learningRate: 6e-3 })
  const mark = tensor(symbols, { dtype: 'int32' })
  const draws = (count: number): { given: Tensor; reversed: Tensor } => {
    const numbers = Array.from(random.uniform([count * length]).data, (x) => Math.floor(x * symbols))
    const given: Tensor = tensor(numbers, { dtype: 'int32' }).reshape([count, length])
    return { given, reversed: given.flip(1) }
  }
  // the sequence, a mark, and the sequence backwards: what comes after the mark is to be told
  const step = compile((given: Tensor, reversed: Tensor): Tensor => {
    const start = mark.broadcastTo([batch, 1]) as Tensor
    const read = join(given, start, reversed.slice(1, 0, length - 1))
    const scores = model.forward(read).slice(1, length, 2 * length)
    const loss = crossEntropy(scores, reversed)
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
    return loss
  })
  let loss = Number.POSITIVE_INFINITY
  let steps = 0
  for (; steps < 400 && loss > 0.02; steps++) {
    const { given, reversed } = draws(batch)
    loss = step(given, reversed).item()
  }
  expect(loss).toBeLessThan(0.02)

  const generate = compile((symbols: Tensor, cache: readonly KeyValueCache[]) =>
    noGrad(() => model.next(symbols, cache)),
  )
  const { given, reversed } = draws(20)
  let { output, cache } = generate(
    join(given, mark.broadcastTo([20, 1]) as Tensor),
    model.encoder.cache(2 * length, [20]),
  )
  const found: Tensor[] = []
  for (let i = 0; i < length; i++) {
    const symbol = output.slice(1, -1).argmax(-1) as Tensor
    found.push(symbol)
    if (i + 1 === length) break
    ;({ output, cache } = generate(symbol, cache))
  }
  const right = join(...found)
    .equal(reversed)
    .cast('float32')
    .mean()
    .item()
  expect(right).toBeGreaterThan(0.97)
})

const join = (...parts: Tensor[]): Tensor => {
  const [first, ...others] = parts as [Tensor, ...Tensor[]]
  return others.reduce((all, part) => concat([all, part], 1) as Tensor, first)
}
