import { parameter, type Random, type Tensor, tensor } from '@adjoint/autograd'
import * as nn from '../../src/index.js'
import type { Sample, Samples } from './sample.js'

const normal =
  (...shape: number[]) =>
  (random: Random) => [random.normal(shape, { dtype: 'float64' })]
const tracking = { trackRunningStatistics: true, affine: true } as const

/** A layer of one number or none, that draws nothing. */
const still = (make: Sample['make'], ...shape: number[]): Sample => ({ make, inputs: normal(...shape) })
/** Dropouts in evaluation, and those that drop nothing: what is drawn is compared nowhere here. */
const dropouts = (make: (p: number) => nn.Module, ...shape: number[]): Sample[] => [
  { make: () => make(0.5), inputs: normal(...shape), evaluated: true },
  { make: () => make(0), inputs: normal(...shape) },
]

const indices = (rows: number[] | number[][]) => tensor(rows as number[], { dtype: 'int32' })

export const samples: Samples = {
  Embedding: [
    { make: (options) => new nn.Embedding(4, 3, options), inputs: () => [indices([[0, 3, 3]])] },
    {
      make: (options) => new nn.Embedding(4, 3, { paddingIndex: 3, ...options }),
      // the derivative of padding is 0, whatever differences say
      inputs: () => [indices([0, 2, 2, 1])],
    },
    {
      make: (options) => new nn.Embedding(3, 2, { maxNorm: 0.8, order: 3, ...options }),
      inputs: () => [indices([0, 2, 1])],
    },
  ],
  EmbeddingBag: [
    {
      make: (options) => new nn.EmbeddingBag(4, 3, options),
      inputs: () => [
        indices([
          [0, 3],
          [3, 1],
        ]),
      ],
    },
    {
      make: (options) => new nn.EmbeddingBag(4, 2, { mode: 'sum', paddingIndex: 1, ...options }),
      inputs: (random) => [
        indices([0, 3, 1, 2, 2]),
        { offsets: indices([0, 2, 2]), weights: random.normal([5], { dtype: 'float64' }) },
      ],
    },
    {
      make: (options) => new nn.EmbeddingBag(4, 2, { mode: 'max', ...options }),
      inputs: () => [indices([0, 3, 1, 2]), { offsets: indices([0, 3]) }],
    },
  ],
  Bilinear: [
    {
      make: (options) => new nn.Bilinear(3, 2, 2, options),
      inputs: (random) => [random.normal([2, 3], { dtype: 'float64' }), random.normal([2, 2], { dtype: 'float64' })],
    },
    {
      make: (options) => new nn.Bilinear(2, 3, 1, { bias: false, ...options }),
      inputs: (random) => [random.normal([2], { dtype: 'float64' }), random.normal([3], { dtype: 'float64' })],
    },
  ],
  BatchNorm1d: [
    { make: ({ dtype }) => new nn.BatchNorm1d(2, { dtype }), inputs: normal(3, 2) },
    { make: ({ dtype }) => new nn.BatchNorm1d(2, { dtype }), inputs: normal(3, 2), evaluated: true },
    { make: ({ dtype }) => new nn.BatchNorm1d(2, { momentum: null, affine: false, dtype }), inputs: normal(2, 2, 3) },
    {
      make: ({ dtype }) => new nn.BatchNorm1d(2, { trackRunningStatistics: false, dtype }),
      inputs: normal(3, 2),
      evaluated: true,
    },
  ],
  BatchNorm2d: [{ make: ({ dtype }) => new nn.BatchNorm2d(2, { dtype }), inputs: normal(2, 2, 2, 1) }],
  BatchNorm3d: [{ make: ({ dtype }) => new nn.BatchNorm3d(2, { dtype }), inputs: normal(1, 2, 2, 1, 2) }],
  InstanceNorm1d: [
    { make: ({ dtype }) => new nn.InstanceNorm1d(2, { dtype }), inputs: normal(2, 2, 3) },
    { make: ({ dtype }) => new nn.InstanceNorm1d(2, { ...tracking, dtype }), inputs: normal(2, 2, 3) },
    { make: ({ dtype }) => new nn.InstanceNorm1d(2, { ...tracking, dtype }), inputs: normal(2, 2, 3), evaluated: true },
  ],
  InstanceNorm2d: [
    { make: ({ dtype }) => new nn.InstanceNorm2d(2, { affine: true, dtype }), inputs: normal(2, 2, 2, 2) },
  ],
  InstanceNorm3d: [
    { make: ({ dtype }) => new nn.InstanceNorm3d(1, { affine: true, dtype }), inputs: normal(1, 1, 2, 1, 2) },
  ],
  GroupNorm: [
    { make: ({ dtype }) => new nn.GroupNorm(2, 4, { dtype }), inputs: normal(2, 4) },
    { make: ({ dtype }) => new nn.GroupNorm(1, 2, { affine: false, dtype }), inputs: normal(1, 2, 3) },
  ],
  LayerNorm: [
    { make: ({ dtype }) => new nn.LayerNorm(3, { dtype }), inputs: normal(2, 3) },
    { make: ({ dtype }) => new nn.LayerNorm([3, 2], { bias: false, dtype }), inputs: normal(2, 3, 2) },
    { make: ({ dtype }) => new nn.LayerNorm(3, { affine: false, dtype }), inputs: normal(2, 3) },
  ],
  RMSNorm: [
    { make: ({ dtype }) => new nn.RMSNorm(3, { dtype }), inputs: normal(2, 3) },
    { make: ({ dtype }) => new nn.RMSNorm([3, 2], { affine: false, dtype }), inputs: normal(2, 3, 2) },
  ],
  LocalResponseNorm: [{ make: () => new nn.LocalResponseNorm(2, { alpha: 0.5, k: 2 }), inputs: normal(2, 3, 2) }],
  Dropout: dropouts((p) => new nn.Dropout(p), 2, 3),
  Dropout1d: dropouts((p) => new nn.Dropout1d(p), 2, 3, 2),
  Dropout2d: dropouts((p) => new nn.Dropout2d(p), 1, 2, 2, 2),
  Dropout3d: dropouts((p) => new nn.Dropout3d(p), 1, 2, 1, 2, 2),
  AlphaDropout: dropouts((p) => new nn.AlphaDropout(p), 2, 3),
  FeatureAlphaDropout: dropouts((p) => new nn.FeatureAlphaDropout(p), 2, 3),
  PReLU: [
    { make: (options) => new nn.PReLU(1, options), inputs: normal(4) },
    { make: (options) => new nn.PReLU(3, options), inputs: normal(2, 3, 2) },
  ],
  RReLU: [{ ...still(() => new nn.RReLU(), 2, 3), evaluated: true }, still(() => new nn.RReLU(0.2, 0.2), 2, 3)],
  GLU: [still(() => new nn.GLU(), 2, 4), still(() => new nn.GLU(0), 2, 3)],
  Softmin: [still(() => new nn.Softmin(), 2, 3), still(() => new nn.Softmin(0), 2, 3)],
  Softmax2d: [still(() => new nn.Softmax2d(), 2, 3, 1, 2)],
  Softshrink: [still(() => new nn.Softshrink(), 2, 3)],
  Hardshrink: [still(() => new nn.Hardshrink(0.3), 2, 3)],
  TanhShrink: [still(() => new nn.TanhShrink(), 2, 3)],
  Threshold: [still(() => new nn.Threshold(0.1, -3), 2, 3)],
  HardTanh: [still(() => new nn.HardTanh(), 2, 3), still(() => new nn.HardTanh(-0.3, 2), 2, 3)],
  Softplus: [still(() => new nn.Softplus(), 2, 3), still(() => new nn.Softplus(2.5), 2, 3)],
  Flatten: [still(() => new nn.Flatten(), 2, 3), still(() => new nn.Flatten(0, -2), 2, 3, 2)],
  Unflatten: [still(() => new nn.Unflatten(1, [3, -1]), 2, 6)],
  Residual: [
    { make: (options) => new nn.Residual(new nn.Linear(3, 3, options)), inputs: normal(2, 3) },
    {
      make: (options) =>
        new nn.Residual(new nn.Sequential(new nn.Linear(3, 2, options), new nn.Tanh()), {
          scale: parameter(tensor(0.4, { dtype: 'float64' })) as Tensor,
          projection: new nn.Linear(3, 2, { bias: false, ...options }),
        }),
      inputs: normal(2, 3),
    },
  ],
  WeightNorm: [
    { make: (options) => new nn.WeightNorm(new nn.Linear(3, 2, options)), inputs: normal(2, 3) },
    { make: (options) => new nn.WeightNorm(new nn.Linear(3, 2, options), { axis: null }), inputs: normal(2, 3) },
    {
      make: ({ dtype, random }) =>
        new nn.WeightNorm(
          new nn.Sequential(new nn.Linear(3, 2, { bias: false, dtype, random }), new nn.BatchNorm1d(2, { dtype })),
          {
            name: '0.weight',
            axis: 0,
          },
        ),
      inputs: normal(3, 3),
    },
  ],
  SpectralNorm: [
    {
      make: (options) => new nn.SpectralNorm(new nn.Linear(3, 2, options), { random: options.random }),
      inputs: normal(2, 3),
      evaluated: true,
    },
    // in training its derivative is not that by differences: the vectors are constants
  ],
}
