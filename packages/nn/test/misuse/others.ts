import { Random } from '@adjoint/autograd'
import * as nn from '../../src/index.js'
import { type Entry, entriesOf, labels, model, weights } from './entries.js'
import * as training from './training.js'

/** Other classes. */
export const others: Readonly<Record<string, Entry>> = {
  ...training.classes,
  Optimizer: {
    args: () => [nn.optimizers.adam, model(), { learningRate: 0.1, amsgrad: true }],
    may: ['required'],
    options: { name: 'string required', hyper: 'required', update: 'required' },
  },
  SGD: {
    args: () => [
      model(),
      {
        learningRate: 0.1,
        momentum: 0.9,
        dampening: 0,
        nesterov: true,
        maximize: true,
        weightDecay: 0,
        groups: [{ path: 'bias' }],
      },
    ],
    may: ['', 'required'],
    options: { learningRate: 'required', groups: 'array' },
  },
  ...entriesOf(['Adam', 'AdamW'], {
    args: () => [
      model(),
      {
        learningRate: 0.1,
        betas: [0.9, 0.99],
        epsilon: 0,
        weightDecay: 0,
        amsgrad: true,
        maximize: true,
        groups: [{ path: 'bias' }],
      },
    ],
    options: { groups: 'array' },
  }),
  Batches: {
    args: () => [weights(), labels(), { batchSize: 1, shuffle: true, random: new Random(1), lastBatch: 'drop' }],
  },
}
