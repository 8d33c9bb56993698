import * as nn from '../../src/index.js'
import { creation, type Entry } from './entries.js'

const each = (make: (rank: 1 | 2 | 3) => readonly [string, Entry]): Readonly<Record<string, Entry>> =>
  Object.fromEntries(([1, 2, 3] as const).map(make))
const learned = () => ({ groups: 1, bias: true, init: nn.init.zeros(), ...creation() })

/** Modules, by what their constructors take. */
export const modules: Readonly<Record<string, Entry>> = {
  ...each((rank) => [
    `Conv${rank}d`,
    { args: () => [3, 2, 3, { stride: 1, padding: 0, dilation: 1, paddingMode: 'zeros', ...learned() }] },
  ]),
  ...each((rank) => [
    `ConvTranspose${rank}d`,
    { args: () => [3, 2, 3, { stride: 4, padding: 0, outputPadding: 1, dilation: 1, ...learned() }] },
  ]),
  ...each((rank) => [`MaxPool${rank}d`, { args: () => [3, { stride: 1, padding: 0, dilation: 1, ceilMode: false }] }]),
  ...each((rank) => [
    `AvgPool${rank}d`,
    {
      args: () => [
        3,
        { stride: 1, padding: 0, dilation: 1, ceilMode: false, countIncludePad: false, divisorOverride: 2 },
      ],
    },
  ]),
  ...each((rank) => [`LPPool${rank}d`, { args: () => [3, { p: 1, stride: 1, ceilMode: false }] }]),
  ...each((rank) => [`AdaptiveAvgPool${rank}d`, { args: () => [3] }]),
  ...each((rank) => [`AdaptiveMaxPool${rank}d`, { args: () => [3] }]),
  ...each((rank) => [`Pad${rank}d`, { args: () => [3, { mode: 'constant', value: 1 }], options: { value: 'nan' } }]),
  Upsample: {
    args: () => [{ size: 3, mode: 'linear', alignCorners: true }],
    may: ['required'],
    options: { size: 'required' },
  },
  PixelShuffle: { args: () => [2] },
  PixelUnshuffle: { args: () => [2] },
  Unfold: { args: () => [2, { stride: 1, padding: 0, dilation: 1 }] },
  Fold: { args: () => [[3, 4], 2, { stride: 1, padding: 0, dilation: 1 }] },
  LazyLinear: { args: () => [2, { bias: true, init: nn.init.zeros(), ...creation() }] },
  ...each((rank) => [
    `LazyConv${rank}d`,
    { args: () => [2, 3, { stride: 1, padding: 0, dilation: 1, paddingMode: 'zeros', ...learned() }] },
  ]),
  ...each((rank) => [
    `LazyConvTranspose${rank}d`,
    { args: () => [2, 3, { stride: 4, padding: 0, outputPadding: 1, dilation: 1, ...learned() }] },
  ]),
}
