import { compile, conv2d, pad, Random, random, ShapeError, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { beforeEach, describe, expect, it } from 'vitest'
import * as nn from '../src/index.js'

// What the walk over all layers and the comparison with PyTorch cannot know of layers over windows.

beforeEach(() => random.seed(1))

const loose = (layer: object) => layer as unknown as { forward(x: Tensor): Tensor }
const shape = (layer: object, ...sizes: number[]) => loose(layer).forward(zeros(sizes) as Tensor).shape

describe('convolutions', () => {
  it('start as in PyTorch, evenly over ±1/sqrt(fanIn), reproducibly', () => {
    const bounds: [nn.Module, number][] = [
      [new nn.Conv1d(8, 40, 8), 1 / Math.sqrt(8 * 8)],
      [new nn.Conv2d(4, 64, [2, 4]), 1 / Math.sqrt(4 * 2 * 4)],
      [new nn.Conv2d(8, 64, 4, { groups: 2 }), 1 / Math.sqrt(4 * 16)],
      [new nn.Conv3d(2, 64, 2), 1 / Math.sqrt(2 * 8)],
      // torch.nn.ConvTranspose2d: k = groups / (outputs * area of the kernel)
      [new nn.ConvTranspose2d(16, 64, 2, { groups: 4 }), Math.sqrt(4 / (64 * 4))],
    ]
    for (const [layer, bound] of bounds) {
      const { weight, bias } = Object.fromEntries(layer.namedParameters())
      for (const p of [weight!, bias!]) {
        expect(Math.max(...p.data.map(Math.abs)), `${layer}`).toBeLessThanOrEqual(bound)
        expect(Math.max(...p.data), `${layer}`).toBeGreaterThan(0.85 * bound)
        expect(Math.min(...p.data), `${layer}`).toBeLessThan(-0.85 * bound)
      }
    }
    const made = () => new nn.Conv2d(3, 2, 3, { random: new Random(7) }).stateDict()
    expect(made().weight!.toArray()).toEqual(made().weight!.toArray())
  })

  it('tell initializers how many inputs and outputs there are', () => {
    const seen: unknown[] = []
    const init = ((sizes: readonly number[], { fanIn, fanOut }: nn.InitializerOptions) => {
      seen.push([sizes, fanIn, fanOut])
      return zeros([...sizes])
    }) as unknown as nn.Initializer
    new nn.Conv2d(4, 6, [2, 3], { groups: 2, init })
    new nn.ConvTranspose2d(4, 6, [2, 3], { groups: 2, init })
    expect(seen).toEqual([
      [[6, 2, 2, 3], 12, 18],
      [[4, 3, 2, 3], 18, 12],
    ])
  })

  it('say what they are made of, as code', () => {
    expect(`${new nn.Conv2d(1, 8, 3)}`).toBe('Conv2d(1, 8, 3)')
    const more = { stride: [2, 1], padding: [1, 0], paddingMode: 'reflect', bias: false } as const
    expect(`${new nn.Conv2d(1, 8, [3, 5], more)}`).toBe(
      "Conv2d(1, 8, [3, 5], { stride: [2, 1], padding: [1, 0], paddingMode: 'reflect', bias: false })",
    )
    expect(`${new nn.ConvTranspose1d(1, 8, 3, { stride: 2, outputPadding: 1 })}`).toBe(
      'ConvTranspose1d(1, 8, 3, { stride: 2, outputPadding: 1 })',
    )
    const override = new nn.AvgPool2d(2, { countIncludePad: false, divisorOverride: 3 })
    expect(`${override}`).toBe('AvgPool2d(2, { countIncludePad: false, divisorOverride: 3 })')
    expect(`${new nn.Pad2d([1, [0, 2]], { value: 1 })}`).toBe('Pad2d([1, [0, 2]], { value: 1 })')
    expect(`${new nn.Fold([3, 4], [2, 3])}`).toBe('Fold([3, 4], [2, 3])')
    expect(`${new nn.MaxPool2d(2)}`).toBe('MaxPool2d(2)')
    expect(`${new nn.MaxPool2d([2, 3], { stride: [2, 3], ceilMode: true })}`).toBe(
      'MaxPool2d([2, 3], { ceilMode: true })',
    )
  })

  it('mirror what stands behind an edge too, as pad does where PyTorch refuses', () => {
    const x = random.normal([1, 1, 2, 3], { dtype: 'float64' })
    for (const paddingMode of ['reflect', 'symmetric', 'replicate', 'circular'] as const) {
      const layer = new nn.Conv2d(1, 1, 2, { padding: [3, 4], paddingMode, bias: false, dtype: 'float64' })
      const wanted = conv2d(
        pad(
          x,
          [
            [0, 0],
            [0, 0],
            [3, 3],
            [4, 4],
          ],
          { mode: paddingMode },
        ),
        layer.weight,
      )
      expect(layer.forward(x).toArray(), paddingMode).toEqual(wanted.toArray())
    }
  })

  it('take an option that is undefined for one that is not given', () => {
    const layer = new nn.Conv2d(1, 2, 3, { stride: undefined as never, padding: undefined as never })
    expect(`${layer}`).toBe('Conv2d(1, 2, 3)')
    expect(shape(layer, 1, 1, 3, 3)).toEqual([1, 2, 1, 1])
  })

  it('take a batch of no examples', () => {
    expect(shape(new nn.Conv2d(1, 2, 3), 0, 1, 4, 4)).toEqual([0, 2, 2, 2])
    expect(shape(new nn.MaxPool2d(2), 0, 1, 4, 4)).toEqual([0, 1, 2, 2])
  })
})

describe('what is wrong is said with the layer and the remedy', () => {
  const image = zeros([2, 3, 8, 8]) as Tensor
  it.each<[() => unknown, string]>([
    [
      () => loose(new nn.Conv2d(1, 8, 3)).forward(image),
      'Conv2d(1, 8, 3): expects 1 channels, got 3: x has shape [2, 3, 8, 8], and its axis 1 holds the channels; permute()',
    ],
    [
      () => loose(new nn.Conv2d(3, 8, 3)).forward(zeros([3, 8, 8]) as Tensor),
      'Conv2d(3, 8, 3): expects [batch, channels, height, width], got [3, 8, 8]; one example without a batch is expandDims(0)',
    ],
    [
      () => loose(new nn.Conv1d(3, 8, 3)).forward(image),
      'Conv1d(3, 8, 3): expects [batch, channels, length], got [2, 3, 8, 8]; reshape() x, or use the layer for as many axes.',
    ],
    [
      () => loose(new nn.Conv2d(3, 8, 9)).forward(image),
      'Conv2d(3, 8, 9): a window reaching over [9, 9] is larger than the padded image of [8, 8], from input [2, 3, 8, 8]; pad more',
    ],
    [
      () => loose(new nn.Sequential(new nn.MaxPool2d(9), new nn.Flatten())).forward(image),
      'layer 0: a window reaching over [9, 9] is larger than the padded image of [8, 8], from input [2, 3, 8, 8]; pad more or use a smaller window. (MaxPool2d(9))',
    ],
    [
      () => loose(new nn.ConvTranspose2d(3, 8, 1, { padding: 4 })).forward(image),
      'ConvTranspose2d(3, 8, 1, { padding: 4 }): of input [2, 3, 8, 8] padding [4, 4] leaves [0, 0]; pad less.',
    ],
    [
      () => loose(new nn.MaxPool2d(2, { padding: 2 })).forward(image),
      'MaxPool2d(2, { padding: 2 }): padding [2, 2] covers whole windows',
    ],
    [
      () => loose(new nn.MaxPool2d(2)).forward(zeros([1, 1, 4, 4], { dtype: 'int32' }) as Tensor),
      "MaxPool2d(2): the input is int32[1, 1, 4, 4]; cast it to 'float32' or 'float64'.",
    ],
    [
      () => new nn.Conv2d(3, 8, 3, { groups: 2 }),
      'Conv2d: 3 inputs do not fall into 2 groups of equal size; use a number of groups that divides them.',
    ],
    [() => new nn.Conv2d(4, 6, 3, { groups: 4 }), 'Conv2d: 6 outputs do not fall into 4 groups of equal size'],
    [() => new nn.Conv2d(3, 8, 0), 'Conv2d: kernel is 0; use integers of at least 1.'],
    [() => new nn.Conv2d(3, 8, [3, 1.5]), 'Conv2d: kernel is [3, 1.5]; use integers of at least 1.'],
    [() => new nn.Conv2d(3, 8, 3, { padding: -1 }), 'Conv2d: padding is -1; use integers of at least 0.'],
    [
      () => new nn.Conv2d(3, 8, [3, 3, 3] as never),
      'Conv2d: kernel is [3, 3, 3]; use a number, or one for the height and one for the width: [2, 1].',
    ],
    [
      () => new nn.Conv2d(3, 8, 3, { padding: 'same', stride: 2 }),
      "Conv2d: padding 'same' with stride 2; use a stride of 1, or pad by numbers.",
    ],
    [
      () => new nn.ConvTranspose2d(3, 8, 3, { outputPadding: 1 }),
      'ConvTranspose2d: outputPadding is 1; use less than the stride 1 or the dilation 1',
    ],
    [() => new nn.Conv2d(3, 8, 3, { padding_mode: 'reflect' } as never), 'did you mean paddingMode?'],
    [() => new nn.Conv2d(3, 8, { kernel_size: 3 } as never), 'Conv2d: kernel is { kernel_size }; use a number'],
    [() => new nn.MaxPool2d({ kernel_size: 2 } as never), 'MaxPool2d: size is { kernel_size }; use a number'],
    [() => new nn.MaxPool2d(2, 2 as never), 'MaxPool2d: options is 2; use one object with any of stride, padding'],
    [
      () => new nn.MaxPool2d(2, { return_indices: true } as never),
      'MaxPool2d: unknown option return_indices: maxPool2dWithIndices() gives them',
    ],
    [
      () => loose(new nn.AvgPool1d(2)).forward(image),
      'AvgPool1d(2): expects [batch, channels, length], got [2, 3, 8, 8]; reshape() x',
    ],
    [() => new nn.AvgPool2d(2, { divisorOverride: 0 }), 'AvgPool2d: divisorOverride is 0; use a number other than 0.'],
    [() => new nn.AvgPool2d(2, { count_include_pad: false } as never), 'did you mean countIncludePad?'],
    [() => new nn.LPPool2d(2, { p: 0 }), 'LPPool2d: p is 0; use a positive number.'],
    [() => new nn.LPPool2d(2, { norm_type: 1 } as never), 'did you mean p?'],
    [
      () => new nn.AdaptiveAvgPool2d([0, 1]),
      'AdaptiveAvgPool2d: size is [0, 1]; use integers of at least 1, or null to leave an axis as it is.',
    ],
    [
      () => loose(new nn.AdaptiveMaxPool2d([2, null])).forward(zeros([1, 1, 0, 2]) as Tensor),
      'AdaptiveMaxPool2d([2, null]): axis 2 of shape [1, 1, 0, 2] is empty; give it elements to pool.',
    ],
    [() => new nn.Pad2d(1.5), 'Pad2d: padding is 1.5; use integers.'],
    [
      () => new nn.Pad2d([1, 1, 2, 2] as never),
      'Pad2d: padding is [1, 1, 2, 2]; use a number, or for the height and the width a number or [before, after]: [1, [0, 2]].',
    ],
    [
      () => new nn.Pad2d(1, { mode: 'reflect', value: 2 }),
      "Pad2d: value 2 is of no use in mode 'reflect'; leave it out, or the mode.",
    ],
    [
      () => loose(new nn.Pad2d([-5, 0])).forward(image),
      'Pad2d([-5, 0]): widths [[0, 0], [0, 0], [-5, -5], [0, 0]] do not fit shape [2, 3, 8, 8]',
    ],
    [() => new nn.Upsample({}), 'Upsample: give either size or scale: { scale: 2 }.'],
    [() => new nn.Upsample({ size: 2, scale: 2 }), 'Upsample: give either size or scale, not both: { scale: 2 }.'],
    [() => new nn.Upsample({ scale: -1 }), 'Upsample: scale is -1; use positive numbers.'],
    [() => new nn.Upsample({ scale_factor: 2 } as never), 'Upsample: unknown option scale_factor: did you mean scale?'],
    [
      () => new nn.Upsample({ scale: 2, alignCorners: true }),
      "Upsample: mode 'nearest' has no alignCorners; leave it out",
    ],
    [
      () => loose(new nn.Upsample({ scale: 2, mode: 'trilinear' })).forward(image),
      "Upsample({ scale: 2, mode: 'trilinear' }): mode 'trilinear' of shape [2, 3, 8, 8]: it is for 3 axes behind",
    ],
    [
      () => loose(new nn.Upsample({ scale: [2, 2, 2] })).forward(image),
      'Upsample({ scale: [2, 2, 2] }): [2, 2, 2] given for 2 axes; give a number, or one for each.',
    ],
    [
      () => loose(new nn.PixelShuffle(2)).forward(image),
      'PixelShuffle(2): 3 channels of shape [2, 3, 8, 8] are no multiple of 4, the pixels that each gives; use another factor.',
    ],
    [
      () => loose(new nn.PixelUnshuffle(3)).forward(image),
      'PixelUnshuffle(3): height and width of shape [2, 3, 8, 8] are no multiples of 3; use another factor.',
    ],
    [
      () => new nn.Unfold([2, 2], { stride: [1, 1, 1] }),
      'Unfold: size, stride, padding and dilation are for 2 and 3 axes; give numbers, or one for each axis.',
    ],
    [() => loose(new nn.Unfold([2])).forward(image), 'Unfold([2]): [2] given for 2 axes; give a number'],
    [() => new nn.Fold([3, 4], [2]), 'Fold: the shape has 2 axes, and'],
    [() => new nn.Fold([3, 0], 2), 'Fold: shape is [3, 0]; use one positive integer for each axis.'],
    [
      () => loose(new nn.Fold([3, 4], 2)).forward(zeros([1, 4, 5]) as Tensor),
      'Fold([3, 4], 2): 5 columns given, and an image of [3, 4] has [2, 3] windows; give as many.',
    ],
  ])('%s', (call, says) => {
    expect(call).toThrow(says)
  })

  it('and in a path, of what is compiled too', () => {
    const model = new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.Sequential(['pool', new nn.MaxPool2d(3)]))
    const run = compile((x: Tensor) => loose(model).forward(x))
    for (const call of [() => loose(model).forward(zeros([1, 1, 4, 4]) as Tensor), () => run(zeros([1, 1, 4, 4]))]) {
      expect(call).toThrow(ShapeError)
      expect(call).toThrow('1.pool: a window reaching over [3, 3] is larger')
    }
  })
})

it('layers with a kernel of one number for each axis are those with one for all', () => {
  const x = tensor([[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]]) // biome-ignore format: a matrix
  const [one, each] = [2, [2, 2] as const].map(
    (size) => new nn.Conv2d(1, 2, size as 2, { random: new Random(1) }) as unknown as { forward(x: Tensor): Tensor },
  )
  expect(one!.forward(x as Tensor).toArray()).toEqual(each!.forward(x as Tensor).toArray())
})
