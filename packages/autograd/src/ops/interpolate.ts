import { ArgumentError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { checkShape, formatShape, type Shape } from '../graph/shape.js'
import { reshape } from './broadcast.js'
import { constantOf } from './constant.js'
import { composed } from './define.js'
import { elementwise } from './elementwise.js'
import { random } from './facts.js'
import { indexSelect } from './gather.js'
import * as kinds from './kinds.js'
import { permute } from './layout.js'
import { anySides, each, requireFloat, type Sides } from './windows.js'

// Images of another size. An element of the result is a weighted sum of a few of x, along one axis after the other.

export interface InterpolateOptions {
  /** How many elements the axes behind [batch, channels] shall have: one number for all, or one for each. */
  readonly size?: Sides | undefined
  /** Or how many times as many. */
  readonly scale?: Sides | undefined
  /**
   * - `nearest`, the default
   * - `linear`, of 2, 4 or 8 neighbours; of images also called `bilinear`, of three axes `trilinear`
   * - `bicubic`: of images, Keys's cubic convolution with a = -0.75
   */
  readonly mode?: 'nearest' | 'linear' | 'bilinear' | 'trilinear' | 'bicubic'
  /** Whether the centres of the elements at the corners lie on each other, or else the corners themselves. Default false. */
  readonly alignCorners?: boolean
}

/** Where elements of the result lie: the element of x at or before each, and how far behind it. */
interface Taps {
  /** By how many places each is from that element. */
  readonly offsets: readonly number[]
  /** How much each counts at a distance from 0 to 1. */
  readonly weights: (distance: number) => readonly number[]
}

const linear: Taps = { offsets: [0, 1], weights: (t) => [1 - t, t] }

/** Keys, Cubic convolution interpolation for digital image processing, 1981. */
const cubic: Taps = {
  offsets: [-1, 0, 1, 2],
  weights: (t) => {
    const a = -0.75
    const near = (d: number) => ((a + 2) * d - (a + 3)) * d * d + 1
    const far = (d: number) => ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
    return [far(t + 1), near(t), near(1 - t), far(2 - t)]
  },
}

interface Resize {
  readonly from: number
  readonly to: number
  /** How many places of x go by from one element of the result to the next. */
  readonly step: number
  readonly alignCorners: boolean
}

/** The places of x at which the elements of the result lie. */
const placesOf = ({ to, step, alignCorners }: Resize): number[] =>
  Array.from({ length: to }, (_, i) => (alignCorners ? i * step : (i + 0.5) * step - 0.5))

const clampTo = (place: number, dim: number): number => Math.min(Math.max(place, 0), dim - 1)

const pick = (x: Node, axis: number, places: readonly number[]): Node =>
  indexSelect(x, constantOf(x, places, [places.length], 'int32'), axis)

const nearestAlong = (x: Node, axis: number, { from, to, step }: Resize): Node =>
  pick(
    x,
    axis,
    Array.from({ length: to }, (_, i) => Math.min(Math.floor(i * step), from - 1)),
  )

const weighedAlong = (x: Node, axis: number, resize: Resize, { offsets, weights }: Taps): Node => {
  const { from, to } = resize
  // between neighbours nothing lies beyond the first and the last; a cubic goes through those that are repeated there
  const places = placesOf(resize).map((place) => (offsets.length === 2 ? clampTo(place, from) : place))
  const shares = places.map((place) => weights(place - Math.floor(place)))
  const shape = [to, ...x.sizes.slice(axis + 1).map(() => 1)]
  const terms = offsets.map((offset, k) => {
    const found = places.map((place) => clampTo(Math.floor(place) + offset, from))
    const share = shares.map((all) => all[k]!)
    return elementwise.mul(pick(x, axis, found), constantOf(x, share, shape, x.dtype))
  })
  return terms.reduce((total, term) => elementwise.add(total, term))
}

const tapsFor = (op: string, mode: string, rank: number, x: Node): Taps | null => {
  if (mode === 'nearest') return null
  const wanted = { linear: rank, bilinear: 2, trilinear: 3, bicubic: 2 }[mode]
  if (wanted !== rank) {
    throw new ShapeError(
      `${op}: mode '${mode}' of shape ${formatShape(x.sizes)}: it is for ${wanted} axes behind [batch, channels], and ` +
        `there are ${rank}; use 'linear' or 'nearest'.`,
    )
  }
  return mode === 'bicubic' ? cubic : linear
}

const requireEach = (numbers: Sides, rank: number): readonly number[] => {
  if (typeof numbers !== 'number' && numbers.length !== rank) {
    throw new ShapeError(`interpolate: ${formatShape(numbers)} given for ${rank} axes; give a number, or one for each.`)
  }
  return each(numbers, rank)
}

/** How each axis is resized, checked. */
const resizesOf = (x: Node, { size, scale, alignCorners = false }: InterpolateOptions): readonly Resize[] => {
  const spatial = x.sizes.slice(2)
  if (spatial.length < 1) {
    throw new ShapeError(
      `interpolate: shape ${formatShape(x.sizes)} has no axes behind [batch, channels]; use expandDims.`,
    )
  }
  if ((size === undefined) === (scale === undefined)) {
    throw new ArgumentError(`interpolate: give either size or scale${size === undefined ? '' : ', not both'}.`)
  }
  const scales = scale === undefined ? null : requireEach(scale, spatial.length)
  if (scales?.some((factor) => !(factor > 0 && factor < Number.POSITIVE_INFINITY))) {
    throw new ArgumentError(`interpolate: scale ${formatShape(scales)} given; use positive numbers.`)
  }
  const sizes =
    scales === null ? requireEach(size!, spatial.length) : spatial.map((dim, i) => Math.floor(dim * scales[i]!))
  checkShape('interpolate', [...x.sizes.slice(0, 2), ...sizes])
  if (spatial.includes(0) || sizes.includes(0)) {
    throw new ShapeError(
      `interpolate: from ${formatShape(spatial)} to ${formatShape(sizes)}: there is nothing to go by; give sizes of at least 1.`,
    )
  }
  return spatial.map((from, i): Resize => {
    const to = sizes[i]!
    const aligned = to > 1 ? (from - 1) / (to - 1) : 0
    return { from, to, step: alignCorners ? aligned : scales === null ? from / to : 1 / scales[i]!, alignCorners }
  })
}

/** What has the axes behind [batch, channels] in another size, as PyTorch's. */
export const interpolate = composed('interpolate', {
  takes: {
    x: kinds.tensor,
    options: {
      size: anySides,
      scale: anySides,
      mode: kinds.oneOf('nearest', 'linear', 'bilinear', 'trilinear', 'bicubic'),
      alignCorners: kinds.boolean,
    },
  },
  call: (x: Node, options: InterpolateOptions = {}): Node => {
    const { mode = 'nearest', alignCorners } = options
    requireFloat('interpolate', x)
    const resizes = resizesOf(x, options)
    const taps = tapsFor('interpolate', mode, resizes.length, x)
    if (taps === null && alignCorners) {
      throw new ArgumentError("interpolate: mode 'nearest' has no alignCorners; leave it out, or use mode 'linear'.")
    }
    return resizes.reduce((image, resize, i) => {
      const axis = 2 + i
      if (resize.from === resize.to && resize.step === 1) return image
      return taps === null ? nearestAlong(image, axis, resize) : weighedAlong(image, axis, resize, taps)
    }, x)
  },
  samples: [
    [random(1, 2, 3), { size: 5 }],
    [random(1, 1, 3, 4), { scale: 2 }],
    [random(1, 1, 3, 4), { scale: [1.5, 0.5], mode: 'bilinear' }],
    [random(1, 1, 3, 2), { size: [2, 5], mode: 'bilinear', alignCorners: true }],
    [random(1, 2, 4), { size: 1, mode: 'linear', alignCorners: true }],
    [random(1, 1, 3, 3), { size: [4, 5], mode: 'bicubic' }],
    [random(1, 1, 4, 3), { size: [3, 6], mode: 'bicubic', alignCorners: true }],
    [random(1, 1, 2, 2, 3), { size: [3, 2, 2], mode: 'trilinear' }],
    [random(2, 1, 3), { scale: 1.7, mode: 'linear' }],
  ],
  errors: [
    { args: [random(2, 3), { size: 2 }], error: ShapeError, says: ['interpolate', '[2, 3]', 'no axes'] },
    { args: [random(1, 1, 3), {}], error: ArgumentError, says: ['interpolate', 'either size or scale'] },
    { args: [random(1, 1, 3), { size: 2, scale: 2 }], error: ArgumentError, says: ['interpolate', 'not both'] },
    { args: [random(1, 1, 3), { scale: -1 }], error: ArgumentError, says: ['interpolate', 'scale [-1]', 'positive'] },
    { args: [random(1, 1, 3), { size: 2.5 }], error: ShapeError, says: ['interpolate', '2.5'] },
    { args: [random(1, 1, 3), { size: 0 }], error: ShapeError, says: ['interpolate', '[0]', 'at least 1'] },
    { args: [random(1, 1, 3), { size: [2, 2] }], error: ShapeError, says: ['interpolate', '[2, 2]', '1 axes'] },
    {
      args: [random(1, 1, 3), { size: 2, mode: 'bilinear' }],
      error: ShapeError,
      says: ['interpolate', "'bilinear'", '[1, 1, 3]', "'linear'"],
    },
    {
      args: [random(1, 1, 3), { size: 2, alignCorners: true }],
      error: ArgumentError,
      says: ['interpolate', "'nearest' has no alignCorners"],
    },
  ],
})

const requireFactor = (op: string, factor: number): void => {
  if (Number.isInteger(factor) && factor >= 1) return
  throw new ShapeError(`${op}: the factor ${factor} is not an integer of at least 1; use one.`)
}

/** The last three axes, [channels, height, width]; a ShapeError for fewer. */
const imageOf = (
  op: string,
  { sizes }: Node,
): { readonly front: Shape; readonly image: readonly [number, number, number] } => {
  if (sizes.length < 3) {
    throw new ShapeError(`${op}: shape ${formatShape(sizes)} given; use [..., channels, height, width].`)
  }
  return { front: sizes.slice(0, -3), image: sizes.slice(-3) as unknown as readonly [number, number, number] }
}

/** Axes behind those in front, in this order. */
const permuteLast = (x: Node, order: readonly number[]): Node => {
  const first = x.sizes.length - order.length
  const front = Array.from({ length: first }, (_, axis) => axis)
  return permute(x, [...front, ...order.map((axis) => first + axis)])
}

/**
 * Channels laid out as pixels: `[..., channels factor^2, height, width] -> [..., channels, height factor, width factor]`
 * (Shi et al., Real-time single image and video super-resolution, 2016).
 */
export const pixelShuffle = composed('pixelShuffle', {
  takes: { x: kinds.tensor, factor: kinds.number },
  call: (x: Node, factor: number): Node => {
    requireFactor('pixelShuffle', factor)
    const { front, image } = imageOf('pixelShuffle', x)
    const [channels, height, width] = image
    const left = channels / factor ** 2
    if (!Number.isInteger(left)) {
      throw new ShapeError(
        `pixelShuffle: ${channels} channels of shape ${formatShape(x.sizes)} are no multiple of ${factor ** 2}, the ` +
          'pixels that each gives; use another factor.',
      )
    }
    const parts = reshape(x, [...front, left, factor, factor, height, width])
    return reshape(permuteLast(parts, [0, 3, 1, 4, 2]), [...front, left, height * factor, width * factor])
  },
  samples: [
    [random(1, 8, 2, 3), 2],
    [random(9, 1, 2), 3],
  ],
  errors: [
    { args: [random(1, 6, 2, 2), 2], error: ShapeError, says: ['pixelShuffle', '6 channels', 'multiple of 4'] },
    { args: [random(4, 2), 2], error: ShapeError, says: ['pixelShuffle', '[4, 2]', 'channels, height, width'] },
    { args: [random(4, 2, 2), 0], error: ShapeError, says: ['pixelShuffle', 'factor 0'] },
  ],
})

/** The inverse of `pixelShuffle`: pixels laid out as channels. */
export const pixelUnshuffle = composed('pixelUnshuffle', {
  takes: { x: kinds.tensor, factor: kinds.number },
  call: (x: Node, factor: number): Node => {
    requireFactor('pixelUnshuffle', factor)
    const { front, image } = imageOf('pixelUnshuffle', x)
    const [channels, height, width] = image
    if (height % factor !== 0 || width % factor !== 0) {
      throw new ShapeError(
        `pixelUnshuffle: height and width of shape ${formatShape(x.sizes)} are no multiples of ${factor}; use another factor.`,
      )
    }
    const parts = reshape(x, [...front, channels, height / factor, factor, width / factor, factor])
    const shape = [...front, channels * factor ** 2, height / factor, width / factor]
    return reshape(permuteLast(parts, [0, 2, 4, 1, 3]), shape)
  },
  samples: [
    [random(1, 2, 4, 2), 2],
    [random(1, 3, 6), 3],
  ],
  errors: [
    { args: [random(1, 1, 3, 4), 2], error: ShapeError, says: ['pixelUnshuffle', '[1, 1, 3, 4]', 'multiples of 2'] },
    { args: [random(4, 2), 2], error: ShapeError, says: ['pixelUnshuffle', '[4, 2]'] },
    { args: [random(4, 2, 2), 1.5], error: ShapeError, says: ['pixelUnshuffle', 'factor 1.5'] },
  ],
})
