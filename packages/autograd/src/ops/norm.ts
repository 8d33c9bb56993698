import type { Node, Recorded } from '../graph/node.js'
import { normalizeAxes } from '../graph/shape.js'
import { type Axes, dropAxes, type KeepDims, sum } from './broadcast.js'
import { toFloat } from './cast.js'
import { composed, conditioned } from './define.js'
import { elementwise } from './elementwise.js'
import { random } from './facts.js'
import * as kinds from './kinds.js'
import { badAxis, countOf, max, min, requireElements } from './reduce.js'
import { centreOf, sizeOver } from './spread.js'

const { abs, div, equal, logicalOr, mul, pow, scale, sign, where } = elementwise

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
    axis: kinds.optional(kinds.axesOrAll),
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

/** Over axes that stay with size 1; of floats. */
export const normOver = (x: Node, axes: readonly number[], order: number): Node => {
  const keepDims = { keepDims: true }
  if (order === 0) return sum(abs(sign(x)), axes, keepDims)
  if (order === 1) return sum(abs(x), axes, keepDims)
  if (order < 0) requireElements('norm', x, axes)
  if (countOf(x, axes) === 0) return sum(x, axes, keepDims)
  if (order === 2) {
    const attrs = { axes, centred: false, divisor: 1, epsilon: 0 }
    return sizeOver(x, centreOf(x, attrs), attrs)
  }
  return Number.isFinite(order) ? powerNorm(x, { axes, order }) : extremeSize(x, axes, order)
}

const extremeSize = (x: Node, axes: readonly number[], order: number): Node =>
  order > 0 ? max(abs(x), axes, { keepDims: true }) : min(abs(x), axes, { keepDims: true })

interface Power {
  readonly axes: readonly number[]
  readonly order: number
}

const powerNorm = conditioned('powerNorm', {
  // in a unit by which no power that counts is out of range
  compute: ([x], { axes, order }: Power) => {
    const extreme = extremeSize(x!, axes, order)
    const unit = where(logicalOr(equal(extreme, 0), equal(extreme, Number.POSITIVE_INFINITY)), 1, extreme)
    return mul(unit, pow(sum(pow(div(abs(x!), unit), order), axes, { keepDims: true }), 1 / order))
  },
  vjp: (cotangent, node) => [scale(cotangent, slopesOf(node))],
  jvp: ([tangent], node) => sum(scale(tangent!, slopesOf(node)), node.attrs.axes, { keepDims: true }),
  call:
    (apply) =>
    (x: Node, power: Power): Node =>
      apply([x], power),
  samples: [],
})

/** sign(x) (|x| / norm)^(p - 1), and 0 where x or the norm is 0. */
const slopesOf = (node: Recorded<Power>): Node => {
  const [x] = node.inputs as [Node]
  const isZero = equal(node, 0)
  const shares = div(abs(x), where(isZero, 1, node))
  return mul(where(isZero, 0, sign(x)), pow(where(equal(x, 0), 1, shares), node.attrs.order - 1))
}
