import { type Random, tensor } from '@adjoint/autograd'
import * as nn from '../../src/index.js'
import type { Samples } from './sample.js'

const normal = (random: Random, ...shape: number[]) => random.normal(shape, { dtype: 'float64' })
/** Five steps are a loop, and two are not. */
const batch = (random: Random) => [normal(random, 2, 5, 3)]
const lengths = { lengths: tensor([4, 2], { dtype: 'int32' }) }
const row = (random: Random) => [normal(random, 2, 3)]

export const samples: Samples = {
  RNN: [
    { make: (options) => new nn.RNN(3, 2, options), inputs: batch },
    {
      make: (options) => new nn.RNN(3, 2, { activation: 'relu', bidirectional: true, ...options }),
      inputs: (random) => [normal(random, 2, 2, 3), normal(random, 2, 2, 2)],
    },
  ],
  GRU: [
    {
      make: (options) => new nn.GRU(3, 2, { bidirectional: true, ...options }),
      inputs: (random) => [...batch(random), null, lengths],
    },
    {
      make: (options) => new nn.GRU(3, 2, { resetAfter: false, layers: 2, save: 2, ...options }),
      inputs: (random) => [normal(random, 5, 3), normal(random, 2, 2)],
    },
  ],
  LSTM: [
    {
      make: (options) => new nn.LSTM(3, 2, { layers: 2, dropout: 0.5, projection: 1, forgetBias: 1, ...options }),
      inputs: (random) => [
        ...batch(random),
        { hidden: normal(random, 2, 2, 1), cell: normal(random, 2, 2, 2) },
        lengths,
      ],
      evaluated: true,
    },
    { make: (options) => new nn.LSTM(3, 2, { save: 'carries', ...options }), inputs: batch },
  ],
  RNNCell: [{ make: (options) => new nn.RNNCell(3, 2, options), inputs: row }],
  GRUCell: [
    { make: (options) => new nn.GRUCell(3, 2, options), inputs: (random) => [...row(random), normal(random, 2, 2)] },
  ],
  LSTMCell: [{ make: (options) => new nn.LSTMCell(3, 2, options), inputs: row }],
}
