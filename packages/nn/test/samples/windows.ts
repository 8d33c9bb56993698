import type { Random } from '@adjoint/autograd'
import * as nn from '../../src/index.js'
import type { Creation, Sample, Samples } from './sample.js'

const draw =
  (...shape: number[]) =>
  (random: Random) => [random.normal(shape, { dtype: 'float64' })]
/** Elements that differ by at least a quarter: away from where the greatest changes. */
const apart =
  (...shape: number[]) =>
  (random: Random) => {
    const order = random.permutation(shape.reduce((a, b) => a * b))
    return [order.cast('float64').div(4).sub(1).reshape(shape)]
  }
const make =
  (Class: new (...args: never[]) => nn.Module, ...args: unknown[]) =>
  (options: Creation) => {
    const last = args.at(-1)
    const given =
      typeof last === 'object' && !Array.isArray(last)
        ? [...args.slice(0, -1), { ...last, ...options }]
        : [...args, options]
    return new Class(...(given as never[]))
  }
/** Made without parameters. */
const plain =
  (Class: new (...args: never[]) => nn.Module, ...args: unknown[]) =>
  () =>
    new Class(...(args as never[]))

/** A lazy layer that has had its first input. */
const lazy = (
  Class: new (...args: never[]) => nn.Module,
  args: readonly unknown[],
  inputs: (random: Random) => readonly unknown[],
): Sample => ({
  make: (options) => {
    const layer = make(Class, ...args)(options) as nn.LazyLinear<number>
    layer.forward(inputs(options.random)[0] as never)
    return layer
  },
  inputs,
})

