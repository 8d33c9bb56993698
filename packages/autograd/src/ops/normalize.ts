import { AdjointError, AxisError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { formatShape, normalizeAxes, normalizeAxis } from '../graph/shape.js'
import { type Axes, reshape } from './broadcast.js'
import { toFloat } from './cast.js'
import { composed } from './define.js'
import { elementwise } from './elementwise.js'
import { random, values } from './facts.js'
import * as kinds from './kinds.js'
import { norm } from './norm.js'
import { countOf } from './reduce.js'
import { measuredAndSize } from './spread.js'

export interface LayerNormOptions {
  /** What the mean and the variance are taken over. Default the last axis. */
  readonly axes?: Axes
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number
}

/** x as it is if it has no elements; else over their distance from their mean, or from 0. */
const scaled = (x: Node, axes: readonly number[], centred: boolean, epsilon: number): Node => {
  const count = countOf(x, axes)
  return count === 0 ? x : measuredAndSize(x, { axes, centred, divisor: count, epsilon })[0]!
}

export const requirePositive = (op: string, epsilon: number): void => {
  if (epsilon > 0) return
  throw new AdjointError(
    `${op}: epsilon is ${epsilon}; use a small positive number: what does not vary would be divided by 0.`,
  )
}

/** (x - mean) / sqrt(variance + epsilon) over the axes (default the last). */
export const layerNorm = composed('layerNorm', {
  takes: { x: kinds.tensor, options: { axes: kinds.axes, epsilon: kinds.number } },
  call: (x: Node, { axes = -1, epsilon = 1e-5 }: LayerNormOptions = {}): Node => {
    const positions = normalizeAxes('layerNorm', axes, x.sizes)
    requirePositive('layerNorm', epsilon)
    return scaled(toFloat(x), positions, true, epsilon)
  },
  samples: [
    [random(2, 4)],
    [random(2, 3, 2), { axes: [0, -1], epsilon: 0.1 }],
    [random(3, 2), { axes: 0 }],
    [values([2, 3], [2, 2, 2, 100, 101, 103]), { epsilon: 0.01 }],
    [random(2, 1)],
  ],
  errors: [
    { args: [random(2, 3), { axes: 2 }], error: AxisError, says: ['layerNorm', 'axis 2', '[2, 3]', '-2 to 1'] },
    { args: [random()], error: AxisError, says: ['layerNorm', 'scalar has no axes'] },
    { args: [random(2, 3), { epsilon: 0 }], error: AdjointError, says: ['layerNorm', 'epsilon is 0', 'positive'] },
  ],
})

/** x / sqrt(mean(x^2) + epsilon) over the axes (default the last) (Zhang and Sennrich 2019). */
export const rmsNorm = composed('rmsNorm', {
  takes: { x: kinds.tensor, options: { axes: kinds.axes, epsilon: kinds.number } },
  call: (x: Node, { axes = -1, epsilon = 1e-5 }: LayerNormOptions = {}): Node => {
    const positions = normalizeAxes('rmsNorm', axes, x.sizes)
    requirePositive('rmsNorm', epsilon)
    return scaled(toFloat(x), positions, false, epsilon)
  },
  samples: [
    [random(2, 4)],
    [random(2, 3, 2), { axes: [0, -1], epsilon: 0.1 }],
    [values([2, 2], [0, 0, 300, -400]), { epsilon: 0.01 }],
  ],
  errors: [
    { args: [random(2, 3), { axes: 2 }], error: AxisError, says: ['rmsNorm', 'axis 2', '[2, 3]', '-2 to 1'] },
    { args: [random(2, 3), { epsilon: -1 }], error: AdjointError, says: ['rmsNorm', 'epsilon is -1', 'positive'] },
  ],
})

export interface GroupNormOptions {
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number
}

/** x [n, channels, ...] with the channels in groups of each example, which `layerNorm` brings to a common scale. */
const byGroups = (op: string, x: Node, groups: number, epsilon: number): Node => {
  const [count = 0, channels = 0, ...rest] = x.sizes
  if (x.sizes.length < 2) {
    throw new ShapeError(`${op}: x ${formatShape(x.sizes)} must be [batch, channels, ...]; add axes with reshape().`)
  }
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
    throw new ShapeError(
      `${op}: the ${channels} channels of x ${formatShape(x.sizes)} are not to be divided into ${groups} groups of one ` +
        'size; choose another number.',
    )
  }
  requirePositive(op, epsilon)
  const divided = reshape(toFloat(x), [count, groups, channels / groups, ...rest])
  const axes = divided.sizes.map((_, i) => i).slice(2)
  return reshape(scaled(divided, axes, true, epsilon), x.sizes)
}

