import { promote } from '../graph/dtype.js'
import { ArgumentError, AxisError, IndexOutOfRangeError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { checkShape, formatShape, normalizeAxes, normalizeAxis } from '../graph/shape.js'
import { shown } from '../graph/words.js'
import { cast } from './cast.js'
import { composed } from './define.js'
import { random } from './facts.js'
import * as kinds from './kinds.js'
import { assemble, cut, stretchOf } from './parts.js'

// What of some axes is left out, turned round, or put one after another.

/** One for each of several axes, or one for all of them. */
type Each<T> = T | readonly T[]

/** An axis of this length with each tensor at every `step`-th place of it from its start on: all places are taken, each once. */
export const interleave = (
  parts: readonly { readonly x: Node; readonly start: number; readonly step: number }[],
  axis: number,
  length: number,
): Node =>
  assemble(
    parts.map(({ x }) => x),
    {
      shape: parts[0]!.x.sizes.with(axis, length),
      fill: 0,
      starts: parts.map(({ x, start }) => x.sizes.map((_, i) => (i === axis ? start : 0))),
      steps: parts.map(({ x, step }) => x.sizes.map((_, i) => (i === axis ? step : 1))),
    },
  )

/** Which elements of a slice are taken. */
export interface SliceOptions {
  /** Take every step-th element; a negative step runs backwards. Default 1. */
  readonly step?: Each<number>
}

const isBound = (thing: unknown): boolean => thing === null || typeof thing === 'number'
const bound = kinds.optional(
  kinds.kind(
    'an integer, or null for the end of the axis; of several axes an array of them',
    (thing) => isBound(thing) || (Array.isArray(thing) && thing.every(isBound)),
  ),
)
const step = kinds.kind('an integer, or one for each axis', kinds.axes.accepts)

/** What each of some axes has of a bound. */
const eachOf = <T>(name: string, given: Each<T>, axis: Each<number>): readonly T[] => {
  const count = Array.isArray(axis) ? axis.length : 1
  if (!Array.isArray(given)) return new Array<T>(count).fill(given as T)
  if (Array.isArray(axis) && given.length === count) return given as T[]
  throw new ArgumentError(
    `slice: ${name} is ${shown(given)} for axis ${shown(axis)}; give one for each axis, or a number for all of them.`,
  )
}

/**
 * Elements `start` up to but not including `end` of an axis, or of several, by Python's rules: negatives count from the end,
 * ends beyond the axis are cut.
 */
export const slice = composed('slice', {
  takes: { x: kinds.tensor, axis: kinds.axes, start: bound, end: bound, options: { step } },
  call: (
    x: Node,
    axis: Each<number>,
    start: Each<number | null> = null,
    end: Each<number | null> = null,
    options: SliceOptions = {},
  ): Node => {
    const axes = typeof axis === 'number' ? [axis] : axis
    const positions = axes.map((axis) => normalizeAxis('slice', axis, x.sizes))
    if (positions.length > 1) normalizeAxes('slice', axes, x.sizes)
    const bounds = {
      start: eachOf('start', start, axis),
      end: eachOf('end', end, axis),
      step: eachOf('step', options.step ?? 1, axis),
    }
    for (const [name, numbers] of Object.entries(bounds)) {
      const wrong = numbers.find((number) => number !== null && !Number.isInteger(number))
      if (wrong !== undefined) {
        throw new IndexOutOfRangeError(
          `slice: ${name} ${wrong} of shape ${formatShape(x.sizes)} is not an integer; use one, or null for the end of the axis.`,
        )
      }
    }
    if (bounds.step.includes(0)) {
      throw new IndexOutOfRangeError('slice: step 0 goes nowhere; use a positive or negative integer.')
    }
    const starts = x.sizes.map(() => 0)
    const steps = x.sizes.map(() => 1)
    const counts = [...x.sizes]
    positions.forEach((position, i) => {
      const stretch = stretchOf(x.sizes[position]!, bounds.start[i], bounds.end[i], bounds.step[i]!)
      starts[position] = stretch.start
      steps[position] = bounds.step[i]!
      counts[position] = stretch.count
    })
    return cut(x, { starts, steps, counts })
  },
  samples: [
    [random(5), 0, 1, 4],
    [random(3, 5), 1, -3],
    [random(3, 5), -1, 4, 0, { step: -2 }],
    [random(7), 0, 0, null, { step: 3 }],
    [random(4), 0, 3, 1],
    [random(4), 0, null, null, { step: -1 }],
    [random(3, 4, 5), [0, -1], [1, null], [null, 3], { step: [1, -1] }],
    [random(3, 4), [1, 0], 1, -1],
    [random(3), [], 1],
  ],
  errors: [
    { args: [random(3), 1, 0, 1], error: AxisError, says: ['slice', 'axis 1', '[3]'] },
    { args: [random(3, 4), [0, -2], 0, 1], error: AxisError, says: ['slice', 'axis 0', 'twice'] },
    {
      args: [random(3, 4), [0, 1], [0], 1],
      error: ArgumentError,
      says: ['slice', 'start is [0]', 'one for each axis'],
    },
    { args: [random(3, 4), 0, 0, [1]], error: ArgumentError, says: ['slice', 'end is [1]', 'axis 0'] },
    { args: [random(3), 0, Number.NaN], error: IndexOutOfRangeError, says: ['slice', 'NaN', '[3]', 'integer'] },
    { args: [random(3), 0, 0, 2, { step: 0 }], error: IndexOutOfRangeError, says: ['slice', 'step 0'] },
  ],
})

/** The elements of an axis, or of several, in reverse order. */
export const flip = composed('flip', {
  takes: { x: kinds.tensor, axis: kinds.axes },
  call: (x: Node, axis: Each<number>): Node => slice(x, normalizeAxes('flip', axis, x.sizes), null, null, { step: -1 }),
  samples: [
    [random(4), 0],
    [random(2, 3), -1],
    [random(2, 3, 2), [0, -1]],
  ],
  errors: [
    { args: [random(3), 1], error: AxisError, says: ['flip', 'axis 1', '[3]'] },
    { args: [random(3, 2), [0, 0]], error: AxisError, says: ['flip', 'axis 0', 'twice'] },
  ],
})

/** Tensors one after another along an existing axis; their other dimensions are equal. */
export const concat = composed('concat', {
  takes: { tensors: kinds.tensors, axis: kinds.optional(kinds.axis) },
  instead: 'pass the tensors as one array, [a, b]',
  call: (tensors: readonly Node[], axis = 0): Node => {
    const [first] = tensors
    if (first === undefined) throw new ShapeError('concat: no tensors to join; pass at least one.')
    const position = normalizeAxis('concat', axis, first.sizes)
    const dtype = tensors.map((tensor) => tensor.dtype).reduce(promote)
    const starts: number[][] = []
    let length = 0
    for (const { sizes: shape } of tensors) {
      const fits =
        shape.length === first.sizes.length && shape.every((dim, i) => i === position || dim === first.sizes[i])
      if (!fits) {
        throw new ShapeError(
          `concat: shapes ${tensors.map((tensor) => formatShape(tensor.sizes)).join(', ')} differ ` +
            `beside axis ${axis}; only the joined axis may differ. stack() joins along a new axis.`,
        )
      }
      starts.push(shape.map((_, i) => (i === position ? length : 0)))
      length += shape[position]!
    }
    return assemble(
      tensors.map((tensor) => cast(tensor, dtype)),
      {
        shape: checkShape('concat', first.sizes.with(position, length)),
        fill: 0,
        starts,
        steps: starts.map((start) => start.map(() => 1)),
      },
    )
  },
  samples: [[[random(2, 3), random(1, 3)]], [[random(2, 1), random(2, 3), random(2, 2)], -1]],
  errors: [
    { args: [[]], error: ShapeError, says: ['concat', 'at least one'] },
    { args: [[random(2, 3), random(2, 4)], 0], error: ShapeError, says: ['concat', '[2, 3], [2, 4]', 'axis 0'] },
    { args: [[random(2), random(2)], 1], error: AxisError, says: ['concat', 'axis 1'] },
  ],
})
