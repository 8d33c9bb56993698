import { scaledExp } from './exponential.js'
import { polynomial } from './polynomial.js'

/**
 * W. J. Cody, "Rational Chebyshev approximations for the error function", Mathematics of Computation 23 (1969),
 * 631-637: the coefficients of its minimax quotients of polynomials, highest power first.
 */

/** erf(x) / x in x^2, for |x| <= 0.46875. */
const centre = {
  over: [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694],
  under: [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
}

/** exp(x^2) erfc(x) in x, for 0.46875 <= x <= 4. */
const middle = {
  over: [
    2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001,
    881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
  ],
  under: [
    1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
    4362.619090143247, 3439.3676741437216, 1230.3393548037495,
  ],
}

/** (1/sqrt(pi) - x exp(x^2) erfc(x)) x^2 in 1/x^2, for x >= 4. */
const tail = {
  over: [
    0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
    0.0006587491615298378,
  ],
  under: [1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918],
}

const quotient = (at: number, { over, under }: { over: readonly number[]; under: readonly number[] }): number =>
  polynomial(at, over) / polynomial(at, under)

const inverseRootPi = 1 / Math.sqrt(Math.PI)

/** erfc(x) for x > 0.46875. */
const upper = (x: number): number => {
  if (x > 28) return 0
  const factor = x <= 4 ? quotient(x, middle) : (inverseRootPi - quotient(1 / (x * x), tail) / (x * x)) / x
  // exp(-x^2) in two parts: the first square is exact
  const head = Math.trunc(x * 16) / 16
  return scaledExp(-head * head, -(x - head) * (x + head), 0) * factor
}

/** The error function, to 2 units in the last place. */
export const erf = (x: number): number => {
  const size = Math.abs(x)
  if (Number.isNaN(x)) return NaN
  if (size <= 0.46875) return x * quotient(x * x, centre)
  return Math.sign(x) * (0.5 - upper(size) + 0.5)
}

/** 1 - erf(x) without cancellation, to 5 units in the last place. */
export const erfc = (x: number): number => {
  const size = Math.abs(x)
  if (Number.isNaN(x)) return NaN
  if (size <= 0.46875) return 1 - x * quotient(x * x, centre)
  return x > 0 ? upper(x) : 2 - upper(size)
}
