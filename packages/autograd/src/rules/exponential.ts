import { sigmoid } from './activation.js'
import type { Algebra } from './algebra.js'
import { gap } from './common.js'
import { binary, unary } from './rule.js'

/**
 * The exponential, e to the power x.
 *
 * @example tensor([0, 1]).exp()   // [1, Math.E]
 */
export const exp = unary('exp', {
  value: (m, x) => m.exp(x),
  primitive: true,
  result: 'float',
  partials: [(_m, _x, y) => y],
  samples: [[-1.3, 0.4, 2.1]],
  known: [
    [0.4, 1.4918246976412703],
    [-740.5, 2.5e-322],
  ],
})

/**
 * 2 to the power x.
 *
 * @example tensor([3, -1]).exp2()   // [8, 0.5]
 */
export const exp2 = unary('exp2', {
  value: (m, x) => m.pow(2, x),
  result: 'float',
  partials: [(m, _x, y) => m.mul(Math.LN2, y)],
  samples: [[-1.3, 0.4, 2.1]],
  known: [
    [0.4, 1.3195079107728942],
    [10, 1024],
  ],
})

/**
 * exp(x) - 1, accurate near 0.
 *
 * @example tensor([0, 1e-10]).expm1()   // [0, 1e-10]
 */
export const expm1 = unary('expm1', {
  value: (m, x) => m.expm1(x),
  primitive: true,
  result: 'float',
  partials: [(m, x) => m.exp(x)],
  samples: [[-1.3, 0.4, 2.1, 1e-6]],
  known: [
    [0.4, 0.49182469764127035],
    [1e-10, 1.00000000005e-10],
  ],
})

/**
 * The natural logarithm; -Infinity at 0, NaN for negative numbers.
 *
 * @example tensor([1, Math.E]).log()   // [0, 1]
 */
export const log = unary('log', {
  value: (m, x) => m.log(x),
  primitive: true,
  result: 'float',
  partials: [(m, x) => m.div(1, x)],
  samples: [[0.3, 1.2, 4.7]],
  known: [[0.3, -1.2039728043259361]],
})

/** `logarithm`, or the whole number next to it where x is exactly that power of the base. */
const exactAtPowers = <T>(m: Algebra<T>, x: T, base: number, logarithm: T): T => {
  const whole = m.round(logarithm)
  return m.select(m.equal(m.pow(base, whole), x), whole, logarithm)
}

/**
 * The logarithm to the base 2.
 *
 * @example tensor([8, 0.5]).log2()   // [3, -1]
 */
export const log2 = unary('log2', {
  value: (m, x) => exactAtPowers(m, x, 2, m.div(m.log(x), Math.LN2)),
  result: 'float',
  partials: [(m, x) => m.div(Math.LOG2E, x)],
  samples: [[0.3, 1.2, 4.7]],
  known: [
    [0.3, -1.7369655941662063],
    [536870912, 29],
    [5e-324, -1074],
  ],
})

/**
 * The logarithm to the base 10.
 *
 * @example tensor([1000, 0.1]).log10()   // [3, -1]
 */
export const log10 = unary('log10', {
  value: (m, x) => {
    const logarithm = m.div(m.log(x), Math.LN10)
    // among subnormal numbers the next to a power of 10 may lie far from it
    const isNear = m.less(m.abs(m.sub(logarithm, m.round(logarithm))), 2 ** -17)
    const isExact = m.logicalAnd(isNear, m.lessEqual(2 ** -1022, x))
    return m.select(isExact, exactAtPowers(m, x, 10, logarithm), logarithm)
  },
  result: 'float',
  partials: [(m, x) => m.div(Math.LOG10E, x)],
  samples: [[0.3, 1.2, 4.7]],
  known: [
    [0.3, -0.5228787452803376],
    [1000, 3],
    [1e-300, -300],
    [1e-323, -323.0051853474518],
  ],
})

/**
 * log(1 + x), accurate near 0.
 *
 * @example tensor([0, 1e-10]).log1p()   // [0, 1e-10]
 */
export const log1p = unary('log1p', {
  value: (m, x) => m.log1p(x),
  primitive: true,
  result: 'float',
  partials: [(m, x) => m.div(1, m.add(1, x))],
  samples: [[-0.7, 0.4, 2.1, 1e-6]],
  known: [
    [0.4, 0.33647223662121295],
    [1e-10, 9.999999999500001e-11],
  ],
})

/**
 * The logarithm of a sum of exponentials, log(exp(a) + exp(b)), without overflow.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([1000], { dtype: 'float64' }).logAddExp(1000)   // [1000 + Math.log(2)]
 */
export const logAddExp = binary('logAddExp', {
  value: (m, a, b) => m.add(m.maximum(a, b), m.log1p(m.exp(m.neg(m.abs(gap(m, a, b)))))),
  result: 'float',
  partials: [(m, a, b) => m.apply(sigmoid, gap(m, a, b)), (m, a, b) => m.apply(sigmoid, gap(m, b, a))],
  samples: [
    [-1.3, 0.4, 2.1, 0.5],
    [0.7, 1.9, -0.6, 0.5],
  ],
  known: [
    [0.4, 1.9, 2.1014132779827523],
    [1e4, 1e4, 10000.69314718056],
    [-Infinity, -Infinity, -Infinity],
    [-Infinity, 2.5, 2.5],
  ],
})

/**
 * x * log(y), and 0 where x is 0 unless y is NaN.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([0, 2]).xlogy(tensor([0, Math.E]))   // [0, 2]
 */
export const xlogy = binary('xlogy', {
  value: (m, x, y) => m.select(m.logicalAnd(m.equal(x, 0), m.equal(y, y)), 0, m.mul(x, m.log(y))),
  result: 'float',
  partials: [(m, _x, y) => m.log(y), (m, x, y) => m.select(m.equal(y, 0), m.scale(x, m.div(1, y)), m.div(x, y))],
  samples: [
    [-1.3, 0.4, 2.1],
    [0.7, 1.9, 0.6],
  ],
  known: [
    [0.4, 1.9, 0.2567415544689579],
    [0, 0, 0],
  ],
})
