import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Tensor, treeLeaves } from '@adjoint/autograd'
import {
  BatchNorm1d,
  BatchNorm2d,
  Bilinear,
  Conv1d,
  Conv2d,
  ConvTranspose1d,
  ConvTranspose2d,
  Embedding,
  Flatten,
  GRU,
  GRUCell,
  GroupNorm,
  InstanceNorm2d,
  LayerNorm,
  Linear,
  LSTM,
  LSTMCell,
  Module,
  MultiheadAttention,
  PReLU,
  RMSNorm,
  RNN,
  RNNCell,
  Sequential,
  SpectralNorm,
  Transformer,
  TransformerDecoder,
  TransformerEncoder,
  Unflatten,
  WeightNorm,
} from '@adjoint/nn'
import { describe, expect, it } from 'vitest'
import { loadTree } from '../src/node/index.js'

// Models of PyTorch, with what they make of inputs: scripts/oracle/torch_states.py

const folder = join(import.meta.dirname, 'fixtures/torch')
const float64 = { dtype: 'float64' } as const

class CNN extends Module {
  readonly features = {
    first: new Conv2d(2, 4, 3, { padding: 1, ...float64 }),
    norm: new BatchNorm2d(4, float64),
    groups: new GroupNorm(2, 4, float64),
    up: new ConvTranspose2d(4, 3, 2, { stride: 2, ...float64 }),
    last: new InstanceNorm2d(3, { affine: true, trackRunningStatistics: true, ...float64 }),
  }
  readonly head = new Linear(3 * 8 * 8, 2, float64)
  forward(x: Tensor): Tensor {
    for (const layer of Object.values(this.features)) x = (layer as unknown as Runs).forward(x) as Tensor
    return this.head.forward(x.flatten(1) as never) as Tensor
  }
}

class Tied extends Module {
  readonly embedding = new Embedding(5, 3, float64)
  readonly head = this.embedding
  forward(indices: Tensor): Tensor {
    return (this.embedding.forward(indices) as Tensor).mean(1).matmul(this.head.weight.transpose() as never) as Tensor
  }
}

interface Runs {
  forward(...inputs: unknown[]): unknown
}

const both = { layers: 2, bidirectional: true, ...float64 } as const
const transformer = { feedForward: 6, activation: 'gelu', ...float64 } as const
const models: Readonly<Record<string, () => Module>> = {
  mlp: () =>
    new Sequential(
      new Linear(3, 5, float64),
      new PReLU(1, float64),
      new LayerNorm(5, float64),
      new Linear(5, 5, { bias: false, ...float64 }),
      new PReLU(5, float64),
      new RMSNorm(5, float64),
      new Linear(5, 2, float64),
    ),
  cnn: () => new CNN(),
  conv1d: () =>
    new Sequential(
      new Conv1d(2, 4, 3, { groups: 2, ...float64 }),
      new BatchNorm1d(4, { affine: false, ...float64 }),
      new ConvTranspose1d(4, 2, 3, { groups: 2, ...float64 }),
    ),
  rnn: () => new RNN(3, 2, float64),
  lstm: () => new LSTM(3, 2, float64),
  'lstm-both': () => new LSTM(3, 2, both),
  'lstm-projected': () => new LSTM(3, 4, { projection: 2, bias: false, ...both }),
  gru: () => new GRU(3, 2, float64),
  'gru-both': () => new GRU(3, 2, both),
  'gru-unbiased': () => new GRU(3, 2, { bias: false, ...float64 }),
  'lstm-cell': () => new LSTMCell(3, 2, float64),
  'gru-cell': () => new GRUCell(3, 2, float64),
  'rnn-cell': () => new RNNCell(3, 2, float64),
  mha: () => new MultiheadAttention(4, 2, float64),
  'mha-unbiased': () => new MultiheadAttention(4, 2, { bias: false, ...float64 }),
  'mha-sizes': () => new MultiheadAttention(4, 2, { keyFeatures: 3, valueFeatures: 5, ...float64 }),
  encoder: () => new TransformerEncoder(2, 4, 2, { normFirst: true, ...transformer }),
  decoder: () => new TransformerDecoder(2, 4, 2, transformer),
  transformer: () => new Transformer(4, 2, { encoderLayers: 1, decoderLayers: 1, ...transformer }),
  bilinear: () => new Bilinear(3, 4, 2, float64),
  tied: () => new Tied(),
  norms: () =>
    new Sequential(
      new WeightNorm(new Linear(3, 4, float64)),
      new SpectralNorm(new Linear(4, 3, { bias: false, ...float64 })),
      new Unflatten(1, [3, 1]),
      new WeightNorm(new Conv1d(3, 2, 1, float64)),
      new SpectralNorm(new Conv1d(2, 3, 1, float64)),
      new Flatten(),
      new WeightNorm(new Linear(3, 3, float64), { axis: null }),
    ),
  float32: () => new Sequential(new Linear(3, 2), new BatchNorm1d(2)),
}

/** The tensors of a file whose names begin so, without that. */
const under = (file: Readonly<Record<string, Tensor>>, start: string): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(file)
      .filter(([name]) => name.startsWith(start))
      .map(([name, x]) => [name.slice(start.length), x]),
  )
/** By number. */
const ordered = (tensors: Readonly<Record<string, Tensor>>): Tensor[] =>
  Object.keys(tensors)
    .sort((a, b) => Number(a) - Number(b))
    .map((name) => tensors[name]!)

describe("a state of PyTorch's model", () => {
  it('is there for each model', () => {
    expect(readdirSync(folder).sort()).toEqual(
      Object.keys(models)
        .map((name) => `${name}.safetensors`)
        .sort(),
    )
  })

  it.each(Object.entries(models))('%s makes of ours the same function', async (name, make) => {
    const file = await loadTree<Record<string, Tensor>>(join(folder, `${name}.safetensors`))
    const model = make().eval()
    const report = model.loadStateDict(under(file, 'state.'), { from: 'torch' })
    expect(report).toEqual({ missing: [], unexpected: [] })
    const output = treeLeaves(
      (model as unknown as Runs).forward(...ordered(under(file, 'input.'))) as never,
    ) as Tensor[]
    const wanted = ordered(under(file, 'output.'))
    expect(output.length).toBe(wanted.length)
    for (const [i, x] of output.entries()) {
      expect(x.shape).toEqual(wanted[i]!.shape)
      const furthest = Math.max(...x.sub(wanted[i]!).abs().data)
      expect(furthest).toBeLessThan(name === 'float32' ? 1e-6 : 1e-10)
    }
  })

  it('that lacks one of two tied names is enough, and one that disagrees is refused', async () => {
    const file = await loadTree<Record<string, Tensor>>(join(folder, 'tied.safetensors'))
    const state = under(file, 'state.')
    for (const name of ['embedding.weight', 'head.weight']) {
      const model = new Tied()
      model.loadStateDict({ [name]: state[name]! }, { from: 'torch' })
      expect(model.embedding.weight.toArray()).toEqual(state[name]!.toArray())
    }
    const model = new Tied()
    const before = model.embedding.weight.toArray()
    const other = { ...state, 'head.weight': state['head.weight']!.add(1) }
    expect(() => model.loadStateDict(other, { from: 'torch' })).toThrow(
      /'head\.weight' is tied to 'embedding\.weight' here .* has other values in the state; untie them/,
    )
    expect(model.embedding.weight.toArray()).toEqual(before)
  })
})
