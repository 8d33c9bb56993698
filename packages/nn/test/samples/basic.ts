import type { Random } from '@adjoint/autograd'
import * as nn from '../../src/index.js'
import type { Sample, Samples } from './sample.js'

const rows = (random: Random) => [random.normal([2, 3], { dtype: 'float64' })]

/** Layers of no settings, and of one number or axis. */
const activations = [
  ...['ReLU', 'ReLU6', 'SELU', 'Sigmoid', 'LogSigmoid', 'Tanh', 'Softsign', 'SiLU', 'Mish', 'GELU'],
  ...['HardSigmoid', 'HardSwish', 'LeakyReLU', 'ELU', 'CELU', 'Softmax', 'LogSoftmax', 'Identity'],
]
const plain = (name: string): Sample => ({
  make: () => new (nn as unknown as Record<string, new () => nn.Module>)[name]!(),
  inputs: rows,
})

export const samples: Samples = {
  ...Object.fromEntries(activations.map((name) => [name, [plain(name)]])),
  Activation: [{ make: () => new nn.Activation('cube', (x) => x.mul(x).mul(x)), inputs: rows }],
  Linear: [
    { make: (options) => new nn.Linear(3, 2, options), inputs: rows },
    { make: (options) => new nn.Linear(3, 2, { bias: false, ...options }), inputs: rows },
  ],
  Sequential: [
    {
      make: (options) => new nn.Sequential(new nn.Linear(3, 4, options), new nn.Tanh(), new nn.Linear(4, 2, options)),
      inputs: rows,
    },
  ],
}
