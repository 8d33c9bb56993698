import { share } from './common.js'
import { binary, ternary } from './rule.js'

const choices = [
  [0, 1, 1],
  [-1.3, 0.4, 2.1],
  [0.7, 1.9, -0.6],
]

/** a where the condition holds, else b; the branch not taken has a derivative of exactly 0. */
export const select = ternary('select', {
  value: (m, condition, a, b) => m.select(condition, a, b),
  primitive: true,
  conditions: [0],
  partials: [() => 0, (m, condition) => m.select(condition, 1, 0), (m, condition) => m.select(condition, 0, 1)],
  samples: choices,
  known: [
    [1, 2, NaN, 2],
    [0, 2, 3, 3],
  ],
})

/** a where the condition holds, else b. The branch not taken has a derivative of exactly 0, whatever its value. */
export const where = ternary('where', {
  value: (m, condition, a, b) => m.select(condition, a, b),
  conditions: [0],
  samples: choices,
  known: [
    [1, 2, NaN, 2],
    [0, 2, 3, 3],
  ],
})

/**
 * The larger of two, element by element; NaN if either is. At a tie each has half of the derivative.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([1, 5]).maximum(3)   // [3, 5]
 */
export const maximum = binary('maximum', {
  value: (m, a, b) => m.maximum(a, b),
  primitive: true,
  partials: [(m, a, b) => share(m, m.less(b, a), m.equal(a, b)), (m, a, b) => share(m, m.less(a, b), m.equal(a, b))],
  samples: [
    [-1.3, 0.4, 2.1],
    [0.7, 1.9, -0.6],
  ],
  known: [
    [-1.3, 0.7, 0.7],
    [NaN, 1, NaN],
  ],
})

/**
 * The smaller of two, element by element; NaN if either is. At a tie each has half of the derivative.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([1, 5]).minimum(3)   // [1, 3]
 */
export const minimum = binary('minimum', {
  value: (m, a, b) => m.minimum(a, b),
  primitive: true,
  partials: [(m, a, b) => share(m, m.less(a, b), m.equal(a, b)), (m, a, b) => share(m, m.less(b, a), m.equal(a, b))],
  samples: [
    [-1.3, 0.4, 2.1],
    [0.7, 1.9, -0.6],
  ],
  known: [
    [-1.3, 0.7, -1.3],
    [1, NaN, NaN],
  ],
})

/**
 * x kept between low and high; high wins if low is above it. At a bound x has the whole derivative.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([-2, 0.5, 2]).clamp(-1, 1)   // [-1, 0.5, 1]
 */
export const clamp = ternary('clamp', {
  value: (m, x, low, high) => m.minimum(m.maximum(x, low), high),
  partials: [
    (m, x, low, high) => m.select(m.logicalAnd(m.lessEqual(low, x), m.lessEqual(x, high)), 1, 0),
    (m, x, low, high) => m.select(m.logicalAnd(m.less(x, low), m.lessEqual(low, high)), 1, 0),
    (m, x, low, high) => m.select(m.less(high, m.maximum(x, low)), 1, 0),
  ],
  samples: [
    [-1.3, 0.4, 2.1],
    [-0.5, 0.1, -1],
    [1, 0.9, 1.5],
  ],
  known: [
    [-1.3, -1, 2, -1],
    [0.4, -1, 2, 0.4],
    [5, -1, 2, 2],
    [0, 3, 1, 1],
  ],
})
