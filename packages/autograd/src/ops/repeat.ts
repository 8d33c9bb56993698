import { ArgumentError, AxisError, DTypeError, IndexOutOfRangeError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { checkShape, formatShape, normalizeAxis } from '../graph/shape.js'
import { broadcastTo, reshape, stretches } from './broadcast.js'
import { cast } from './cast.js'
import { constant, integers, upTo } from './constant.js'
import { cumSum } from './cumulate.js'
import { elementsOf, type FixedSize, filledUp, fixedSizeTakes, requireNoFill } from './data-dependent.js'
import { composed } from './define.js'
import { elementwise } from './elementwise.js'
import { indices, random } from './facts.js'
import * as kinds from './kinds.js'
import { ravel } from './layout.js'
import { pad } from './pad.js'
import { addTo, read, take } from './places.js'
import { slice } from './slice.js'

// A tensor again and again.

const requireCounts = (op: string, counts: readonly number[]): void => {
  if (counts.every((count) => Number.isInteger(count) && count >= 0)) return
  throw new ShapeError(`${op}: counts ${formatShape(counts)} given; use integers of at least 0.`)
}

/** Laid side by side as often as is said of each of the last axes; counts for more axes than x has add some in front. */
const tiled = (op: string, x: Node, counts: readonly number[]): Node => {
  requireCounts(op, counts)
  const rank = Math.max(x.sizes.length, counts.length)
  const sizes = [...new Array<number>(rank - x.sizes.length).fill(1), ...x.sizes]
  const times = [...new Array<number>(rank - counts.length).fill(1), ...counts]
  const shape = checkShape(
    op,
    sizes.map((size, i) => size * times[i]!),
  )
  const apart = reshape(
    x,
    sizes.flatMap((size) => [1, size]),
  )
  return reshape(
    broadcastTo(
      apart,
      sizes.flatMap((size, i) => [times[i]!, size]),
    ),
    shape,
  )
}

/** x laid side by side along the last axis, or along as many of the last axes as there are counts (NumPy's tile). */
export const tile = composed('tile', {
  takes: { x: kinds.tensor, counts: kinds.axes },
  instead: 'pass the counts as one array, [2, 3]',
  call: (x: Node, counts: number | readonly number[]): Node =>
    tiled('tile', x, typeof counts === 'number' ? [counts] : counts),
  samples: [
    [random(3), 2],
    [random(2, 3), 2],
    [random(2, 3), [3, 1]],
    [random(2), [2, 1, 2]],
    [random(2, 2), [0, 1]],
    [random(), [2]],
  ],
  errors: [
    { args: [random(3), -1], error: ShapeError, says: ['tile', '[-1]', 'at least 0'] },
    { args: [random(3), [1.5]], error: ShapeError, says: ['tile', '[1.5]', 'integers'] },
    { args: [random(3), [2 ** 30]], error: ShapeError, says: ['tile', '3221225472', 'at most'] },
  ],
})

const countOfEach = kinds.kind(
  'an array with a count for each axis, such as [2, 1]; repeatInterleave() repeats elements where they stand',
  kinds.shape.accepts,
)

/** x laid side by side along each axis, of which all are counted (PyTorch's repeat). */
export const repeat = composed('repeat', {
  takes: { x: kinds.tensor, counts: countOfEach },
  instead: 'pass the counts as one array, [2, 3]; repeatInterleave() takes an axis',
  call: (x: Node, counts: readonly number[]): Node => {
    if (counts.length < x.sizes.length) {
      throw new ShapeError(
        `repeat: counts ${formatShape(counts)} are too few for shape ${formatShape(x.sizes)}; give one for each axis, or use ` +
          'tile(), which takes those of the last axes.',
      )
    }
    return tiled('repeat', x, counts)
  },
  samples: [
    [random(2, 3), [2, 1]],
    [random(2), [3, 2]],
    [random(), []],
  ],
  errors: [
    { args: [random(2, 3), [2]], error: ShapeError, says: ['repeat', '[2]', '[2, 3]', 'tile()'] },
    { args: [random(3), [-1]], error: ShapeError, says: ['repeat', '[-1]', 'at least 0'] },
    { args: [random(3), 2], error: ArgumentError, says: ['repeat', 'repeatInterleave()'] },
  ],
})

const isCounts = (thing: unknown): boolean => kinds.axes.accepts(thing) || kinds.tensor.accepts(thing)
const counts = kinds.kind('an integer, or one for each entry of the axis, in an array or an int32 tensor', isCounts)
type Counts = number | readonly number[] | Node

/**
 * Each entry of an axis so many times, one by one (NumPy's repeat); without an axis each element, in row-major order. Where
 * counts are in a tensor, `size` fixes how many come out: the first ones, and `fill` where there are fewer.
 */
export const repeatInterleave = composed('repeatInterleave', {
  takes: { x: kinds.tensor, counts, axis: kinds.optional(kinds.axis), options: fixedSizeTakes },
  call: (x: Node, counts: Counts, axis?: number, options: FixedSize = {}): Node => {
    const line = axis === undefined ? ravel(x) : x
    const position = axis === undefined ? 0 : normalizeAxis('repeatInterleave', axis, x.sizes)
    const dim = line.sizes[position]!
    if (kinds.tensor.accepts(counts)) return repeatedBy(line, countsFor(counts as Node, dim), position, options)
    if (options.size !== undefined || options.fill !== undefined) {
      throw new ArgumentError('repeatInterleave: size and fill are for counts in a tensor; leave them out.')
    }
    if (typeof counts !== 'number') return eachRepeated(line, countsOf(counts as readonly number[], dim), position)
    requireCounts('repeatInterleave', [counts])
    const shape = checkShape('repeatInterleave', line.sizes.with(position, dim * counts))
    const apart = reshape(line, line.sizes.toSpliced(position + 1, 0, 1))
    return reshape(broadcastTo(apart, line.sizes.toSpliced(position + 1, 0, counts)), shape)
  },
  samples: [
    [random(3), 2],
    [random(2, 3), 2],
    [random(2, 3), 3, -1],
    [random(3, 2), [2, 0, 1], 0],
    [random(2, 2), [1, 2, 0, 3]],
    [random(2, 3), indices([3], [1, 0, 2]), 1, { size: 2 }],
    [random(3, 2), indices([3], [1, 0, 2]), 0, { size: 5, fill: 7 }],
    [random(3), indices([], [2]), 0, { size: 4 }],
    [random(2, 0), indices([0], []), 1, { size: 2 }],
  ],
  errors: [
    { args: [random(3), [1, 2], 0], error: ShapeError, says: ['repeatInterleave', '[1, 2]', '3 entries'] },
    { args: [random(3), -1], error: ShapeError, says: ['repeatInterleave', '[-1]', 'at least 0'] },
    { args: [random(3), [1, -1, 0]], error: ShapeError, says: ['repeatInterleave', '-1', 'at least 0'] },
    { args: [random(3), indices([2], [1, 1])], error: ShapeError, says: ['repeatInterleave', '[2]', '3 entries'] },
    { args: [random(3), random(3)], error: DTypeError, says: ['repeatInterleave', 'float64[3]', 'int32'] },
    { args: [random(3), 2, 1], error: AxisError, says: ['repeatInterleave', 'axis 1', '[3]'] },
    { args: [random(3), 2, 0, { size: 6 }], error: ArgumentError, says: ['repeatInterleave', 'size', 'tensor'] },
    {
      args: [random(3), indices([3], [1, -1, 0]), 0, { size: 2 }],
      error: IndexOutOfRangeError,
      says: ['repeatInterleave', '-1'],
    },
  ],
})

const countsOf = (counts: readonly number[], dim: number): readonly number[] => {
  requireCounts('repeatInterleave', counts)
  if (counts.length === dim) return counts
  throw wrongCounts(`counts ${formatShape(counts)}`, dim)
}

const countsFor = (counts: Node, dim: number): Node => {
  if (counts.dtype !== 'int32') {
    throw new DTypeError(`repeatInterleave: the counts are ${counts}; they must be int32: cast(counts, 'int32').`)
  }
  if (stretches(counts.sizes, [dim])) return broadcastTo(counts, [dim])
  throw wrongCounts(`counts of shape ${formatShape(counts.sizes)}`, dim)
}

const wrongCounts = (counts: string, dim: number): ShapeError =>
  new ShapeError(`repeatInterleave: ${counts} given for ${dim} entries; give one for each, or one number for all.`)

const eachRepeated = (x: Node, counts: ArrayLike<number>, axis: number): Node => {
  const places = Array.from(counts).flatMap((count, place) => new Array<number>(count).fill(place))
  return take(x, integers(x, Int32Array.from(places)), { op: 'repeatInterleave', axis })
}

const repeatedBy = (x: Node, counts: Node, axis: number, { size, fill }: FixedSize): Node => {
  if (size === undefined) {
    requireNoFill('repeatInterleave', fill)
    const known = elementsOf('repeatInterleave', counts)
    requireCounts('repeatInterleave', [...known])
    return eachRepeated(x, known, axis)
  }
  const dim = x.sizes[axis]!
  // more than `size` of one are as good as `size`; looked up, since a negative count is a mistake
  const at = { op: 'repeatInterleave', mode: 'take', axis: 0, negatives: 'refused' } as const
  const capped = read(upTo(counts, size + 1), elementwise.minimum(counts, size), at)
  const ends = cast(elementwise.minimum(cumSum(cast(capped, 'float64')), size), 'int32')
  // a place shows the entry before which as many have ended
  const ended = addTo(constant(counts, 0, [size + 1]), ends, constant(counts, 1, [dim]), at)
  const slots = slice(cumSum(ended), 0, 0, size)
  const shown = elementwise.minimum(slots, dim - 1)
  const found =
    dim === 0
      ? pad(
          x,
          x.sizes.map((_, i) => [0, i === axis ? size : 0]),
        )
      : take(x, shown, { op: 'repeatInterleave', axis })
  return filledUp('repeatInterleave', found, { areThere: elementwise.less(slots, dim) }, fill ?? 0, axis)
}
