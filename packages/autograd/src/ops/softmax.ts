import { AxisError } from '../graph/errors.js'
import type { Node, Recorded } from '../graph/node.js'
import { normalizeAxes, normalizeAxis } from '../graph/shape.js'
import { binary, ternary, unary } from '../rules/rule.js'
import { type Axes, dropAxes, type KeepDims, reductionTakes, sum } from './broadcast.js'
import { toFloat } from './cast.js'
import { composed, conditioned } from './define.js'
import { elementwise, fromRule } from './elementwise.js'
import { random, values } from './facts.js'
import * as kinds from './kinds.js'
import { max } from './reduce.js'

const { add, div, equal, exp, log, scale, sub, where } = elementwise

// Shifting by the maximum keeps exp from overflowing and changes neither value nor derivative. A line that is -Infinity
// everywhere has no maximum to shift by, and sums to 0; where the maximum is Infinity, what is infinite shares alike.

/** a - b, and 0 where they are equal, infinite ones too. */
const gap = fromRule(
  binary('gap', {
    value: (m, a, b) => m.select(m.equal(a, b), 0, m.sub(a, b)),
    partials: [() => 1, () => -1],
    samples: [],
  }),
)

const shiftOf = (x: Node, axes: readonly number[]): Node => {
  if (axes.some((axis) => x.sizes[axis] === 0)) return sum(x, axes, { keepDims: true })
  const largest = max(x, axes, { keepDims: true })
  return where(equal(largest, Number.NEGATIVE_INFINITY), 0, largest)
}

/** log(sum(exp(x))), without overflow; -Infinity over an empty axis. Its derivative is the softmax. */
export const logSumExp = conditioned('logSumExp', {
  compute: ([x], axes: readonly number[]) => {
    const shift = shiftOf(x!, axes)
    return add(log(sum(exp(gap(x!, shift)), axes, { keepDims: true })), shift)
  },
  vjp: (cotangent, { inputs: [x], attrs: axes }) => [scale(cotangent, softmaxOver(x!, axes))],
  jvp: ([tangent], { inputs: [x], attrs: axes }) =>
    sum(scale(tangent!, softmaxOver(x!, axes)), axes, { keepDims: true }),
  takes: reductionTakes,
  call:
    (apply) =>
    (x: Node, axes?: Axes, options: KeepDims = {}): Node => {
      const positions = normalizeAxes('logSumExp', axes, x.sizes)
      return dropAxes(apply([toFloat(x)], positions), positions, options)
    },
  samples: [[random(2, 3)], [random(2, 3), 1], [values([2, 2], [1e4, 1e4, -1e4, -1e4]), -1, { keepDims: true }]],
  errors: [{ args: [random(2, 3), 2], error: AxisError, says: ['logSumExp', 'axis 2', '[2, 3]'] }],
})

/** exp(x) in proportion: sums to 1 over the axes, or is 0 where all of x is -Infinity. */
const softmaxOver = conditioned('softmax', {
  compute: ([x], axes: readonly number[]) => {
    const powers = exp(gap(x!, shiftOf(x!, axes)))
    const total = sum(powers, axes, { keepDims: true })
    return div(powers, where(equal(total, 0), 1, total))
  },
  // the Jacobian is symmetric, so both modes multiply by it alike
  vjp: (cotangent, y) => [throughSoftmax(cotangent, y)],
  jvp: ([tangent], y) => throughSoftmax(tangent!, y),
  call:
    (apply) =>
    (x: Node, axes: readonly number[]): Node =>
      apply([x], axes),
  samples: [],
})

const throughSoftmax = (change: Node, y: Recorded<readonly number[]>): Node => {
  const weighted = scale(change, y)
  return sub(weighted, scale(sum(weighted, y.attrs, { keepDims: true }), y))
}

/** Positive numbers in proportion to exp(x) that sum to 1 along the axis (default the last). */
export const softmax = composed('softmax', {
  takes: { x: kinds.tensor, axis: kinds.optional(kinds.axis) },
  call: (x: Node, axis = -1): Node => softmaxOver(toFloat(x), [normalizeAxis('softmax', axis, x.sizes)]),
  samples: [[random(2, 3)], [random(2, 3), 0], [values([1, 3], [1e4, 0, -1e4])]],
  errors: [{ args: [random(2, 3), 2], error: AxisError, says: ['softmax', 'axis 2', '[2, 3]'] }],
})

// One of the powers is 1, that of the maximum. Kept apart from the others it lets small logarithms keep their digits:
// log1p of the rest; and near 1 the softmax is 1 + expm1(y), whose distance from 1 is not rounded.

const others = fromRule(
  unary('others', { value: (m, shifted) => m.select(m.equal(shifted, 0), 0, m.exp(shifted)), samples: [] }),
)
const isLargest = fromRule(
  unary('isLargest', { value: (m, shifted) => m.select(m.equal(shifted, 0), 1, 0), samples: [] }),
)
/** The logarithm of all powers, of which so many are 1; 0 where there are none. */
const logOfPowers = fromRule(
  binary('logOfPowers', {
    value: (m, rest, ones) => m.log1p(m.add(rest, m.maximum(m.sub(ones, 1), 0))),
    samples: [],
  }),
)
/** cotangent - total exp(y). */
const throughLog = fromRule(
  ternary('throughLog', {
    value: (m, cotangent, total, y) =>
      m.select(
        m.less(-Math.LN2, y),
        m.sub(m.sub(cotangent, total), m.scale(total, m.expm1(y))),
        m.sub(cotangent, m.scale(total, m.exp(y))),
      ),
    samples: [],
  }),
)

const logSoftmaxOver = conditioned('logSoftmax', {
  compute: ([x], axes: readonly number[]) => {
    const shifted = gap(x!, shiftOf(x!, axes))
    const [rest, ones] = [others, isLargest].map((part) => sum(part(shifted), axes, { keepDims: true }))
    return sub(shifted, logOfPowers(rest!, ones!))
  },
  vjp: (cotangent, y) => [throughLog(cotangent, sum(cotangent, y.attrs, { keepDims: true }), y)],
  jvp: ([tangent], y) => sub(tangent!, sum(scale(tangent!, exp(y)), y.attrs, { keepDims: true })),
  call:
    (apply) =>
    (x: Node, axes: readonly number[]): Node =>
      apply([x], axes),
  samples: [],
})

/** The logarithm of the softmax along the axis (default the last), exact where the softmax underflows. */
export const logSoftmax = composed('logSoftmax', {
  takes: { x: kinds.tensor, axis: kinds.optional(kinds.axis) },
  call: (x: Node, axis = -1): Node => logSoftmaxOver(toFloat(x), [normalizeAxis('logSoftmax', axis, x.sizes)]),
  samples: [[random(2, 3)], [random(2, 3), 0], [values([1, 3], [1e4, 0, -1e4])]],
  errors: [{ args: [random(2, 3), -3], error: AxisError, says: ['logSoftmax', 'axis -3', '[2, 3]'] }],
})
