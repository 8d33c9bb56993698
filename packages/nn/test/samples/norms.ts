import type { Random } from '@adjoint/autograd'
import * as nn from '../../src/index.js'
import type { Samples } from './sample.js'

const normal =
  (...shape: number[]) =>
  (random: Random) => [random.normal(shape, { dtype: 'float64' })]
const tracking = { trackRunningStatistics: true, affine: true } as const

export const samples: Samples = {
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
}
