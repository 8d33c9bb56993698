import { Random } from '@adjoint/autograd'
import * as nn from '../../src/index.js'
import { creation, type Entry, entriesOf, model, none } from './entries.js'

const channelNorm: Entry = {
  args: () => [3, { epsilon: 1e-5, momentum: 0.2, affine: true, trackRunningStatistics: true, dtype: 'float64' }],
  options: { momentum: 'null' },
}

/** Modules, by what their constructors take. */
export const modules: Readonly<Record<string, Entry>> = {
  ...entriesOf(
    ['BatchNorm1d', 'BatchNorm2d', 'BatchNorm3d', 'InstanceNorm1d', 'InstanceNorm2d', 'InstanceNorm3d'],
    channelNorm,
  ),
  GroupNorm: { args: () => [2, 6, { epsilon: 1e-5, affine: true, dtype: 'float64' }] },
  LayerNorm: { args: () => [3, { epsilon: 1e-5, affine: true, bias: true, dtype: 'float64' }] },
  RMSNorm: { args: () => [[3, 2], { epsilon: 1e-5, affine: true, dtype: 'float64' }], may: ['number'] },
  LocalResponseNorm: { args: () => [3, { alpha: 1e-4, beta: 0.75, k: 1 }] },
  ...entriesOf(['Dropout', 'Dropout1d', 'Dropout2d', 'Dropout3d', 'AlphaDropout', 'FeatureAlphaDropout'], {
    args: () => [0.5, { random: new Random(1) }],
    may: ['undefined -number'],
  }),
  PReLU: { args: () => [3, { init: nn.init.zeros(), ...creation() }], may: ['undefined'] },
  RReLU: { args: () => [0.1, 5, { random: new Random(1) }], may: ['undefined', 'undefined'] },
  ...entriesOf(['GLU', 'Softmin'], { args: () => [1], may: ['undefined'] }),
  ...entriesOf(['Softmax2d', 'TanhShrink'], none),
  ...entriesOf(['Softshrink', 'Hardshrink', 'Softplus'], { args: () => [0.5], may: ['undefined'] }),
  Threshold: { args: () => [0.5, 2] },
  HardTanh: { args: () => [-1, 4], may: ['undefined', 'undefined'] },
  Flatten: { args: () => [1, 4], may: ['undefined', 'undefined'] },
  Unflatten: { args: () => [1, [2, 3]] },
  Residual: {
    args: () => [new nn.ReLU(), { scale: 0.5, projection: new nn.ReLU() }],
    options: { scale: 'tensor', projection: 'null' },
  },
  Embedding: {
    args: () => [9, 2, { init: nn.init.zeros(), paddingIndex: 1, maxNorm: 2, order: 1, ...creation() }],
    options: { maxNorm: 'required' },
  },
  EmbeddingBag: {
    args: () => [9, 2, { mode: 'sum', init: nn.init.zeros(), paddingIndex: 1, maxNorm: 2, order: 1, ...creation() }],
    // an order is for it
    options: { maxNorm: 'required' },
  },
  Bilinear: { args: () => [3, 2, 4, { bias: true, init: nn.init.zeros(), ...creation() }] },
  WeightNorm: { args: () => [model(), { name: 'weight', axis: 1 }], options: { axis: 'null' } },
  SpectralNorm: {
    args: () => [model(), { name: 'weight', axis: 1, iterations: 2, epsilon: 1e-6, random: new Random(1) }],
  },
}
