import { zeros } from '@adjoint/autograd'
import * as nn from '../../src/index.js'
import { type Entry, model, weights } from './entries.js'

const batch = () => ({ x: weights(), y: zeros([2, 1]) })

export const functions: Readonly<Record<string, Entry>> = {
  // a function of anything is a loss; what it gives is looked at
  gradientFlow: { args: () => [model(), nn.mse, batch()], may: ['', '', 'data'] },
  watchTraining: {
    args: () => [model(), { loss: nn.mse, batch: batch(), every: 2 }],
    may: ['', 'required'],
    options: { loss: 'required', batch: 'required' },
  },
}
