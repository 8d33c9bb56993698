import { AdjointError, AxisError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { formatShape, normalizeAxis } from '../graph/shape.js'
import { ternary } from '../rules/rule.js'
import { reshape } from './broadcast.js'
import { toFloat } from './cast.js'
import { composed } from './define.js'
import { elementwise, fromRule } from './elementwise.js'
import { random, values } from './facts.js'
import * as kinds from './kinds.js'
import { requirePositive } from './normalize.js'
import { countOf } from './reduce.js'
import { measuredAndMoments } from './spread.js'

export interface BatchNormOptions {
  /** What each channel is multiplied by, and what is added to it then: [channels]. Default 1 and 0. */
  readonly weight?: Node | undefined
  readonly bias?: Node | undefined
  /** That of the channels. Default 1. */
  readonly axis?: number
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number
}

const { add, mul, sqrt } = elementwise
const measure = fromRule(
  ternary('batchNorm.measure', { value: (m, x, mean, size) => m.div(m.sub(x, mean), size), samples: [] }),
)
const scaleAndShift = fromRule(
  ternary('batchNorm.scaleAndShift', { value: (m, y, weight, bias) => m.add(m.mul(y, weight), bias), samples: [] }),
)

const options = { weight: kinds.tensor, bias: kinds.tensor, axis: kinds.axis, epsilon: kinds.number }

/** One entry for each channel of x, laid along their axis. */
const perChannel = (op: string, what: string, entries: Node, x: Node, axis: number): Node => {
  const channels = x.sizes[axis]!
  if (entries.sizes.length !== 1 || entries.sizes[0] !== channels) {
    throw new ShapeError(
      `${op}: ${what} ${formatShape(entries.sizes)} has not one entry for each of the ${channels} channels, axis ${axis} of x ` +
        `${formatShape(x.sizes)}; give it shape [${channels}], or name another axis.`,
    )
  }
  return reshape(
    entries,
    x.sizes.map((_, i) => (i === axis ? channels : 1)),
  )
}

type Laid = (what: string, entries: Node) => Node

const affine = (y: Node, { weight, bias }: BatchNormOptions, laid: Laid): Node => {
  const [factor, term] = [weight && laid('weight', weight), bias && laid('bias', bias)]
  if (factor && term) return scaleAndShift(y, factor, term)
  return factor ? mul(y, factor) : term ? add(y, term) : y
}

/** (x - mean) / sqrt(variance + epsilon) by channels with given statistics, times the weight, plus the bias. */
export const batchNorm = composed('batchNorm', {
  takes: { x: kinds.tensor, mean: kinds.tensor, variance: kinds.tensor, options },
  instead: 'give weight and bias as options, { weight, bias }',
  call: (x: Node, mean: Node, variance: Node, options: BatchNormOptions = {}): Node => {
    const { axis = 1, epsilon = 1e-5 } = options
    const position = normalizeAxis('batchNorm', axis, x.sizes)
    requirePositive('batchNorm', epsilon)
    const laid: Laid = (what, entries) => perChannel('batchNorm', what, entries, x, position)
    const size = sqrt(add(laid('variance', variance), epsilon))
    return affine(measure(toFloat(x), laid('mean', mean), size), options, laid)
  },
  samples: [
    [random(2, 3), random(3), values([3], [0.5, 2, 0.1])],
    [random(2, 2, 3), random(2), values([2], [0.5, 2]), { weight: random(2), bias: random(2), epsilon: 0.1 }],
    [random(2, 3), random(2), values([2], [0.5, 2]), { axis: 0, weight: random(2) }],
    [random(2, 3, 2), random(2), values([2], [0, 2]), { axis: -1, bias: random(2), epsilon: 0.01 }],
    [values([2, 2], [100, 101, 103, -100]), values([2], [100, -99]), values([2], [4, 0.25])],
    [random(0, 2), random(2), values([2], [0.5, 2])],
  ],
  errors: [
    { args: [random(3), random(3), random(3)], error: AxisError, says: ['batchNorm', 'axis 1', '[3]', '-1 to 0'] },
    {
      args: [random(2, 3), random(2), random(3)],
      error: ShapeError,
      says: ['batchNorm', 'mean [2]', '3 channels, axis 1', '[2, 3]', 'shape [3]'],
    },
    { args: [random(2, 3), random(3), random(1, 3)], error: ShapeError, says: ['batchNorm', 'variance [1, 3]'] },
    {
      args: [random(2, 3), random(3), random(3), { weight: random() }],
      error: ShapeError,
      says: ['batchNorm', 'weight []', '3 channels'],
    },
    {
      args: [random(2, 3), random(3), random(3), { bias: random(2) }],
      error: ShapeError,
      says: ['bias [2]', '[2, 3]'],
    },
    {
      args: [random(2, 3), random(3), random(3), { epsilon: 0 }],
      error: AdjointError,
      says: ['batchNorm', 'epsilon is 0', 'positive'],
    },
  ],
})

/** What a batch has become, and the statistics of each of its channels. */
export interface Normalized {
  readonly values: Node
  readonly mean: Node
  /** With the number of values of a channel as divisor. */
  readonly variance: Node
}

const named = 'batchNormWithStatistics'

const requireSeveral = (x: Node, count: number): void => {
  if (count > 1) return
  throw new ShapeError(
    `${named}: x ${formatShape(x.sizes)} has ${count === 0 ? 'no values' : '1 value'} in a channel: there ` +
      `${count === 0 ? 'is neither mean nor variance' : 'is no variance'}. Give a larger batch, or use batchNorm() with ` +
      'statistics of others.',
  )
}

/** Each channel less its mean over all other axes, over the root of its variance + epsilon; and these statistics. */
export const batchNormWithStatistics = composed(named, {
  takes: { x: kinds.tensor, options },
  instead: 'give weight and bias as options, { weight, bias }; batchNorm() takes statistics',
  call: (x: Node, options: BatchNormOptions = {}): Normalized => {
    const { axis = 1, epsilon = 1e-5 } = options
    const position = normalizeAxis(named, axis, x.sizes)
    requirePositive(named, epsilon)
    const axes = x.sizes.map((_, i) => i).filter((i) => i !== position)
    const count = countOf(x, axes)
    requireSeveral(x, count)
    const attrs = { axes, centred: true, divisor: count, epsilon }
    const [y, , mean, variance] = measuredAndMoments(toFloat(x), attrs)
    const channels = [x.sizes[position]!]
    return {
      values: affine(y!, options, (what, entries) => perChannel(named, what, entries, x, position)),
      mean: reshape(mean!, channels),
      variance: reshape(variance!, channels),
    }
  },
  samples: [
    [random(3, 2)],
    [random(2, 2, 3), { weight: random(2), bias: random(2), epsilon: 0.1 }],
    [random(2, 3), { axis: 0, weight: random(2) }],
    [random(2, 3, 2), { axis: -1, bias: random(2), epsilon: 0.01 }],
    [values([4, 2], [2, 100, 2, 101, 2, 103, 2, 102]), { epsilon: 0.01 }],
    [random(2, 0)],
  ],
  errors: [
    { args: [random(3)], error: AxisError, says: [named, 'axis 1', '[3]', '-1 to 0'] },
    { args: [random(1, 3)], error: ShapeError, says: [named, '[1, 3]', '1 value in a channel', 'batchNorm()'] },
    { args: [random(0, 3)], error: ShapeError, says: [named, '[0, 3]', 'no values in a channel', 'larger batch'] },
    { args: [random(3), { axis: 0 }], error: ShapeError, says: [named, '[3]', '1 value in a channel'] },
    {
      args: [random(2, 3), { weight: random(2) }],
      error: ShapeError,
      says: [named, 'weight [2]', '3 channels', '[2, 3]'],
    },
    { args: [random(2, 3), { bias: random(3, 1) }], error: ShapeError, says: [named, 'bias [3, 1]'] },
    { args: [random(2, 3), { epsilon: -1 }], error: AdjointError, says: [named, 'epsilon is -1', 'positive'] },
  ],
})
