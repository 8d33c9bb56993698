import { ArgumentError, DTypeError, IndexOutOfRangeError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { checkShape, formatShape, normalizeAxes, sameShape, sizeOf } from '../graph/shape.js'
import { type Axes, type KeepDims, reductionTakes, reshape, sum } from './broadcast.js'
import { cast, toFloat } from './cast.js'
import { constant, upTo, zerosLike } from './constant.js'
import { elementsOf } from './data-dependent.js'
import { composed } from './define.js'
import { elementwise } from './elementwise.js'
import { indices, random, values } from './facts.js'
import { requireIndices } from './gather.js'
import * as kinds from './kinds.js'
import { ravel } from './layout.js'
import { addTo } from './places.js'
import { badAxis, max, min } from './reduce.js'
import { searchSorted } from './search-sorted.js'
import { slice } from './slice.js'

const { div, equal, greaterEqual, identity, lerp, lessEqual, logicalAnd, minimum, mul, notEqual, sub, where } =
  elementwise

/** How many elements are not 0; NaN is not. int32. */
export const countNonzero = composed('countNonzero', {
  takes: reductionTakes,
  call: (x: Node, axes?: Axes, options: KeepDims = {}): Node =>
    sum(notEqual(x, 0), normalizeAxes('countNonzero', axes, x.sizes), options),
  samples: [
    [values([2, 3], [0, 1, 0, -2, 5, 0])],
    [values([2, 3], [0, 1, 0, -2, 5, 0]), 1, { keepDims: true }],
    [values([2, 2], [1, 0, 1, 1], 'bool'), [0, 1]],
    [random(0)],
  ],
  errors: [badAxis('countNonzero')],
  differentiable: false,
})

/** How much there is in each of `count` bins, of which one is given for each element: 1, or its weight. */
const inBins = (op: string, bins: Node, weights: Node | undefined, count: number): Node => {
  const flat = ravel(bins)
  const amounts = weights === undefined ? constant(bins, 1, flat.sizes, 'int32') : ravel(weights)
  const start = zerosLike(bins, { shape: checkShape(op, [count]), dtype: amounts.dtype })
  return addTo(start, flat, amounts, { op, mode: 'along', axis: 0, negatives: 'refused' })
}

/** The weights as numbers, one for each element. */
const weightsFor = (op: string, x: Node, weights: Node | undefined): Node | undefined => {
  if (weights === undefined) return undefined
  if (!sameShape(x.sizes, weights.sizes)) {
    throw new ShapeError(
      `${op}: weights ${formatShape(weights.sizes)} must have the shape of x ${formatShape(x.sizes)}: give one for each element.`,
    )
  }
  return weights.dtype === 'bool' ? cast(weights, 'int32') : weights
}

export interface BincountOptions<T = Node> {
  /** What each element counts. Default 1. */
  readonly weights?: T
  /** At least so many bins. Default 0. */
  readonly minLength?: number
  /** Exactly so many bins. Default one more than the greatest element. */
  readonly size?: number
}

/** How often each integer from 0 on is there, up to the greatest; or the sum of the weights where it is. */
export const bincount = composed('bincount', {
  takes: { x: kinds.tensor, options: { weights: kinds.tensor, minLength: kinds.count, size: kinds.count } },
  call: (x: Node, { weights, minLength, size }: BincountOptions = {}): Node => {
    requireIndices('bincount', x)
    if (size !== undefined && minLength !== undefined) {
      throw new ArgumentError(
        `bincount: size ${size} and minLength ${minLength} both say how many bins; leave one out.`,
      )
    }
    const amounts = weightsFor('bincount', x, weights)
    return inBins('bincount', x, amounts, size ?? Math.max(minLength ?? 0, 1 + greatest(x)))
  },
  samples: [
    [indices([6], [0, 2, 2, 1, 2, 0]), { size: 4, weights: random(6) }],
    [indices([2, 2], [1, 1, 0, 2]), { size: 3, weights: random(2, 2) }],
    [indices([0], []), { size: 2, weights: random(0) }],
  ],
  errors: [
    { args: [random(3)], error: DTypeError, says: ['bincount', 'float64', 'int32'] },
    { args: [indices([2], [0, -1]), { size: 2 }], error: IndexOutOfRangeError, says: ['bincount', 'index -1'] },
    { args: [indices([2], [0, 3]), { size: 3 }], error: IndexOutOfRangeError, says: ['bincount', 'index 3', '0 to 2'] },
    { args: [indices([2], [0, 1]), { weights: random(3) }], error: ShapeError, says: ['bincount', '[3]', '[2]'] },
    {
      args: [indices([2], [0, 1]), { size: 3, minLength: 2 }],
      error: ArgumentError,
      says: ['bincount', 'size 3', 'minLength 2'],
    },
  ],
})

const greatest = (x: Node): number => {
  let found = -1
  for (const element of elementsOf('bincount', x)) if (element > found) found = element
  return found
}

export interface HistogramOptions<T = Node> {
  /** How many bins of equal width, or their edges: a tensor, ascending. Default 10. */
  readonly bins?: number | T
  /** From where to where bins of equal width go. Default from the least to the greatest element. */
  readonly range?: readonly [low: number, high: number]
  /** What each element counts. Default 1. */
  readonly weights?: T
  /** Give densities, of which the integral is 1. Default false. */
  readonly density?: boolean
}
export interface Histogram {
  readonly counts: Node
  readonly edges: Node
}

const binsKind = kinds.kind(
  'a number of bins, or a tensor of their edges',
  (thing) => kinds.count.accepts(thing) || kinds.tensor.accepts(thing),
)

/** How many elements lie in each bin, from its lower edge to before its upper one, which the last bin includes. */
export const histogram = composed('histogram', {
  takes: {
    x: kinds.tensor,
    options: { bins: binsKind, range: kinds.shape, weights: kinds.tensor, density: kinds.boolean },
  },
  call: (x: Node, { bins = 10, range, weights, density = false }: HistogramOptions = {}): Histogram => {
    const amounts = weightsFor('histogram', x, weights)
    const edges = typeof bins === 'number' ? equalBins(x, bins, range) : givenBins(bins, range)
    const count = edges.sizes[0]! - 1
    const isInside = logicalAnd(greaterEqual(x, slice(edges, 0, 0, 1)), lessEqual(x, slice(edges, 0, -1)))
    const below = sub(searchSorted(edges, ravel(x), { side: 'right' }), 1)
    // what lies elsewhere has a bin of its own, which is cut off
    const bin = where(ravel(isInside), minimum(below, count - 1), count)
    const counts = slice(inBins('histogram', bin, amounts, count + 1), 0, 0, count)
    if (!density) return { counts, edges }
    const widths = sub(slice(edges, 0, 1), slice(edges, 0, 0, -1))
    const amount = toFloat(counts)
    return { counts: div(amount, mul(sum(amount), widths)), edges }
  },
  samples: [
    [random(8)],
    [random(2, 4), { bins: 3, weights: random(2, 4) }],
    [random(5), { bins: values([4], [-3, -0.5, 0.5, 3]), weights: random(5) }],
  ],
  errors: [
    { args: [random(3), { bins: 0 }], error: ArgumentError, says: ['histogram', 'bins 0', 'at least 1'] },
    { args: [random(3), { range: [2, 1] }], error: ArgumentError, says: ['histogram', '[2, 1]', 'range'] },
    {
      args: [random(3), { range: [0, Number.POSITIVE_INFINITY] }],
      error: ArgumentError,
      says: ['histogram', 'Infinity'],
    },
    { args: [random(3), { bins: random(1) }], error: ShapeError, says: ['histogram', 'edges', '[1]'] },
    { args: [random(3), { bins: random(2, 2) }], error: ShapeError, says: ['histogram', 'edges', '[2, 2]'] },
    {
      args: [random(3), { bins: random(3), range: [0, 1] }],
      error: ArgumentError,
      says: ['histogram', 'edges', 'range'],
    },
    { args: [random(3), { weights: random(2) }], error: ShapeError, says: ['histogram', '[2]', '[3]'] },
  ],
})

const givenBins = (edges: Node, range: HistogramOptions['range']): Node => {
  if (edges.sizes.length !== 1 || edges.sizes[0]! < 2) {
    throw new ShapeError(
      `histogram: edges ${formatShape(edges.sizes)} must have one axis, of at least 2; give a number of bins, or one more edge than bins.`,
    )
  }
  if (range !== undefined) {
    throw new ArgumentError('histogram: given edges say where bins are; leave range out, or give a number of bins.')
  }
  // a tensor of its own, as any result is
  return identity(toFloat(edges))
}

const equalBins = (x: Node, bins: number, range: HistogramOptions['range']): Node => {
  if (bins < 1) throw new ArgumentError(`histogram: bins ${bins} are none; use an integer of at least 1.`)
  const floats = toFloat(x)
  const [low, high] = boundsOf(floats, range)
  const parts = div(cast(upTo(x, bins + 1), floats.dtype), bins)
  return lerp(low, high, parts)
}

/** From where to where bins go, each of one element; of equal bounds something around them, as in NumPy. */
const boundsOf = (x: Node, range: HistogramOptions['range']): readonly [low: Node, high: Node] => {
  if (range === undefined && sizeOf(x.sizes) > 0) {
    const [low, high] = [min(x), max(x)]
    const spread = where(equal(low, high), constant(x, 0.5, []), constant(x, 0, []))
    return [reshape(sub(low, spread), [1]), reshape(sub(high, mul(spread, -1)), [1])]
  }
  const [low, high] = range ?? [0, 1]
  if (range !== undefined && (range.length !== 2 || !(low < high && Number.isFinite(high - low)))) {
    throw new ArgumentError(
      `histogram: ${formatShape(range)} is no range; give two finite numbers, the lower one first: [0, 1].`,
    )
  }
  return [constant(x, low, [1]), constant(x, high, [1])]
}
