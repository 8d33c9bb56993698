import type { Algebra } from './algebra.js'
import { binary, ternary } from './rule.js'

const choices = [
  [0, 1, 1],
  [-1.3, 0.4, 2.1],
  [0.7, 1.9, -0.6],
]

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

/** 1 where `winner` is above, 1/2 at a tie. */
const share = <T>(m: Algebra<T>, above: T, tie: T): T => m.select(above, 1, m.select(tie, 0.5, 0))

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

const isNaN = <T>(m: Algebra<T>, x: T): T => m.logicalNot(m.equal(x, x))

/** Whether a is taken of (a, b), where it is ahead or alone is a number. */
const taken = <T>(m: Algebra<T>, isAhead: T, a: T, b: T): T =>
  m.logicalOr(isAhead, m.logicalAnd(isNaN(m, b), m.equal(a, a)))

/**
 * The larger one, or the one that is not NaN. Its derivative goes to the one taken; at a tie each has half of it.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([1, NaN]).fmax(tensor([3, 2]))   // [3, 2]
 */
export const fmax = binary('fmax', {
  value: (m, a, b) => m.select(isNaN(m, a), b, m.select(isNaN(m, b), a, m.maximum(a, b))),
  partials: [
    (m, a, b) => share(m, taken(m, m.less(b, a), a, b), m.equal(a, b)),
    (m, a, b) => share(m, taken(m, m.less(a, b), b, a), m.equal(a, b)),
  ],
  samples: [
    [-1.3, 0.4, 2.1],
    [0.7, 1.9, -0.6],
  ],
  known: [
    [-1.3, 0.7, 0.7],
    [NaN, 1, 1],
    [1, NaN, 1],
    [NaN, NaN, NaN],
  ],
})

/**
 * The smaller one, or the one that is not NaN. Its derivative goes to the one taken; at a tie each has half of it.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([1, NaN]).fmin(tensor([3, 2]))   // [1, 2]
 */
export const fmin = binary('fmin', {
  value: (m, a, b) => m.select(isNaN(m, a), b, m.select(isNaN(m, b), a, m.minimum(a, b))),
  partials: [
    (m, a, b) => share(m, taken(m, m.less(a, b), a, b), m.equal(a, b)),
    (m, a, b) => share(m, taken(m, m.less(b, a), b, a), m.equal(a, b)),
  ],
  samples: [
    [-1.3, 0.4, 2.1],
    [0.7, 1.9, -0.6],
  ],
  known: [
    [-1.3, 0.7, -1.3],
    [NaN, 1, 1],
    [1, NaN, 1],
    [NaN, NaN, NaN],
  ],
})

/** Below 0, or -0. */
const isNegative = <T>(m: Algebra<T>, x: T): T => m.less(m.select(m.equal(x, 0), m.div(1, x), x), 0)

/**
 * a with the sign of b, be that of a zero; NaN counts as positive. Its derivative at a = 0 is 0.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([1, -2]).copysign(tensor([-3, 4]))   // [-1, 2]
 */
export const copysign = binary('copysign', {
  value: (m, a, b) => m.select(isNegative(m, b), m.neg(m.abs(a)), m.abs(a)),
  result: 'float',
  partials: [
    (m, a, b) => {
      const sign = m.select(isNegative(m, b), -1, 1)
      return m.select(m.less(0, a), sign, m.select(m.less(a, 0), m.neg(sign), 0))
    },
    () => 0,
  ],
  samples: [
    [-1.3, 0.4, 2.1, -0.3],
    [0.7, 1.9, -0.6, -5],
  ],
  known: [
    [-1.5, 0, 1.5],
    [1.5, -0, -1.5],
    [1.5, -Infinity, -1.5],
    [NaN, 1, NaN],
  ],
})
