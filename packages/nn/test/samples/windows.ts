import type { Random } from '@adjoint/autograd'
import * as nn from '../../src/index.js'
import type { Creation, Samples } from './sample.js'

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
}