export const samples: Samples = {
  Conv1d: [
    { make: make(nn.Conv1d, 2, 3, 2), inputs: draw(2, 2, 4) },
    { make: make(nn.Conv1d, 2, 2, 3, { padding: 'same', groups: 2, paddingMode: 'circular' }), inputs: draw(1, 2, 4) },
  ],
  Conv2d: [
    { make: make(nn.Conv2d, 1, 2, [2, 3], { stride: [2, 1], padding: [1, 0] }), inputs: draw(2, 1, 3, 4) },
    {
      make: make(nn.Conv2d, 1, 1, 2, { padding: 1, dilation: 2, paddingMode: 'reflect', bias: false }),
      inputs: draw(1, 1, 3, 3),
    },
    { make: make(nn.Conv2d, 1, 1, 2, { padding: 'same', paddingMode: 'replicate' }), inputs: draw(1, 1, 3, 2) },
  ],
  Conv3d: [{ make: make(nn.Conv3d, 1, 2, 2, { padding: 1, stride: 2 }), inputs: draw(1, 1, 2, 3, 2) }],
  ConvTranspose1d: [
    { make: make(nn.ConvTranspose1d, 2, 2, 3, { stride: 2, outputPadding: 1, groups: 2 }), inputs: draw(1, 2, 3) },
  ],
  ConvTranspose2d: [
    { make: make(nn.ConvTranspose2d, 1, 2, [2, 3], { stride: 2, padding: [0, 1] }), inputs: draw(1, 1, 2, 3) },
    { make: make(nn.ConvTranspose2d, 2, 1, 2, { dilation: 2, bias: false }), inputs: draw(1, 2, 2, 2) },
  ],
  ConvTranspose3d: [{ make: make(nn.ConvTranspose3d, 1, 2, 2), inputs: draw(1, 1, 2, 1, 2) }],
  MaxPool1d: [{ make: plain(nn.MaxPool1d, 2, { stride: 1, dilation: 2 }), inputs: apart(1, 2, 5) }],
  MaxPool2d: [
    { make: plain(nn.MaxPool2d, 2), inputs: apart(2, 1, 4, 4) },
    { make: plain(nn.MaxPool2d, [2, 3], { stride: 2, padding: 1, ceilMode: true }), inputs: apart(1, 1, 4, 5) },
  ],
  MaxPool3d: [{ make: plain(nn.MaxPool3d, 2), inputs: apart(1, 1, 2, 4, 2) }],
  AvgPool1d: [{ make: plain(nn.AvgPool1d, 2, { stride: 1, dilation: 2 }), inputs: draw(1, 2, 4) }],
  AvgPool2d: [
    { make: plain(nn.AvgPool2d, [2, 3], { stride: 2, padding: 1, ceilMode: true }), inputs: draw(1, 1, 4, 5) },
    { make: plain(nn.AvgPool2d, 2, { padding: 1, countIncludePad: false }), inputs: draw(1, 1, 3, 4) },
    { make: plain(nn.AvgPool2d, 2, { divisorOverride: 3 }), inputs: draw(1, 1, 4, 4) },
  ],
  AvgPool3d: [{ make: plain(nn.AvgPool3d, 2), inputs: draw(1, 1, 2, 4, 2) }],
  LPPool1d: [{ make: plain(nn.LPPool1d, 2, { p: 3, stride: 1 }), inputs: draw(1, 2, 4) }],
  LPPool2d: [{ make: plain(nn.LPPool2d, [2, 3], { ceilMode: true }), inputs: draw(1, 1, 3, 4) }],
  LPPool3d: [{ make: plain(nn.LPPool3d, 2, { p: 1 }), inputs: draw(1, 1, 2, 4, 2) }],
  AdaptiveAvgPool1d: [{ make: plain(nn.AdaptiveAvgPool1d, 3), inputs: draw(1, 2, 5) }],
  AdaptiveAvgPool2d: [{ make: plain(nn.AdaptiveAvgPool2d, [2, null]), inputs: draw(1, 1, 3, 2) }],
  AdaptiveAvgPool3d: [{ make: plain(nn.AdaptiveAvgPool3d, 1), inputs: draw(1, 2, 2, 3, 2) }],
  AdaptiveMaxPool1d: [{ make: plain(nn.AdaptiveMaxPool1d, 3), inputs: apart(1, 2, 5) }],
  AdaptiveMaxPool2d: [{ make: plain(nn.AdaptiveMaxPool2d, [2, null]), inputs: apart(1, 1, 3, 2) }],
  AdaptiveMaxPool3d: [{ make: plain(nn.AdaptiveMaxPool3d, 1), inputs: apart(1, 2, 2, 3, 2) }],
  Pad1d: [{ make: plain(nn.Pad1d, [[2, 0]], { mode: 'reflect' }), inputs: draw(1, 2, 3) }],
  Pad2d: [
    { make: plain(nn.Pad2d, [[-1, 2], 1], { value: 3 }), inputs: draw(1, 1, 2, 3) },
    { make: plain(nn.Pad2d, 2, { mode: 'circular' }), inputs: draw(1, 1, 2, 3) },
  ],
  Pad3d: [{ make: plain(nn.Pad3d, 1, { mode: 'replicate' }), inputs: draw(1, 1, 1, 2, 2) }],
  Upsample: [
    { make: plain(nn.Upsample, { scale: 2 }), inputs: draw(1, 2, 3) },
    { make: plain(nn.Upsample, { size: [3, 5], mode: 'bilinear', alignCorners: true }), inputs: draw(1, 1, 2, 3) },
    { make: plain(nn.Upsample, { scale: [2, 1.5], mode: 'bicubic' }), inputs: draw(1, 1, 2, 3) },
    { make: plain(nn.Upsample, { size: 3, mode: 'trilinear' }), inputs: draw(1, 1, 2, 1, 2) },
  ],
  PixelShuffle: [{ make: plain(nn.PixelShuffle, 2), inputs: draw(1, 8, 1, 2) }],
  PixelUnshuffle: [{ make: plain(nn.PixelUnshuffle, 2), inputs: draw(2, 2, 4) }],
  Unfold: [
    { make: plain(nn.Unfold, [2, 3], { stride: [2, 1], padding: [0, 1] }), inputs: draw(1, 2, 4, 2) },
    { make: plain(nn.Unfold, 2, { dilation: 2 }), inputs: draw(1, 2, 4) },
  ],
  Fold: [{ make: plain(nn.Fold, [3, 4], 2, { stride: [1, 2], padding: [0, 1] }), inputs: draw(1, 4, 6) }],
  LazyLinear: [lazy(nn.LazyLinear, [2], draw(2, 3)), lazy(nn.LazyLinear, [2, { bias: false }], draw(3))],
  LazyConv1d: [lazy(nn.LazyConv1d, [2, 2], draw(1, 2, 3))],
  LazyConv2d: [lazy(nn.LazyConv2d, [2, [2, 3], { padding: 1, paddingMode: 'circular', groups: 2 }], draw(1, 2, 2, 2))],
  LazyConv3d: [lazy(nn.LazyConv3d, [2, 2, { bias: false }], draw(1, 1, 2, 2, 3))],
  LazyConvTranspose1d: [lazy(nn.LazyConvTranspose1d, [2, 2, { stride: 2 }], draw(1, 2, 3))],
  LazyConvTranspose2d: [lazy(nn.LazyConvTranspose2d, [1, 2, { bias: false }], draw(1, 2, 2, 2))],
  LazyConvTranspose3d: [lazy(nn.LazyConvTranspose3d, [1, [1, 2, 2]], draw(1, 1, 2, 1, 2))],
}