/** The channels of x [n, channels, ...] in so many groups, each normalized with all its places (Wu and He 2018). */
export const groupNorm = composed('groupNorm', {
  takes: { x: kinds.tensor, groups: kinds.count, options: { epsilon: kinds.number } },
  call: (x: Node, groups: number, { epsilon = 1e-5 }: GroupNormOptions = {}): Node =>
    byGroups('groupNorm', x, groups, epsilon),
  samples: [
    [random(2, 4), 2],
    [random(1, 4, 3), 2, { epsilon: 0.1 }],
    [random(2, 3, 2, 2), 1],
  ],
  errors: [
    { args: [random(2, 3), 2], error: ShapeError, says: ['groupNorm', '3 channels', '[2, 3]', '2 groups'] },
    { args: [random(3), 1], error: ShapeError, says: ['groupNorm', '[3]', '[batch, channels, ...]'] },
    { args: [random(2, 2), 2, { epsilon: 0 }], error: AdjointError, says: ['groupNorm', 'epsilon is 0'] },
  ],
})

/** Each channel of each example of x [n, channels, ...] normalized over its places (Ulyanov et al. 2016). */
export const instanceNorm = composed('instanceNorm', {
  takes: { x: kinds.tensor, options: { epsilon: kinds.number } },
  call: (x: Node, { epsilon = 1e-5 }: GroupNormOptions = {}): Node =>
    byGroups('instanceNorm', x, Math.max(1, x.sizes[1] ?? 0), epsilon),
  samples: [[random(2, 2, 3)], [random(1, 2, 2, 2), { epsilon: 0.1 }]],
  errors: [
    { args: [random(3)], error: ShapeError, says: ['instanceNorm', '[3]', '[batch, channels, ...]'] },
    { args: [random(2, 2, 2), { epsilon: 0 }], error: AdjointError, says: ['instanceNorm', 'epsilon is 0'] },
  ],
})

export interface NormalizeOptions {
  /** The p of the norm. Default 2. */
  readonly order?: number
  /** What the norm is no less than. Default 1e-12. */
  readonly epsilon?: number
}

const { div, less, maximum, where } = elementwise

/** x / max(norm, epsilon) along the axis (default the last): of norm 1, but for what is nearly 0. */
export const normalize = composed('normalize', {
  takes: {
    x: kinds.tensor,
    axis: kinds.optional(kinds.axis),
    options: { order: kinds.numberThat('a positive number', (p) => p > 0), epsilon: kinds.number },
  },
  call: (x: Node, axis = -1, { order = 2, epsilon = 1e-12 }: NormalizeOptions = {}): Node => {
    const axes = [normalizeAxis('normalize', axis, x.sizes)]
    requirePositive('normalize', epsilon)
    const floats = toFloat(x)
    if (countOf(x, axes) === 0) return floats
    if (order !== 2) return div(floats, maximum(norm(floats, axes, { keepDims: true, order }), epsilon))
    // by the chain rule the derivative would be a difference of large numbers
    const attrs = { axes, centred: false, divisor: 1, epsilon: 0 }
    const [unit, size] = measuredAndSize(floats, attrs)
    return where(less(size!, epsilon), div(floats, epsilon), unit!)
  },
  samples: [
    [random(2, 3)],
    [random(3, 2), 0, { order: 1 }],
    [random(2, 3), -1, { order: 3 }],
    [random(2, 3), 1, { order: Number.POSITIVE_INFINITY }],
    [values([2, 2], [0.1, -0.2, 30, 40]), -1, { epsilon: 0.5 }],
  ],
  errors: [
    { args: [random(2, 3), 2], error: AxisError, says: ['normalize', 'axis 2', '[2, 3]'] },
    { args: [random(2, 3), 1, { epsilon: 0 }], error: AdjointError, says: ['normalize', 'epsilon is 0'] },
  ],
})
