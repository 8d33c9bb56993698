import { isFloat, promote } from '../graph/dtype.js'
import { DTypeError, ShapeError } from '../graph/errors.js'
import type { Layout } from '../graph/kernel.js'
import type { Node } from '../graph/node.js'
import { formatShape, requireSize, type Shape, sizeOf } from '../graph/shape.js'
import { reshape } from './broadcast.js'
import { cast } from './cast.js'
import { composed, linear } from './define.js'
import { maxWithIndices } from './extremes.js'
import { random, values } from './facts.js'
import * as kinds from './kinds.js'
import { permute, squeeze } from './layout.js'
import { matmul } from './matmul.js'
import { mean } from './reduce.js'
import { pad } from './slice.js'

// Convolution and pooling read overlapping windows. Looking through windows costs nothing (a layout), and its adjoint adds
// up what the windows had in common; all else is reshaping, products and reductions, whose derivatives are known.

/** How windows of two axes lie: a number stands for both. */
type Pair = number | readonly [number, number]

/** Where windows stand, and which places they read. A pair is for the height and the width. */
export interface WindowOptions {
  /** Distance between windows. Default 1 for convolution, the window's size for pooling. */
  readonly stride?: Pair
  /** Places added on either side, of zeros for convolution. Default 0. */
  readonly padding?: Pair
  /** Distance between the places that a window reads. Default 1. */
  readonly dilation?: Pair
}

const windowKinds = { stride: kinds.pair, padding: kinds.pair, dilation: kinds.pair }

interface Windows {
  readonly sizes: readonly [number, number]
  readonly strides: readonly [number, number]
  readonly dilations: readonly [number, number]
}

const axesOf = ({ strides: [down, right], dilations: [below, beside] }: Windows): Layout['axes'] =>
  [
    [0, 1],
    [1, 1],
    [2, down],
    [3, right],
    [2, below],
    [3, beside],
  ].map(([source, step]) => ({ source: source!, start: 0, step: step! }))

const countWindows = (dim: number, size: number, stride: number, dilation: number): number =>
  Math.floor((dim - dilation * (size - 1) - 1) / stride) + 1

const unfolded = ([n, c, h, w]: Shape, { sizes, strides, dilations }: Windows): Shape => [
  n!,
  c!,
  countWindows(h!, sizes[0], strides[0], dilations[0]),
  countWindows(w!, sizes[1], strides[1], dilations[1]),
  ...sizes,
]

/** `[n, c, h, w] -> [n, c, rows, columns, kernel height, kernel width]`. */
const unfold = linear('unfold', {
  shape: ([x], windows: Windows) => ({ shape: unfolded(x!.sizes, windows), dtype: x!.dtype }),
  kernel: (_inputs, windows) => ({ kind: 'layout', axes: axesOf(windows) }),
  adjoint: (cotangent, { inputs: [x], attrs }): Node => fold(cotangent, { ...attrs, shape: x!.sizes }),
  call:
    (apply) =>
    (x: Node, windows: Windows): Node =>
      apply([x], windows),
  samples: [],
})

/** Windows laid back into an image of this shape; where they overlap they add up. */
const fold = linear('fold', {
  shape: ([x], { shape }: Windows & { readonly shape: Shape }) => ({ shape, dtype: x!.dtype }),
  kernel: (_inputs, windows) => ({ kind: 'fold', axes: axesOf(windows) }),
  adjoint: (cotangent, { attrs }): Node => unfold(cotangent, attrs),
  call:
    (apply) =>
    (x: Node, windows: Windows & { readonly shape: Shape }): Node =>
      apply([x], windows),
  samples: [],
})

const both = (value: Pair): readonly [number, number] => (typeof value === 'number' ? [value, value] : value)

interface Geometry extends Windows {
  readonly paddings: readonly [number, number]
}

/** How windows lie on an image, checked. */
const geometryOf = (
  op: string,
  x: Node,
  size: Pair,
  { stride = 1, padding = 0, dilation = 1 }: WindowOptions,
): Geometry => {
  if (x.sizes.length !== 4) {
    throw new ShapeError(
      `${op}: the input has shape ${formatShape(x.sizes)}; it must be [batch, channels, height, width]: use expandDims.`,
    )
  }
  const [sizes, strides, paddings, dilations] = [both(size), both(stride), both(padding), both(dilation)]
  const options = { size: sizes, stride: strides, dilation: dilations, padding: paddings }
  for (const [name, numbers] of Object.entries(options)) {
    if (!numbers.every((number) => Number.isInteger(number) && number >= (name === 'padding' ? 0 : 1))) {
      const least = name === 'padding' ? 0 : 1
      throw new ShapeError(`${op}: ${name} ${formatShape(numbers)} given; use integers of at least ${least}.`)
    }
  }
  const padded = paddedShape(x.sizes, paddings)
  const reach = sizes.map((length, i) => dilations[i]! * (length - 1) + 1)
  if (reach[0]! > padded[2]! || reach[1]! > padded[3]!) {
    throw new ShapeError(
      `${op}: a window reaching over ${formatShape(reach)} is larger than the padded image of ` +
        `${formatShape(padded.slice(2))}, from input ${formatShape(x.sizes)}; pad more or use a smaller window.`,
    )
  }
  requireSize(op, padded)
  requireSize(op, unfolded(padded, { sizes, strides, dilations }))
  return { sizes, strides, dilations, paddings }
}

