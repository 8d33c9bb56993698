import { ArgumentError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { normalizeAxes, sizeOf } from '../graph/shape.js'
import { denseValue } from '../graph/value.js'
import { type Axes, dropAxes, type KeepDims, reductionTakes, reshape } from './broadcast.js'
import { cast, toFloat } from './cast.js'
import { composed } from './define.js'
import { elementwise } from './elementwise.js'
import { random, values } from './facts.js'
import { indexSelect } from './gather.js'
import * as kinds from './kinds.js'
import { permute } from './layout.js'
import { badAxis, requireElements } from './reduce.js'
import { slice } from './slice.js'
import { firstInOrder } from './sort.js'

const { isNaN, lerp, where } = elementwise

// Between elements in order. Those between which it lies have the derivative, in the parts in which they count.

export type Interpolation = 'linear' | 'lower' | 'higher' | 'nearest' | 'midpoint'

/** The places around a place that may be between two, and how far it lies from the lower to the higher one. */
const around = (place: number, by: Interpolation): readonly [low: number, high: number, part: number] => {
  const low = Math.floor(place)
  const high = Math.ceil(place)
  const part = place - low
  switch (by) {
    case 'linear':
      return [low, high, part]
    case 'midpoint':
      return [low, high, 0.5]
    case 'lower':
      return [low, low, 0]
    case 'higher':
      return [high, high, 0]
    case 'nearest': {
      const near = part === 0.5 ? low + (low % 2) : Math.round(place)
      return [near, near, 0]
    }
  }
}

/** x with some axes joined into one, the last. */
const joined = (x: Node, axes: readonly number[]): Node => {
  const kept = x.sizes.map((_, axis) => axis).filter((axis) => !axes.includes(axis))
  const moved = permute(x, [...kept, ...axes])
  const count = sizeOf(axes.map((axis) => x.sizes[axis]!))
  return reshape(moved, [...kept.map((axis) => x.sizes[axis]!), count])
}

/** Quantiles over axes, which stay with size 1; those of several q along a new last axis. */
const quantilesOf = (op: string, x: Node, axes: readonly number[], qs: readonly number[], by: Interpolation): Node => {
  requireElements(op, x, axes)
  const lines = joined(toFloat(x), axes)
  const axis = lines.sizes.length - 1
  const count = lines.sizes[axis]!
  const inOrder = firstInOrder(lines, axis).values
  const spots = qs.map((q) => around(q * (count - 1), by))
  const at = (list: readonly number[]) => {
    const places = x.make(denseValue(Int32Array.from(list), [list.length], 'int32'))
    return indexSelect(inOrder, places, axis)
  }
  const lows = at(spots.map(([low]) => low))
  const between = spots.some(([low, high]) => low !== high)
  const parts = x.make(
    denseValue(
      Float64Array.from(spots, ([, , part]) => part),
      [qs.length],
      'float64',
    ),
  )
  const found = between ? lerp(lows, at(spots.map(([, high]) => high)), cast(parts, lines.dtype)) : lows
  // NaN is the last in order
  const last = slice(inOrder, axis, -1)
  const all = where(isNaN(last), last, found)
  return reshape(all, [...x.sizes.map((dim, i) => (axes.includes(i) ? 1 : dim)), qs.length])
}

/** The middle of the elements in order: of an even number, the mean of the two. NaN where there is one. */
export const median = composed('median', {
  takes: reductionTakes,
  call: (x: Node, axes?: Axes, options: KeepDims = {}): Node => {
    const positions = normalizeAxes('median', axes, x.sizes)
    const found = quantilesOf('median', x, positions, [0.5], 'linear')
    return dropAxes(reshape(found, found.sizes.slice(0, -1)), positions, options)
  },
  samples: [
    [random(5)],
    [random(2, 4), 1],
    [random(2, 3, 4), [0, -1], { keepDims: true }],
    [random()],
    [random(2, 3), []],
  ],
  errors: [
    badAxis('median'),
    { args: [random(2, 0), 1], error: ShapeError, says: ['median', 'axis 1', '[2, 0]', 'empty'] },
  ],
})

export interface QuantileOptions extends KeepDims {
  /** Where a quantile lies between two elements. Default 'linear'. */
  readonly interpolation?: Interpolation
}

const interpolation = kinds.oneOf('linear', 'lower', 'higher', 'nearest', 'midpoint')
const portion = kinds.kind(
  'a number from 0 to 1, or an array of them',
  (thing) => typeof thing === 'number' || (Array.isArray(thing) && thing.every((q) => typeof q === 'number')),
)

/** What a part q of the elements is not above. Those of several q are along a new first axis. */
export const quantile = composed('quantile', {
  takes: {
    x: kinds.tensor,
    q: portion,
    axis: kinds.optional(kinds.axesOrAll),
    options: { keepDims: kinds.boolean, interpolation },
  },
  call: (x: Node, q: number | readonly number[], axes?: Axes, options: QuantileOptions = {}): Node => {
    const positions = normalizeAxes('quantile', axes, x.sizes)
    const qs = typeof q === 'number' ? [q] : q
    for (const each of qs) {
      if (!(each >= 0 && each <= 1))
        throw new ArgumentError(`quantile: q ${each} is not from 0 to 1; use a percentage / 100.`)
    }
    const found = quantilesOf('quantile', x, positions, qs, options.interpolation ?? 'linear')
    const rank = x.sizes.length
    if (typeof q === 'number') return dropAxes(reshape(found, found.sizes.slice(0, -1)), positions, options)
    const front = permute(found, [rank, ...x.sizes.keys()])
    return dropAxes(
      front,
      positions.map((axis) => axis + 1),
      options,
    )
  },
  samples: [
    [random(5), 0.3],
    [random(2, 4), [0.25, 1, 0], 1],
    [random(2, 3, 4), [0.1, 0.9], [0, -1], { keepDims: true }],
    [random(2, 6), 0.7, -1, { interpolation: 'lower' }],
    [random(2, 6), [0.7, 0.1], 0, { interpolation: 'higher' }],
    [random(6), [0.1, 0.3, 0.5, 0.7, 0.9], 0, { interpolation: 'nearest' }],
    [random(6), [0.2, 0.7], undefined, { interpolation: 'midpoint' }],
    [values([3], [4, 1, 2]), []],
  ],
  errors: [
    { args: [random(2, 3), 0.5, 2], error: badAxis('quantile').error, says: badAxis('quantile').says },
    { args: [random(3), 50], error: ArgumentError, says: ['quantile', 'q 50', 'from 0 to 1', '100'] },
    { args: [random(3), [0.5, Number.NaN]], error: ArgumentError, says: ['quantile', 'q NaN'] },
    { args: [random(0), 0.5], error: ShapeError, says: ['quantile', 'axis 0', 'empty'] },
  ],
})
