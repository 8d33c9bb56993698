import type { Algebra } from './algebra.js'
import { unary } from './rule.js'

/** 2 / sqrt(pi) * exp(-x^2). */
const erfSlope = <T>(m: Algebra<T>, x: T): T => m.mul(2 / Math.sqrt(Math.PI), m.exp(m.neg(m.mul(x, x))))

/**
 * The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x.
 *
 * @example tensor([0, 1, 10]).erf()   // [0, 0.8427007929497149, 1]
 */
export const erf = unary('erf', {
  value: (m, x) => m.erf(x),
  primitive: true,
  result: 'float',
  partials: [erfSlope],
  samples: [[-1.3, 0.4, 2.1, 0]],
  known: [
    [0.4, 0.42839235504666845],
    [-1.3, -0.9340079449406524],
    [5, 0.9999999999984626],
  ],
})

/**
 * The complement of the error function, 1 - erf(x), accurate where that is tiny.
 *
 * @example tensor([0, 5]).erfc()   // [1, 1.5374597944280349e-12]
 */
export const erfc = unary('erfc', {
  value: (m, x) => m.erfc(x),
  primitive: true,
  result: 'float',
  partials: [(m, x) => m.neg(erfSlope(m, x))],
  samples: [[-1.3, 0.4, 2.1, 0]],
  known: [
    [0.4, 0.5716076449533315],
    [2.1, 0.002979466656332984],
    [10, 2.088487583762545e-45],
    [26.7, 5.253110413596e-312],
    [-3, 1.9999779095030015],
  ],
})
