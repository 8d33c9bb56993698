import { type Entry, entriesOf } from './entries.js'

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
}
