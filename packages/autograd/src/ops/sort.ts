import { AxisError, IndexOutOfRangeError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { formatShape, normalizeAxis } from '../graph/shape.js'
import { dropAxes, type KeepDims } from './broadcast.js'
import { byPlace } from './by-place.js'
import { composed, underived } from './define.js'
import type { Extremes } from './extremes.js'
import { random, type Sample, values } from './facts.js'
import * as kinds from './kinds.js'
import { badAxis } from './reduce.js'
import { several } from './several.js'
import { slice } from './slice.js'

// Elements in order. Equal ones keep theirs (-0 equals 0), and NaN is greater than any number.

/** The first `count` of each line along an axis, in order. */
export interface Order {
  readonly axis: number
  readonly descending: boolean
  readonly count: number
}

const sorted = several('sort', {
  run: {
    shapes: ([x], { axis, count }: Order) => {
      const shape = x!.sizes.with(axis, count)
      return [
        { shape, dtype: 'int32' },
        { shape, dtype: x!.dtype },
      ]
    },
    kernel: ({ axis, descending }) => ({ kind: 'sort', axis, descending }),
  },
  ...byPlace<Order>(({ axis }) => axis),
  call:
    (apply) =>
    (x: Node, order: Order): Extremes => {
      const [indices, found] = apply([x], order)
      return { values: found!, indices: indices! }
    },
  samples: [],
})

const places = underived('argsort', {
  shape: ([x], { axis, count }: Order) => ({ shape: x!.sizes.with(axis, count), dtype: 'int32' }),
  kernel: (_inputs, { axis, descending }) => ({ kind: 'sort', axis, descending }),
  call: (apply) => (x: Node, order: Order) => apply([x], order),
  samples: [],
})

/** What of an axis comes first in order. */
export const firstInOrder = (x: Node, axis: number, count = x.sizes[axis]!, descending = false): Extremes =>
  sorted(x, { axis, descending, count })

export interface SortOptions {
  /** From the greatest to the least. Default false. */
  readonly descending?: boolean
}

const sortTakes = { x: kinds.tensor, axis: kinds.optional(kinds.axis), options: { descending: kinds.boolean } }
const sortSamples = (): Sample[] => [
  [random(5)],
  [random(2, 4), 0],
  [random(2, 3, 2), -2, { descending: true }],
  [values([7], [3, 1, 2, -4, 0, 5, -1]), -1],
  [random(2, 0)],
]

/** The elements along an axis (default the last) in ascending order. */
export const sort = composed('sort', {
  takes: sortTakes,
  call: (x: Node, axis = -1, { descending = false }: SortOptions = {}): Node => {
    const position = normalizeAxis('sort', axis, x.sizes)
    return firstInOrder(x, position, x.sizes[position], descending).values
  },
  samples: sortSamples(),
  errors: [badAxis('sort'), { args: [random()], error: AxisError, says: ['sort', 'scalar'] }],
})

/** The same, and where each stood along the axis. */
export const sortWithIndices = composed('sortWithIndices', {
  takes: sortTakes,
  call: (x: Node, axis = -1, { descending = false }: SortOptions = {}): Extremes => {
    const position = normalizeAxis('sortWithIndices', axis, x.sizes)
    return firstInOrder(x, position, x.sizes[position], descending)
  },
  samples: sortSamples(),
  errors: [badAxis('sortWithIndices')],
})

/** Where along an axis (default the last) the elements stand that are first, second, ... in order. int32. */
export const argsort = composed('argsort', {
  takes: sortTakes,
  call: (x: Node, axis = -1, { descending = false }: SortOptions = {}): Node => {
    const position = normalizeAxis('argsort', axis, x.sizes)
    return places(x, { axis: position, descending, count: x.sizes[position]! })
  },
  samples: sortSamples(),
  errors: [badAxis('argsort')],
  differentiable: false,
})

export interface TopkOptions {
  /** The greatest, from the greatest on; if false, the least from the least on. Default true. */
  readonly largest?: boolean
}

/** The k greatest elements along an axis (default the last), and where they stand. */
export const topk = composed('topk', {
  takes: { x: kinds.tensor, k: kinds.number, axis: kinds.optional(kinds.axis), options: { largest: kinds.boolean } },
  call: (x: Node, k: number, axis = -1, { largest = true }: TopkOptions = {}): Extremes => {
    const position = normalizeAxis('topk', axis, x.sizes)
    const dim = x.sizes[position]!
    if (!Number.isInteger(k) || k < 0 || k > dim) {
      throw new ShapeError(
        `topk: k ${k} of axis ${position} of shape ${formatShape(x.sizes)}, which has ${dim} elements: use an integer from ` +
          `0 to ${dim}.`,
      )
    }
    return firstInOrder(x, position, k, largest)
  },
  samples: [
    [random(6), 2],
    [random(2, 5), 3, -1, { largest: false }],
    [random(4, 2), 1, 0],
    [random(2, 3), 3],
    [random(3), 0],
  ],
  errors: [
    { args: [random(2, 3), 4], error: ShapeError, says: ['topk', 'k 4', 'axis 1', '[2, 3]', '0 to 3'] },
    { args: [random(3), 1.5], error: ShapeError, says: ['topk', '1.5', 'integer'] },
    { args: [random(2, 3), 1, 2], error: AxisError, says: ['topk', 'axis 2', '[2, 3]'] },
  ],
})

/** The k-th least element along an axis (default the last), from 1 on, and where it stands. */
export const kthValue = composed('kthValue', {
  takes: { x: kinds.tensor, k: kinds.number, axis: kinds.optional(kinds.axis), options: { keepDims: kinds.boolean } },
  call: (x: Node, k: number, axis = -1, options: KeepDims = {}): Extremes => {
    const position = normalizeAxis('kthValue', axis, x.sizes)
    const dim = x.sizes[position]!
    if (!Number.isInteger(k) || k < 1 || k > dim) {
      throw new IndexOutOfRangeError(
        `kthValue: k ${k} is out of range for axis ${position} of shape ${formatShape(x.sizes)}: ` +
          (dim === 0 ? 'that axis is empty.' : `use an integer from 1 (the least) to ${dim}.`),
      )
    }
    const found = firstInOrder(x, position, k)
    const last = (part: Node) => dropAxes(slice(part, position, k - 1), [position], options)
    return { values: last(found.values), indices: last(found.indices) }
  },
  samples: [
    [random(5), 2],
    [random(2, 4), 4],
    [random(3, 2), 1, 0, { keepDims: true }],
  ],
  errors: [
    {
      args: [random(2, 3), 4],
      error: IndexOutOfRangeError,
      says: ['kthValue', 'k 4', 'axis 1', '[2, 3]', '1 (the least) to 3'],
    },
    { args: [random(3), 0], error: IndexOutOfRangeError, says: ['kthValue', 'k 0'] },
    { args: [random(2, 0), 1], error: IndexOutOfRangeError, says: ['kthValue', 'empty'] },
    { args: [random(2, 3), 1, 2], error: AxisError, says: ['kthValue', 'axis 2', '[2, 3]'] },
  ],
})
