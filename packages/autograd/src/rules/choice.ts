import type { Algebra } from './algebra.js'
import { share } from './common.js'
import { binary } from './rule.js'

const isNaN = <T>(m: Algebra<T>, x: T): T => m.logicalNot(m.equal(x, x))

/** Whether a is taken of (a, b), where it is ahead or alone is a number. */
const taken = <T>(m: Algebra<T>, isAhead: T, a: T, b: T): T =>
  m.logicalOr(isAhead, m.logicalAnd(isNaN(m, b), m.equal(a, a)))

/**
 * The larger one, or the one that is not NaN. Its derivative goes to the one taken; at a tie each has half of it.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example fmax(tensor([1, NaN]), tensor([3, 2]))   // [3, 2]
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
 * @example fmin(tensor([1, NaN]), tensor([3, 2]))   // [1, 2]
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
 * @example copysign(tensor([1, -2]), tensor([-3, 4]))   // [-1, 2]
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
