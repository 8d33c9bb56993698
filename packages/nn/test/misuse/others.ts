import { Random } from '@adjoint/autograd'
import { type Entry, entriesOf, labels, model, weights } from './entries.js'

/** Other classes. */
export const others: Readonly<Record<string, Entry>> = {
  Optimizer: { args: () => [model(), 0.1, () => ({})], may: ['', '', 'undefined'] },
  SGD: {
    args: () => [model(), { learningRate: 0.1, momentum: 0.9, dampening: 0, nesterov: true, weightDecay: 0 }],
    may: ['', 'required'],
    options: { learningRate: 'required' },
  },
  ...entriesOf(['Adam', 'AdamW'], {
    args: () => [model(), { learningRate: 0.1, betas: [0.9, 0.99], epsilon: 0, weightDecay: 0 }],
  }),
  Batches: {
    args: () => [weights(), labels(), { batchSize: 1, shuffle: true, random: new Random(1), lastBatch: 'drop' }],
  },
}
