import type { Algebra, Misfit } from './algebra.js'
import { binary } from './rule.js'

// Quotients that are whole numbers, and what they leave.

const noneByZero =
  (noun: string, instead: string): Misfit =>
  (dtype, [, divisor]) => {
    if (dtype === 'bool') return `truth values have no ${noun}; cast them to 'int32'`
    return divisor === 0 ? `integers have no ${noun} by 0; cast them to 'float32' or 'float64' for ${instead}` : null
  }

/** 1, but NaN where the result is. */
const unlessNaN = <T>(m: Algebra<T>, _a: T, _b: T, y: T): T => m.select(m.equal(y, y), 1, y)

/**
 * The remainder `a - floor(a / b) * b`, which has the sign of b, as in Python and NumPy. It is NaN if b is 0; if b is
 * infinite it is a, or b where the signs differ.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([7, -7]).remainder(3)   // [1, 2]
 */
export const remainder = binary('remainder', {
  value: (m, a, b) => m.remainder(a, b),
  primitive: true,
  partials: [
    unlessNaN,
    (m, a, b, y) => {
      const far = m.select(m.equal(y, b), 1, 0)
      return m.select(m.equal(m.abs(b), Infinity), far, m.neg(m.round(m.div(m.sub(a, y), b))))
    },
  ],
  misfit: noneByZero('remainder', 'NaN'),
  samples: [
    [-1.3, 5.4, 2.1, -7.7],
    [0.7, 1.9, -0.6, -3.2],
  ],
  known: [
    [-7, 3, 2],
    [7, -3, -2],
    [-5.5, -2, -1.5],
  ],
})

/**
 * The remainder `a - trunc(a / b) * b`, exactly: it has the sign of a, as C's fmod. It is NaN if b is 0 or a infinite, and a if
 * b is infinite.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([7, -7]).fmod(3)   // [1, -1]
 */
export const fmod = binary('fmod', {
  numeric: (a, b) => a % b,
  partials: [
    unlessNaN,
    (m, a, b, y) => m.select(m.equal(m.abs(b), Infinity), 0, m.neg(m.round(m.div(m.sub(a, y), b)))),
  ],
  misfit: noneByZero('remainder', 'NaN'),
  samples: [
    [-1.3, 5.4, 2.1, -7.7],
    [0.7, 1.9, -0.6, -3.2],
  ],
  known: [
    [-7, 3, -1],
    [7, -3, 1],
    [-5.5, -2, -1.5],
    [5.5, -Infinity, 5.5],
  ],
})

/**
 * The greatest whole number that is not above a / b, as Python's `a // b`; its derivatives are 0. By 0 it is a / b, and NaN if
 * a is infinite.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([7, -7]).floorDivide(2)   // [3, -4]
 */
export const floorDivide = binary('floorDivide', {
  value: (m, a, b) => {
    const rest = m.apply(fmod, a, b)
    const isBelow = m.logicalNot(m.equal(m.less(rest, 0), m.less(b, 0)))
    const over = m.select(m.logicalAnd(m.logicalNot(m.equal(rest, 0)), isBelow), 1, 0)
    return m.select(m.equal(b, 0), m.div(a, b), m.sub(m.round(m.div(m.sub(a, rest), b)), over))
  },
  partials: [() => 0, () => 0],
  misfit: noneByZero('quotient', 'Infinity'),
  samples: [
    [-1.3, 5.4, 2.1, -7.7],
    [0.7, 1.9, -0.6, -3.2],
  ],
  known: [
    [-7, 3, -3],
    [7, -3, -3],
    [-5.5, -2, 2],
    [1, 0.1, 9],
    [-1, Infinity, -1],
    [-1, 0, -Infinity],
    [Infinity, 2, NaN],
  ],
})
