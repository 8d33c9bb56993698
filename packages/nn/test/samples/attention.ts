import { type Random, tensor } from '@adjoint/autograd'
import * as nn from '../../src/index.js'
import type { Samples } from './sample.js'

const normal =
  (...shapes: readonly number[][]) =>
  (random: Random): unknown[] =>
    shapes.map((shape) => random.normal(shape, { dtype: 'float64' }))
const with_ = (inputs: (random: Random) => unknown[], options: (random: Random) => object) => (random: Random) => [
  ...inputs(random),
  options(random),
]
const truths = (numbers: readonly (readonly number[])[]) => tensor(numbers.map((row) => row.map(Boolean)))
const cacheOf = (random: Random, ...shape: number[]) => ({
  keys: random.normal(shape, { dtype: 'float64' }),
  values: random.normal(shape, { dtype: 'float64' }),
  length: tensor(1, { dtype: 'int32' }),
})
// a LayerNorm of two features is a step, unless epsilon is large
const small = { feedForward: 1, activation: 'gelu', dropout: 0, epsilon: 0.5 } as const

// a bias of keys moves all scores of a query alike, unless positions turn them: its derivative is 0 but for rounding, in which
// gradcheck sees kinks
const unbiased = { bias: false }

export const samples: Samples = {
  MultiheadAttention: [
    {
      make: (options) => new nn.MultiheadAttention(2, 2, { ...unbiased, ...options }),
      inputs: with_(normal([2, 3, 2]), () => ({
        causal: true,
        keyMask: truths([
          [1, 1, 0],
          [0, 1, 1],
        ]),
      })),
    },
    {
      make: (options) =>
        new nn.MultiheadAttention(4, 2, { keyHeads: 1, keyFeatures: 3, rotary: true, alibi: true, ...options }),
      inputs: with_(normal([2, 2, 4], [2, 3, 3]), (random) => ({
        mask: random.normal([2, 3], { dtype: 'float64' }),
      })),
    },
    {
      make: (options) => new nn.MultiheadAttention(4, 2, { rotary: true, alibi: true, ...options }),
      inputs: with_(normal([1, 2, 4]), (random) => ({ causal: true, cache: cacheOf(random, 1, 2, 4, 2) })),
    },
    {
      make: (options) => new nn.MultiheadAttention(2, 1, { valueFeatures: 3, dropout: 0.5, ...unbiased, ...options }),
      inputs: normal([3, 2], [2, 2], [2, 3]),
      evaluated: true,
    },
  ],
  RotaryPositions: [
    { make: () => new nn.RotaryPositions(4), inputs: normal([2, 3, 4]) },
    {
      make: () => new nn.RotaryPositions(2, { pairs: 'neighbours' }),
      inputs: with_(normal([3, 2]), () => ({ offset: tensor(4, { dtype: 'int32' }) })),
    },
  ],
  SinusoidalPositions: [{ make: () => new nn.SinusoidalPositions(3), inputs: normal([2, 4, 3]) }],
  LearnedPositions: [
    { make: (options) => new nn.LearnedPositions(4, 3, options), inputs: normal([2, 3, 3]) },
    {
      make: (options) => new nn.LearnedPositions(4, 3, options),
      inputs: with_(normal([2, 3]), () => ({ offset: tensor(2, { dtype: 'int32' }) })),
    },
  ],
  TransformerEncoderLayer: [
    {
      make: (options) => new nn.TransformerEncoderLayer(2, 1, { ...small, ...unbiased, ...options }),
      inputs: normal([2, 3, 2]),
    },
    {
      make: (options) => new nn.TransformerEncoderLayer(2, 1, { ...small, normFirst: true, rotary: true, ...options }),
      inputs: with_(normal([1, 2, 2]), (random) => ({ causal: true, cache: cacheOf(random, 1, 1, 3, 2) })),
    },
  ],
  TransformerEncoder: [
    {
      make: (options) => new nn.TransformerEncoder(1, 2, 1, { ...small, normFirst: true, rotary: true, ...options }),
      inputs: with_(normal([2, 2, 2]), () => ({ causal: true })),
    },
  ],
  TransformerDecoderLayer: [
    {
      make: (options) => new nn.TransformerDecoderLayer(2, 1, { ...small, ...unbiased, normFirst: true, ...options }),
      inputs: with_(normal([1, 2, 2], [1, 3, 2]), () => ({ causal: true, memoryKeyMask: truths([[1, 0, 1]]) })),
    },
  ],
  Transformer: [
    {
      make: (options) =>
        new nn.Transformer(2, 1, { encoderLayers: 1, decoderLayers: 1, ...small, ...unbiased, ...options }),
      inputs: with_(normal([1, 3, 2], [1, 2, 2]), () => ({ causal: true, sourceKeyMask: truths([[1, 0, 1]]) })),
    },
  ],
  TransformerDecoder: [
    {
      make: (options) => new nn.TransformerDecoder(1, 2, 1, { ...small, ...unbiased, finalNorm: true, ...options }),
      inputs: normal([1, 2, 2], [1, 3, 2]),
    },
  ],
}
