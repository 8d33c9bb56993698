import type { Algebra } from './algebra.js'
import { binary, unary } from './rule.js'

/**
 * The sine of an angle in radians.
 *
 * @example tensor([0, Math.PI / 2]).sin()   // [0, 1]
 */
export const sin = unary('sin', {
  value: (m, x) => m.sin(x),
  primitive: true,
  result: 'float',
  partials: [(m, x) => m.cos(x)],
  samples: [[-1.3, 0.4, 2.1]],
  known: [[0.4, 0.3894183423086505]],
})

/**
 * The cosine of an angle in radians.
 *
 * @example tensor([0, Math.PI]).cos()   // [1, -1]
 */
export const cos = unary('cos', {
  value: (m, x) => m.cos(x),
  primitive: true,
  result: 'float',
  partials: [(m, x) => m.neg(m.sin(x))],
  samples: [[-1.3, 0.4, 2.1]],
  known: [[0.4, 0.9210609940028851]],
})

/**
 * The tangent of an angle in radians.
 *
 * @example tensor([0, Math.PI / 4]).tan()   // [0, 1]
 */
export const tan = unary('tan', {
  value: (m, x) => m.tan(x),
  primitive: true,
  result: 'float',
  partials: [(m, _x, y) => m.add(1, m.mul(y, y))],
  samples: [[-1.3, 0.4, 2.1]],
  known: [[0.4, 0.4227932187381618]],
})

/** 1 / sqrt(1 - x^2), accurate next to -1 and 1. */
const asinSlope = <T>(m: Algebra<T>, x: T): T => m.div(1, m.sqrt(m.mul(m.sub(1, x), m.add(1, x))))

/**
 * The angle in radians, from -pi / 2 to pi / 2, whose sine is x.
 *
 * @example tensor([0, 1]).asin()   // [0, Math.PI / 2]
 */
export const asin = unary('asin', {
  value: (m, x) => m.asin(x),
  primitive: true,
  result: 'float',
  partials: [asinSlope],
  samples: [[-0.8, 0.3, 0.6]],
  known: [[0.3, 0.3046926540153975]],
})

/**
 * The angle in radians, from 0 to pi, whose cosine is x.
 *
 * @example tensor([1, -1]).acos()   // [0, Math.PI]
 */
export const acos = unary('acos', {
  value: (m, x) => m.acos(x),
  primitive: true,
  result: 'float',
  partials: [(m, x) => m.neg(asinSlope(m, x))],
  samples: [[-0.8, 0.3, 0.6]],
  known: [[0.3, 1.2661036727794992]],
})

/**
 * The angle in radians, from -pi / 2 to pi / 2, whose tangent is x.
 *
 * @example tensor([0, 1]).atan()   // [0, Math.PI / 4]
 */
export const atan = unary('atan', {
  value: (m, x) => m.atan(x),
  primitive: true,
  result: 'float',
  partials: [
    // of the inverse where x is large, whose square is in range
    (m, x) => {
      const isLarge = m.less(1, m.abs(x))
      const y = m.select(isLarge, m.div(1, x), x)
      const square = m.mul(y, y)
      return m.div(m.select(isLarge, square, 1), m.add(1, square))
    },
  ],
  samples: [[-1.3, 0.4, 2.1]],
  known: [[0.4, 0.3805063771123649]],
})

/** part / (a^2 + b^2) without overflow, and 0 at the origin and at infinity. */
const overSquaredLength = <T>(m: Algebra<T>, a: T, b: T, part: T): T => {
  const length = m.hypot(a, b)
  const isNowhere = m.logicalOr(m.equal(length, 0), m.equal(length, Infinity))
  return m.select(isNowhere, 0, m.div(m.div(part, length), length))
}

/**
 * The angle in radians, from -pi to pi, of the point (x, y) from the x axis: `atan2(y, x)`.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([1, 1]).atan2(tensor([1, -1]))   // [Math.PI / 4, 3 * Math.PI / 4]
 */
export const atan2 = binary('atan2', {
  value: (m, y, x) => m.atan2(y, x),
  primitive: true,
  result: 'float',
  partials: [(m, y, x) => overSquaredLength(m, y, x, x), (m, y, x) => m.neg(overSquaredLength(m, y, x, y))],
  samples: [
    [-1.3, 0.4, 2.1, -0.9],
    [0.7, 1.9, -0.6, -1.1],
  ],
  known: [
    [0.4, -1.9, 2.9340964271545906],
    [0, 0, 0],
  ],
})

/** sin(u) / u by its Taylor series to u^14: exact to rounding for |u| < 1/2, and so are its derivatives. */
const sincSeries = <T>(m: Algebra<T>, u: T): T => {
  const z = m.mul(u, u)
  let sum = m.constant(1)
  // Horner's scheme of 1 - z/(2*3) (1 - z/(4*5) (1 - ...))
  for (let k = 7; k >= 1; k -= 1) sum = m.sub(1, m.mul(m.mul(z, 1 / (2 * k * (2 * k + 1))), sum))
  return sum
}

/** sin(pi x), 0 at whole numbers: whole turns are taken off, and angles beyond a right one. At an infinity it is 0. */
const sineOfTurns = <T>(m: Algebra<T>, x: T): T => {
  const rest = m.sub(x, m.mul(2, m.round(m.mul(0.5, x))))
  const turn = m.select(m.less(rest, 0), -1, 1)
  const near = m.select(m.less(0.5, m.abs(rest)), m.sub(turn, rest), rest)
  return m.sin(m.mul(Math.PI, m.select(m.equal(m.abs(x), Infinity), 0, near)))
}

/**
 * sin(pi x) / (pi x), 1 at 0 and 0 at the infinities.
 *
 * @example tensor([0, 0.5, 1]).sinc()   // [1, 2 / Math.PI, 0]
 */
export const sinc = unary('sinc', {
  value: (m, x) =>
    m.select(m.less(m.abs(x), 0.15), sincSeries(m, m.mul(Math.PI, x)), m.div(m.div(sineOfTurns(m, x), Math.PI), x)),
  result: 'float',
  samples: [[-1.3, 0.4, 2.1, 0.05, 1e-4]],
  known: [
    [0.4, 0.7568267286406569],
    [0.01, 0.9998355147105487],
    [0, 1],
    [-45, 0],
  ],
})
