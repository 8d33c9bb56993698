import { type Random, tensor } from '@adjoint/autograd'
import * as nn from '../../src/index.js'
import type { Samples } from './sample.js'

const normal = (random: Random, ...shape: number[]) => random.normal(shape, { dtype: 'float64' })
// five steps are a loop, whose second derivative takes long, and two are not
const loop = (random: Random) => [normal(random, 5, 1)]
const lengths = (...numbers: number[]) => ({ lengths: tensor(numbers, { dtype: 'int32' }) })
const row = (random: Random) => [normal(random, 2, 3)]

export const samples: Samples = {
  RNN: [
    {
      make: (options) => new nn.RNN(1, 1, options),
      inputs: (random) => [normal(random, 1, 5, 1), null, lengths(4)],
    },
    {
      make: (options) => new nn.RNN(3, 2, { activation: 'relu', bidirectional: true, ...options }),
      inputs: (random) => [normal(random, 2, 2, 3), normal(random, 2, 2, 2)],
    },
  ],
  GRU: [
    {
      make: (options) => new nn.GRU(2, 2, { bidirectional: true, ...options }),
      inputs: (random) => [normal(random, 2, 2, 2), null, lengths(2, 1)],
    },
    {
      make: (options) => new nn.GRU(1, 1, { resetAfter: false, ...options }),
      inputs: (random) => [...loop(random), normal(random, 1, 1)],
    },
  ],
  LSTM: [
    {
      make: (options) => new nn.LSTM(1, 2, { layers: 2, dropout: 0.5, projection: 1, forgetBias: 1, ...options }),
      inputs: (random) => [
        normal(random, 2, 2, 1),
        { hidden: normal(random, 2, 2, 1), cell: normal(random, 2, 2, 2) },
        lengths(1, 2),
      ],
      evaluated: true,
    },
    { make: (options) => new nn.LSTM(1, 1, { save: 'carries', ...options }), inputs: loop },
  ],
  RNNCell: [{ make: (options) => new nn.RNNCell(3, 2, options), inputs: row }],
  GRUCell: [
    { make: (options) => new nn.GRUCell(3, 2, options), inputs: (random) => [...row(random), normal(random, 2, 2)] },
  ],
  LSTMCell: [{ make: (options) => new nn.LSTMCell(3, 2, options), inputs: row }],
}
