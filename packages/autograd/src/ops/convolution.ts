import type { Kind } from '../graph/arguments.js'
import { promote } from '../graph/dtype.js'
import { ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { checkShape, formatShape, type Shape, sizeOf } from '../graph/shape.js'
import { reshape } from './broadcast.js'
import { cast } from './cast.js'
import { composed } from './define.js'
import { random, sides } from './facts.js'
import * as kinds from './kinds.js'
import { permute, squeeze, transpose } from './layout.js'
import { matmul } from './matmul.js'
import { slice } from './slice.js'
import { fold } from './strided.js'
import {
  type Along,
  anySides,
  axisNames,
  each,
  geometryOf,
  requireAxes,
  requireIntegers,
  type Sides,
  sidesKind,
  viewOf,
  type WindowOptions,
  windowKinds,
  windowsOf,
} from './windows.js'

/** Where the kernel stands, and which channels it joins. */
export interface ConvolutionOptions extends Omit<WindowOptions, 'padding'> {
  /** Zeros added on either side; 'same' for as many as keep the size, where the stride is 1; 'valid' for none. Default 0. */
  readonly padding?: Sides | 'same' | 'valid'
  /** Channels fall into this many groups that do not mix. Default 1. */
  readonly groups?: number
}

const words: readonly unknown[] = ['same', 'valid']
const paddingKind = (rank: number): Kind => {
  const sides = sidesKind(rank)
  return kinds.kind(`${sides.wanted}; 'same' or 'valid'`, (thing) => words.includes(thing) || sides.accepts(thing))
}

const requireKernel = (op: string, kernel: Node, rank: number, first: string): void => {
  if (kernel.sizes.length === rank + 2) return
  throw new ShapeError(
    `${op}: the kernel has shape ${formatShape(kernel.sizes)}; it must be [${first}, ${axisNames[rank - 1]}].`,
  )
}

const requireChannels = (op: string, x: Node, kernel: Node, expected: number, groups: number): void => {
  if (x.sizes[1] === expected) return
  throw new ShapeError(
    `${op}: input ${formatShape(x.sizes)} has ${x.sizes[1]} channels, but kernel ${formatShape(kernel.sizes)} ` +
      `expects ${expected} (groups is ${groups}); channels are axis 1: permute() what has them elsewhere.`,
  )
}

const requireGroups = (op: string, channels: number, which: string, groups: number): void => {
  if (Number.isInteger(groups) && groups >= 1 && channels % groups === 0) return
  throw new ShapeError(
    `${op}: ${channels} ${which} channels do not fall into ${groups} groups of equal size; use a divisor of ${channels}.`,
  )
}

/** [batch, channels, ...windows, ...window] -> [batch, channels, ...window, ...windows], and back. */
const turned = (windows: Node): Node => {
  const rank = (windows.sizes.length - 2) / 2
  const axes = windows.sizes.map((_, axis) => axis)
  return permute(windows, [0, 1, ...axes.slice(2 + rank), ...axes.slice(2, 2 + rank)])
}

const convolution = (rank: 1 | 2 | 3) => {
  const op = `conv${rank}d`
  const image = (size: number, last = size) => sides(rank, size, last)
  return composed(op, {
    takes: {
      x: kinds.tensor,
      kernel: kinds.tensor,
      options: { ...windowKinds(rank), padding: paddingKind(rank), groups: kinds.number },
    },
    call: (x: Node, kernel: Node, { groups = 1, ...options }: ConvolutionOptions = {}): Node => {
      requireAxes(op, x, rank)
      requireKernel(op, kernel, rank, 'out, channels / groups')
      const [out, channels, ...size] = kernel.sizes as [number, number, ...number[]]
      requireChannels(op, x, kernel, channels * groups, groups)
      requireGroups(op, out, 'output', groups)
      const dtype = promote(x.dtype, kernel.dtype)
      const lies = geometryOf(op, x, size, options)
      const depth = channels * sizeOf(size)
      const counts = lies.map(({ count }) => count)
      const windows = windowsOf(cast(x, dtype), lies, 0)
      const patches = reshape(turned(windows), [x.sizes[0]!, groups, depth, sizeOf(counts)])
      const weights = reshape(cast(kernel, dtype), [groups, out / groups, depth])
      const perGroup = groups === 1 ? matmul(squeeze(weights, 0), squeeze(patches, 1)) : matmul(weights, patches)
      return reshape(perGroup, [x.sizes[0]!, out, ...counts])
    },
    samples: [
      [random(2, 2, ...image(rank === 3 ? 3 : 4)), random(3, 2, ...image(rank === 3 ? 2 : 3))],
      [
        random(1, 2, ...image(rank === 3 ? 3 : 5, 4)),
        random(2, 2, ...image(2, 3)),
        { stride: 2, padding: rank === 2 ? [1, 0] : 1 },
      ],
      [random(1, 1, ...image(rank === 3 ? 4 : 5)), random(1, 1, ...image(2)), { dilation: 2 }],
      [random(1, 4, ...image(rank === 3 ? 2 : 3)), random(2, 2, ...image(2)), { groups: 2 }],
      [
        random(1, 1, ...image(3, 4)),
        random(1, 1, ...image(2, 3)),
        { padding: 'same', dilation: rank === 2 ? [1, 2] : 1 },
      ],
      [random(1, 1, ...image(3)), random(1, 1, ...image(2)), { padding: 'valid', stride: 2 }],
    ],
    errors: [
      {
        args: [random(1, 2, ...image(4)), random(3, 3, ...image(3))],
        error: ShapeError,
        says: [op, formatShape([1, 2, ...image(4)]), '2 channels', formatShape([3, 3, ...image(3)])],
      },
      {
        args: [random(2, ...image(4)), random(3, 2, ...image(3))],
        error: ShapeError,
        says: [op, formatShape([2, ...image(4)]), 'batch, channels'],
      },
      {
        args: [random(1, 1, ...image(2)), random(1, 1, ...image(3))],
        error: ShapeError,
        says: [op, 'larger', formatShape(image(2)), 'pad'],
      },
      {
        args: [random(1, 1, ...image(4)), random(1, 1, ...image(2)), { stride: 0 }],
        error: ShapeError,
        says: [op, `stride ${formatShape(image(0))}`, 'at least 1'],
      },
      {
        args: [random(1, 1, ...image(4)), random(1, 1, ...image(2)), { stride: 2, padding: 'same' }],
        error: ShapeError,
        says: [op, "'same'", formatShape(image(2)), 'stride of 1'],
      },
      {
        args: [random(1, 4, ...image(4)), random(3, 2, ...image(2)), { groups: 2 }],
        error: ShapeError,
        says: ['groups', '3', '2'],
      },
      { args: [random(1, 1, ...image(4)), random(1, 1)], error: ShapeError, says: [op, 'kernel has shape [1, 1]'] },
    ],
  })
}

/**
 * Cross-correlation of `[batch, channels, length]` with a kernel `[out, channels / groups, size]`, as in PyTorch:
 * `[batch, out, windows]`, windows = floor((length + 2 padding - dilation (size - 1) - 1) / stride) + 1.
 */
export const conv1d = convolution(1)
/** Cross-correlation of images `[batch, channels, height, width]` with a kernel `[out, channels / groups, kh, kw]`. */
export const conv2d = convolution(2)
/** Cross-correlation of `[batch, channels, depth, height, width]` with a kernel `[out, channels / groups, kd, kh, kw]`. */
export const conv3d = convolution(3)

export interface TransposedOptions extends WindowOptions {
  /** Places added at the ends of the result, of those that the stride leaves open. Default 0. */
  readonly outputPadding?: Sides
  readonly groups?: number
}

/** How the windows of a convolution lie that gives something of the shape of x, which the result is for. */
const sourceOf = (
  op: string,
  x: Node,
  size: readonly number[],
  { stride = 1, padding = 0, dilation = 1, outputPadding = 0 }: TransposedOptions,
): readonly Along[] => {
  const rank = size.length
  const [strides, paddings, dilations, more] = [stride, padding, dilation, outputPadding].map((sides) =>
    each(sides, rank),
  ) as [readonly number[], readonly number[], readonly number[], readonly number[]]
  requireIntegers(op, 'stride', strides, 1)
  requireIntegers(op, 'dilation', dilations, 1)
  requireIntegers(op, 'padding', paddings, 0)
  requireIntegers(op, 'outputPadding', more, 0)
  if (more.some((places, i) => places >= Math.max(strides[i]!, dilations[i]!))) {
    throw new ShapeError(
      `${op}: outputPadding ${formatShape(more)} given; use less than stride ${formatShape(strides)} or dilation ` +
        `${formatShape(dilations)}: beyond them no window reaches.`,
    )
  }
  const lies = size.map((length, i): Along => {
    const count = x.sizes[2 + i]!
    const full = (count - 1) * strides[i]! + dilations[i]! * (length - 1) + 1 + more[i]!
    const [before, after] = [paddings[i]!, paddings[i]!]
    return {
      dim: full - before - after,
      size: length,
      stride: strides[i]!,
      dilation: dilations[i]!,
      before,
      after,
      count,
    }
  })
  if (lies.some(({ dim, count }) => dim < 1 || count < 1)) {
    throw new ShapeError(
      `${op}: of input ${formatShape(x.sizes)} padding ${formatShape(paddings)} leaves ` +
        `${formatShape(lies.map(({ dim }) => dim))}; pad less.`,
    )
  }
  return lies
}

/** Windows laid into zeros where they lie, overlaps added up, without the padding. */
const foldInto = (op: string, windows: Node, lies: readonly Along[]): Node => {
  const [batch, channels] = windows.sizes as [number, number, ...number[]]
  const padded = [batch, channels, ...lies.map(({ dim, before, after }) => dim + before + after)]
  const { axes } = viewOf(windows.sizes, lies)
  let image = fold(windows, { shape: checkShape(op, padded), axes })
  for (const [i, { dim, before, after }] of lies.entries()) {
    if (before + after > 0) image = slice(image, 2 + i, before, before + dim)
  }
  return image
}

const transposedConvolution = (rank: 1 | 2 | 3) => {
  const op = `convTranspose${rank}d`
  const image = (size: number, last = size) => sides(rank, size, last)
  return composed(op, {
    takes: {
      x: kinds.tensor,
      kernel: kinds.tensor,
      options: { ...windowKinds(rank), outputPadding: sidesKind(rank), groups: kinds.number },
    },
    call: (x: Node, kernel: Node, { groups = 1, ...options }: TransposedOptions = {}): Node => {
      requireAxes(op, x, rank)
      requireKernel(op, kernel, rank, 'channels, out / groups')
      const [channels, out, ...size] = kernel.sizes as [number, number, ...number[]]
      requireChannels(op, x, kernel, channels, groups)
      requireGroups(op, channels, 'input', groups)
      const dtype = promote(x.dtype, kernel.dtype)
      const lies = sourceOf(op, x, size, options)
      const [batch, , ...counts] = x.sizes as [number, number, ...number[]]
      const weights = transpose(reshape(cast(kernel, dtype), [groups, channels / groups, out * sizeOf(size)]))
      const images = reshape(cast(x, dtype), [batch, groups, channels / groups, sizeOf(counts)])
      const patches = groups === 1 ? matmul(squeeze(weights, 0), squeeze(images, 1)) : matmul(weights, images)
      return foldInto(op, turned(reshape(patches, [batch, out * groups, ...size, ...counts])), lies)
    },
    samples: [
      [random(2, 2, ...image(2, 3)), random(2, 3, ...image(2))],
      [
        random(1, 2, ...image(2)),
        random(2, 1, ...image(2, 3)),
        { stride: 2, padding: rank === 2 ? [1, 0] : 1, outputPadding: 1 },
      ],
      [random(1, 4, ...image(2)), random(4, 1, ...image(2)), { groups: 2, dilation: 2 }],
    ],
    errors: [
      {
        args: [random(1, 2, ...image(2)), random(3, 2, ...image(2))],
        error: ShapeError,
        says: [op, '2 channels', 'expects 3'],
      },
      { args: [random(1, ...image(2)), random(1, 2, ...image(2))], error: ShapeError, says: [op, 'batch, channels'] },
      {
        args: [random(1, 1, ...image(2)), random(1, 1, ...image(2)), { outputPadding: 1 }],
        error: ShapeError,
        says: [op, `outputPadding ${formatShape(image(1))}`, 'less than stride'],
      },
      {
        args: [random(1, 1, ...image(1)), random(1, 1, ...image(2)), { padding: 1 }],
        error: ShapeError,
        says: [op, formatShape(image(0)), 'pad less'],
      },
      {
        args: [random(1, 3, ...image(2)), random(3, 1, ...image(2)), { groups: 2 }],
        error: ShapeError,
        says: [op, '3 input channels', '2 groups'],
      },
      { args: [random(1, 1, ...image(2)), random(1, 1)], error: ShapeError, says: [op, 'kernel has shape [1, 1]'] },
    ],
  })
}

/**
 * The transpose of `conv1d`, which is its derivative by the input: `[batch, channels, length]` and a kernel
 * `[channels, out / groups, size]` give `[batch, out, (length - 1) stride - 2 padding + dilation (size - 1) +
 * outputPadding + 1]`.
 */
export const convTranspose1d = transposedConvolution(1)
/** The transpose of `conv2d`. */
export const convTranspose2d = transposedConvolution(2)
/** The transpose of `conv3d`. */
export const convTranspose3d = transposedConvolution(3)

const columnKinds = { stride: anySides, padding: anySides, dilation: anySides }

const requireRank = (op: string, rank: number, shape: Shape, sides: readonly (Sides | undefined)[]): void => {
  if (rank < 1) {
    throw new ShapeError(`${op}: shape ${formatShape(shape)} has no axes behind [batch, channels]; use expandDims.`)
  }
  for (const numbers of sides) {
    if (numbers === undefined || typeof numbers === 'number' || numbers.length === rank) continue
    throw new ShapeError(
      `${op}: ${formatShape(numbers)} given for ${rank} axes; give a number, or one for each of them.`,
    )
  }
}

/** What each window reads as a column: `[batch, channels, ...axes] -> [batch, channels * window, windows]`. */
export const im2col = composed('im2col', {
  takes: { x: kinds.tensor, size: anySides, options: columnKinds },
  call: (x: Node, size: Sides, options: WindowOptions = {}): Node => {
    requireRank('im2col', x.sizes.length - 2, x.sizes, [size, ...Object.values(options)])
    const lies = geometryOf('im2col', x, size, options)
    const rows = x.sizes[1]! * sizeOf(lies.map((along) => along.size))
    return reshape(turned(windowsOf(x, lies, 0)), [x.sizes[0]!, rows, sizeOf(lies.map(({ count }) => count))])
  },
  samples: [
    [random(1, 2, 3, 4), 2],
    [random(2, 1, 5), 3, { stride: 2, padding: 1 }],
    [random(1, 1, 4, 4), [2, 3], { dilation: [2, 1], padding: [0, 1] }],
  ],
  errors: [
    { args: [random(2, 3), 2], error: ShapeError, says: ['im2col', '[2, 3]', 'no axes'] },
    { args: [random(1, 1, 3, 3), [2, 2, 2]], error: ShapeError, says: ['im2col', '[2, 2, 2]', '2 axes'] },
    { args: [random(1, 1, 3, 3), 4], error: ShapeError, says: ['im2col', 'larger'] },
  ],
})

/** The transpose of `im2col`: columns laid back where the windows of an image of this shape lie, overlaps added up. */
export const col2im = composed('col2im', {
  takes: { columns: kinds.tensor, shape: kinds.shape, size: anySides, options: columnKinds },
  call: (columns: Node, shape: Shape, size: Sides, options: WindowOptions = {}): Node => {
    const rank = shape.length
    requireRank('col2im', rank, shape, [size, ...Object.values(options)])
    const sizes = each(size, rank)
    const [batch, rows, windows] = columns.sizes as [number, number, number]
    const channels = rows / sizeOf(sizes)
    if (columns.sizes.length !== 3 || !Number.isInteger(channels)) {
      throw new ShapeError(
        `col2im: columns ${formatShape(columns.sizes)} given for windows ${formatShape(sizes)}; they must be [batch, ` +
          'channels * window, windows]: reshape() them.',
      )
    }
    const image = { sizes: [batch, channels, ...checkShape('col2im', shape)] }
    const lies = geometryOf('col2im', image, size, options)
    const counts = lies.map(({ count }) => count)
    if (sizeOf(counts) !== windows) {
      throw new ShapeError(
        `col2im: ${windows} columns given, and an image of ${formatShape(shape)} has ${formatShape(counts)} windows; ` +
          'give as many.',
      )
    }
    return foldInto('col2im', turned(reshape(columns, [batch, channels, ...sizes, ...counts])), lies)
  },
  samples: [
    [random(1, 8, 6), [3, 4], 2],
    [random(2, 3, 3), [5], 3, { stride: 2, padding: 1 }],
    [random(1, 6, 8), [4, 4], [2, 3], { dilation: [2, 1], padding: [0, 1] }],
  ],
  errors: [
    { args: [random(1, 7, 6), [3, 4], 2], error: ShapeError, says: ['col2im', '[1, 7, 6]', 'channels * window'] },
    { args: [random(1, 4, 5), [3, 4], 2], error: ShapeError, says: ['col2im', '5 columns', '[2, 3] windows'] },
    { args: [random(1, 4, 5), [], 2], error: ShapeError, says: ['col2im', '[]'] },
    { args: [random(1, 4, 5), [3, 4], [2]], error: ShapeError, says: ['col2im', '[2]', '2 axes'] },
  ],
})
