import { promote } from '../graph/dtype.js'
import { ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { formatShape, sizeOf } from '../graph/shape.js'
import { broadcastTo, reshape } from './broadcast.js'
import { cast } from './cast.js'
import { composed } from './define.js'
import { elementwise } from './elementwise.js'
import { random, values } from './facts.js'
import { gather } from './gather.js'
import * as kinds from './kinds.js'
import { slice } from './slice.js'
import { requireFloat } from './windows.js'

const { abs, add, clamp, floor, greaterEqual, lessEqual, logicalAnd, mul, remainder, round, sub, where } = elementwise

export interface GridSampleOptions {
  /** Default `bilinear`: of 4 neighbours, in volumes of 8. */
  readonly mode?: 'bilinear' | 'nearest'
  /** What stands beyond the edges: zeros (the default), the edges again, or the image mirrored at them. */
  readonly padding?: 'zeros' | 'border' | 'reflection'
  /** Whether -1 and 1 are the centres of the elements at the edges, or else the edges. Default false. */
  readonly alignCorners?: boolean
}

const op = 'gridSample'

/** Where a coordinate from -1 to 1 lies on an axis, counted in its places. */
const placeOf = (coordinate: Node, dim: number, alignCorners: boolean): Node =>
  alignCorners ? mul(add(coordinate, 1), (dim - 1) / 2) : sub(mul(add(coordinate, 1), dim / 2), 0.5)

/** A place mirrored at the edges until it lies between them. */
const reflected = (place: Node, dim: number, alignCorners: boolean): Node => {
  const [first, span] = alignCorners ? [0, dim - 1] : [-0.5, dim]
  if (span === 0) return mul(place, 0)
  // within two spans it comes back to where it was
  const within = remainder(sub(place, first), 2 * span)
  return add(sub(span, abs(sub(within, span))), first)
}

const inBounds = (place: Node, dim: number): Node => logicalAnd(greaterEqual(place, 0), lessEqual(place, dim - 1))

/** One of the places of x that a sample is made of, on one axis: whole numbers, and how much they count. */
interface Tap {
  readonly place: Node
  readonly weight: Node | null
}

const tapsOf = (place: Node, mode: GridSampleOptions['mode']): readonly Tap[] => {
  if (mode === 'nearest') return [{ place: round(place), weight: null }]
  const low = floor(place)
  const high = add(low, 1)
  return [
    { place: low, weight: sub(high, place) },
    { place: high, weight: sub(place, low) },
  ]
}

/** Each choice of one tap an axis. */
const corners = (taps: readonly (readonly Tap[])[]): readonly (readonly Tap[])[] =>
  taps.reduce<readonly (readonly Tap[])[]>((all, own) => all.flatMap((some) => own.map((tap) => [...some, tap])), [[]])

const requireGrid = (x: Node, grid: Node): void => {
  const rank = x.sizes.length - 2
  const fits =
    (rank === 2 || rank === 3) &&
    grid.sizes.length === x.sizes.length &&
    grid.sizes[0] === x.sizes[0] &&
    grid.sizes.at(-1) === rank
  if (!fits) {
    throw new ShapeError(
      `${op}: x ${formatShape(x.sizes)} and grid ${formatShape(grid.sizes)} given; use [batch, channels, height, width] and ` +
        '[batch, rows, columns, 2], or with a depth in front and 3 coordinates.',
    )
  }
  if (x.sizes.slice(2).includes(0)) {
    throw new ShapeError(`${op}: x ${formatShape(x.sizes)} has no elements to sample; give it some.`)
  }
}

/**
 * x at the places that a grid says: its last axis has coordinates (x, y) or (x, y, z) from -1, the left, top or front, to 1,
 * as in PyTorch (Jaderberg et al., Spatial transformer networks, 2015). With derivatives by both.
 */
export const gridSample = composed(op, {
  takes: {
    x: kinds.tensor,
    grid: kinds.tensor,
    options: {
      mode: kinds.oneOf('bilinear', 'nearest'),
      padding: kinds.oneOf('zeros', 'border', 'reflection'),
      alignCorners: kinds.boolean,
    },
  },
  call: (image: Node, coordinates: Node, options: GridSampleOptions = {}): Node => {
    const { mode = 'bilinear', padding = 'zeros', alignCorners = false } = options
    requireFloat(op, image)
    requireFloat(op, coordinates)
    requireGrid(image, coordinates)
    const dtype = promote(image.dtype, coordinates.dtype)
    const [x, grid] = [cast(image, dtype), cast(coordinates, dtype)]
    const [batch, channels, ...dims] = x.sizes as [number, number, ...number[]]
    const shape = grid.sizes.slice(1, -1)
    const count = sizeOf(shape)
    const lines = reshape(x, [batch, channels, sizeOf(dims)])
    const taps = dims.map((dim, i) => {
      // the first coordinate is of the last axis
      const at = dims.length - 1 - i
      const coordinate = reshape(slice(grid, -1, at, at + 1), [batch, 1, count])
      const place = placeOf(coordinate, dim, alignCorners)
      if (padding === 'zeros') return tapsOf(place, mode)
      const mirrored = padding === 'reflection' ? reflected(place, dim, alignCorners) : place
      return tapsOf(clamp(mirrored, 0, dim - 1), mode)
    })
    const terms = corners(taps).map((corner) => {
      // as int32: a float32 does not count so far
      const index = corner
        .map(({ place }, i) => cast(clamp(place, 0, dims[i]! - 1), 'int32'))
        .reduce((position, place, i) => add(mul(position, dims[i]!), place))
      const found = gather(lines, broadcastTo(index, [batch, channels, count]), 2)
      const weight = corner.map((tap) => tap.weight).reduce((a, b) => (a === null || b === null ? null : mul(a, b)))
      const term = weight === null ? found : mul(found, weight)
      const isThere = corner.map(({ place }, i) => inBounds(place, dims[i]!)).reduce((a, b) => logicalAnd(a, b))
      return where(isThere, term, 0)
    })
    return reshape(
      terms.reduce((total, term) => add(total, term)),
      [batch, channels, ...shape],
    )
  },
  samples: [
    [random(1, 2, 3, 4), values([1, 2, 2, 2], [-0.9, -0.3, 0.35, 0.42, 0.77, -0.61, 1.3, 0.15])],
    [random(2, 1, 2, 3), values([2, 1, 2, 2], [-0.5, 0.3, 1.7, -1.35, 0.11, 0.83, -1.9, 2.6]), { padding: 'border' }],
    [
      random(1, 1, 3, 3),
      values([1, 1, 4, 2], [-0.55, 0.31, 1.73, -1.35, 2.11, 3.83, -4.9, 0.6]),
      { padding: 'reflection' },
    ],
    [
      random(1, 1, 3, 2),
      values([1, 1, 4, 2], [-0.55, 0.31, 1.73, -1.35, 2.11, 3.83, -4.9, 0.6]),
      { padding: 'reflection', alignCorners: true },
    ],
    [random(1, 1, 3, 3), values([1, 1, 3, 2], [-0.7, 0.3, 1.2, 0.11, 0.4, -0.9]), { alignCorners: true }],
    [random(1, 2, 3, 3), values([1, 1, 3, 2], [-0.7, 0.3, 1.9, 0.11, 0.4, -0.9]), { mode: 'nearest' }],
    [random(1, 1, 2, 3, 2), values([1, 1, 1, 2, 3], [-0.7, 0.3, 0.45, 1.2, 0.11, -0.38])],
  ],
  errors: [
    { args: [random(1, 1, 3, 3), random(2, 2, 2, 2)], error: ShapeError, says: [op, '[1, 1, 3, 3]', '[2, 2, 2, 2]'] },
    { args: [random(1, 1, 3, 3), random(1, 2, 2, 3)], error: ShapeError, says: [op, '[1, 2, 2, 3]', 'columns, 2]'] },
    { args: [random(1, 1, 3), random(1, 2, 1)], error: ShapeError, says: [op, '[1, 1, 3]'] },
    { args: [random(1, 1, 0, 3), random(1, 2, 2, 2)], error: ShapeError, says: [op, '[1, 1, 0, 3]', 'no elements'] },
  ],
})
