import type { Node } from '../graph/node.js'
import { normalizeAxes } from '../graph/shape.js'
import { type Axes, dropAxes, type KeepDims, sum } from './broadcast.js'
import { toFloat } from './cast.js'
import { constant, stopGradient } from './constant.js'
import { composed } from './define.js'
import { elementwise } from './elementwise.js'
import { random } from './facts.js'
import * as kinds from './kinds.js'
import { badAxis, countOf, max, min, requireElements } from './reduce.js'
import { centreOf, sizeOver } from './spread.js'

const { abs, div, equal, isFinite, logicalOr, logicalNot, mul, pow, sign, where } = elementwise

export interface NormOptions extends KeepDims {
  /** The p of the p-norm. Default 2. */
  readonly order?: number
}

/**
 * The norm of an order p over the axes, (sum |x|^p)^(1/p): Euclidean for 2, the greatest or least size for Infinity and -Infinity;
 * for 0 the number of elements that are not 0.
 */
export const norm = composed('norm', {
  takes: {
    x: kinds.tensor,
    axis: kinds.optional(kinds.axes),
    options: { keepDims: kinds.boolean, order: kinds.numberThat('a number', (p) => !Number.isNaN(p)) },
  },
  call: (x: Node, axes?: Axes, { order = 2, ...options }: NormOptions = {}): Node => {
    const positions = normalizeAxes('norm', axes, x.sizes)
    const floats = toFloat(x)
    return dropAxes(normOver(floats, positions, order), positions, options)
  },
  samples: [
    [random(2, 3)],
    [random(2, 3), 1],
    [random(3), 0, { keepDims: true }],
    ...[1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3, 0.5, -1.5].map((order) => [
      random(2, 3),
      1,
      { order },
    ]),
    [random(2, 0), 1, { order: 1 }],
  ],
  errors: [badAxis('norm')],
})

/** Over axes that stay with size 1. */
const normOver = (x: Node, axes: readonly number[], order: number): Node => {
  const keepDims = { keepDims: true }
  if (order === 0) return sum(abs(sign(x)), axes, keepDims)
  if (order === 1) return sum(abs(x), axes, keepDims)
  if (order < 0) requireElements('norm', x, axes)
  if (countOf(x, axes) === 0) return sum(x, axes, keepDims)
  if (order === 2) {
    const attrs = { axes, centred: false, divisor: 1, epsilon: 0 }
    return sizeOver(x, centreOf(x, attrs), attrs)
  }
  const sizes = abs(x)
  const extreme = order > 0 ? max(sizes, axes, keepDims) : min(sizes, axes, keepDims)
  if (!Number.isFinite(order)) return extreme
  return powerNorm(sizes, axes, order, stopGradient(extreme))
}

/** Of sizes, measured in a unit by which no power of theirs is out of range; it cancels out, so it is no variable. */
const powerNorm = (sizes: Node, axes: readonly number[], order: number, extreme: Node): Node => {
  const isNone = logicalOr(equal(extreme, 0), logicalNot(isFinite(extreme)))
  const unit = where(isNone, constant(extreme, 1, []), extreme)
  return mul(unit, pow(sum(pow(div(sizes, unit), order), axes, { keepDims: true }), 1 / order))
}
