import { noneByZero, unlessNaN } from './common.js'
import { binary, unary } from './rule.js'

// Quotients that are whole numbers, and what they leave.

/**
 * The remainder `a - trunc(a / b) * b`, exactly: it has the sign of a, as C's fmod. It is NaN if b is 0 or a infinite, and a if
 * b is infinite.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example fmod(tensor([7, -7]), 3)   // [1, -1]
 */
export const fmod = binary('fmod', {
  numeric: (a, b) => a % b,
  partials: [
    (m, _a, _b, y) => unlessNaN(m, y),
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
 * @example floorDivide(tensor([7, -7]), 2)   // [3, -4]
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

/**
 * x without its integer part: it has the sign of x.
 *
 * @example frac(tensor([1.25, -1.25]))   // [0.25, -0.25]
 */
export const frac = unary('frac', {
  value: (m, x) => m.sub(x, m.trunc(x)),
  partials: [(m, _x, y) => unlessNaN(m, y)],
  samples: [[-1.3, 0.4, 2.1]],
  known: [
    [-1.75, -0.75],
    [2.25, 0.25],
    [7, 0],
    [Infinity, NaN],
  ],
})