const paddedShape = ([n, c, h, w]: Shape, [below, beside]: readonly [number, number]): Shape => [
  n!,
  c!,
  h! + 2 * below,
  w! + 2 * beside,
]

/** The windows of an image with its padding. */
const windowsOf = (x: Node, { paddings: [below, beside], ...windows }: Geometry, padWith: number): Node => {
  const widths: readonly [number, number][] = [
    [0, 0],
    [0, 0],
    [below, below],
    [beside, beside],
  ]
  return unfold(below + beside === 0 ? x : pad(x, widths, { value: padWith }), windows)
}

/** Throws if a window lies on padding with all its places. */
const requireSight = (op: string, x: Node, { sizes, strides, dilations, paddings }: Geometry): void => {
  for (const [i, padding] of paddings.entries()) {
    if (padding === 0) continue
    const [size, dim] = [sizes[i]!, x.sizes[2 + i]!]
    const isInside = (place: number) => place >= 0 && place < dim
    const windows = countWindows(dim + 2 * padding, size, strides[i]!, dilations[i]!)
    for (let window = 0; window < windows; window++) {
      const start = window * strides[i]! - padding
      if (Array.from({ length: size }, (_, k) => start + k * dilations[i]!).some(isInside)) continue
      throw new ShapeError(
        `${op}: padding ${formatShape(paddings)} covers whole windows, as number ${window} along axis ${2 + i} of input ` +
          `${formatShape(x.sizes)}: there is no greatest element in it. Pad by at most half the size of a window.`,
      )
    }
  }
}

/** Where the kernel stands, and which channels it joins. */
export interface ConvolutionOptions extends WindowOptions {
  /** Channels fall into this many groups that do not mix. Default 1. */
  readonly groups?: number
}

/**
 * Cross-correlation of images `[batch, channels, height, width]` with a kernel `[out, channels / groups, kh, kw]`, as in
 * PyTorch: `[batch, out, rows, columns]`, rows = floor((height + 2 padding - dilation (kh - 1) - 1) / stride) + 1.
 */
export const conv2d = composed('conv2d', {
  takes: { x: kinds.tensor, kernel: kinds.tensor, options: { ...windowKinds, groups: kinds.number } },
  call: (x: Node, kernel: Node, { groups = 1, ...options }: ConvolutionOptions = {}): Node => {
    const dtype = promote(x.dtype, kernel.dtype)
    checkChannels(x, kernel, groups)
    const [out, channels, height, width] = kernel.sizes as [number, number, number, number]
    const windows = windowsOf(cast(x, dtype), geometryOf('conv2d', x, [height, width], options), 0)
    const [n, , rows, columns] = windows.sizes as [number, number, number, number]
    const size = channels * height * width
    const patches = reshape(permute(windows, [0, 1, 4, 5, 2, 3]), [n, groups, size, rows * columns])
    const weights = reshape(cast(kernel, dtype), [groups, out / groups, size])
    const perGroup = groups === 1 ? matmul(squeeze(weights, 0), squeeze(patches, 1)) : matmul(weights, patches)
    return reshape(perGroup, [n, out, rows, columns])
  },
  samples: [
    [random(2, 2, 4, 4), random(3, 2, 3, 3)],
    [random(1, 2, 5, 4), random(2, 2, 2, 3), { stride: 2, padding: [1, 0] }],
    [random(1, 1, 5, 5), random(1, 1, 2, 2), { dilation: 2 }],
    [random(1, 4, 3, 3), random(2, 2, 2, 2), { groups: 2 }],
  ],
  errors: [
    {
      args: [random(1, 2, 4, 4), random(3, 3, 3, 3)],
      error: ShapeError,
      says: ['conv2d', '[1, 2, 4, 4]', '2 channels', '[3, 3, 3, 3]'],
    },
    {
      args: [random(2, 4, 4), random(3, 2, 3, 3)],
      error: ShapeError,
      says: ['conv2d', '[2, 4, 4]', 'batch, channels'],
    },
    { args: [random(1, 1, 2, 2), random(1, 1, 3, 3)], error: ShapeError, says: ['conv2d', 'larger', '[2, 2]', 'pad'] },
    {
      args: [random(1, 1, 4, 4), random(1, 1, 2, 2), { stride: 0 }],
      error: ShapeError,
      says: ['conv2d', 'stride [0, 0]', 'at least 1'],
    },
    { args: [random(1, 4, 4, 4), random(3, 2, 2, 2), { groups: 2 }], error: ShapeError, says: ['groups', '3', '2'] },
  ],
})

const checkChannels = (x: Node, kernel: Node, groups: number): void => {
  if (kernel.sizes.length !== 4) {
    throw new ShapeError(
      `conv2d: the kernel has shape ${formatShape(kernel.sizes)}; it must be [out, channels / groups, height, width].`,
    )
  }
  const [out, channels] = kernel.sizes as [number, number]
  if (x.sizes.length === 4 && x.sizes[1] !== channels * groups) {
    throw new ShapeError(
      `conv2d: input ${formatShape(x.sizes)} has ${x.sizes[1]} channels, but kernel ${formatShape(kernel.sizes)} ` +
        `expects ${channels * groups} (groups is ${groups}); channels are axis 1: permute() what has them elsewhere.`,
    )
  }
  if (!Number.isInteger(groups) || groups < 1 || out % groups !== 0) {
    throw new ShapeError(
      `conv2d: ${out} output channels do not fall into ${groups} groups of equal size; use a divisor of ${out}.`,
    )
  }
}

const requireFloat = (op: string, x: Node): void => {
  if (!isFloat(x.dtype)) throw new DTypeError(`${op}: the input is ${x}; cast it to 'float32' or 'float64'.`)
}

/** The greatest element of each window of `[batch, channels, height, width]`; of several, the first has the derivative. */
export const maxPool2d = composed('maxPool2d', {
  takes: { x: kinds.tensor, size: kinds.pair, options: windowKinds },
  call: (x: Node, size: Pair, options: WindowOptions = {}): Node => {
    requireFloat('maxPool2d', x)
    const geometry = geometryOf('maxPool2d', x, size, { ...options, stride: options.stride ?? size })
    requireSight('maxPool2d', x, geometry)
    const windows = windowsOf(x, geometry, Number.NEGATIVE_INFINITY)
    const lines = reshape(windows, [...windows.sizes.slice(0, 4), sizeOf(windows.sizes.slice(4))])
    return maxWithIndices(lines, -1).values
  },
  samples: [
    [values([1, 1, 4, 4], [3, 1, 4, 1, 5, 9, 2, 6, 5.5, 3.5, 8, 9.5, 7, 9.7, 3.2, 2.4]), 2],
    [values([1, 1, 3, 3], [3, 1, 4, 1.5, 5, 9, 2, 6, 5.5]), 2, { stride: 1, padding: 1 }],
  ],
  errors: [
    { args: [random(4, 4), 2], error: ShapeError, says: ['maxPool2d', '[4, 4]', 'batch'] },
    { args: [random(1, 1, 2, 2), 3], error: ShapeError, says: ['maxPool2d', 'larger'] },
    {
      args: [random(1, 1, 3, 3), 2, { padding: 2 }],
      error: ShapeError,
      says: ['maxPool2d', 'padding [2, 2]', 'number 0 along axis 2', '[1, 1, 3, 3]', 'at most half'],
    },
    {
      args: [random(1, 1, 1, 4), 2, { padding: [1, 0], dilation: [2, 1], stride: 1 }],
      error: ShapeError,
      says: ['maxPool2d', 'padding [1, 0]', 'covers'],
    },
  ],
})

/** The mean of each window of `[batch, channels, height, width]`, padding counted as zeros. */
export const avgPool2d = composed('avgPool2d', {
  takes: { x: kinds.tensor, size: kinds.pair, options: windowKinds },
  call: (x: Node, size: Pair, options: WindowOptions = {}): Node => {
    requireFloat('avgPool2d', x)
    return mean(
      windowsOf(x, geometryOf('avgPool2d', x, size, { ...options, stride: options.stride ?? size }), 0),
      [-2, -1],
    )
  },
  samples: [
    [random(1, 2, 4, 4), 2],
    [random(1, 1, 3, 4), [2, 3], { stride: 1, padding: 1 }],
  ],
  errors: [{ args: [random(1, 1, 4, 4), 0], error: ShapeError, says: ['avgPool2d', 'size [0, 0]', 'at least 1'] }],
})
