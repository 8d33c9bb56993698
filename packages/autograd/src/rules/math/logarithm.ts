import { exponentOf, powerOfTwo } from './binary64.js'
import { ln2High, ln2Low } from './exponential.js'

// Polynomial: fdlibm, e_log.c (copyright 1993 by Sun Microsystems, Inc.; permission to use, copy, modify, and distribute
// is freely granted, provided that this notice is preserved).

/** k log(2) + log(1 + f) + correction, for 1 + f from sqrt(1/2) to sqrt(2). */
const logOf = (k: number, f: number, correction: number): number => {
  const s = f / (2 + f)
  const z = s * s
  const series =
    z *
    (0.6666666666666735 +
      z *
        (0.3999999999940942 +
          z *
            (0.2857142874366239 +
              z *
                (0.22222198432149784 +
                  z * (0.1818357216161805 + z * (0.15313837699209373 + z * 0.14798198605116586))))))
  const half = 0.5 * f * f
  return k * ln2High - (half - (s * (half + series) + (k * ln2Low + correction)) - f)
}

/** The natural logarithm. */
export const log = (x: number): number => {
  if (!(x >= 2.2250738585072014e-308 && x < Infinity)) {
    if (x > 0 && x < 1) return log(x * 2 ** 54) - 54 * Math.LN2
    return x === 0 ? -Infinity : x > 0 ? x : NaN
  }
  const k = exponentOf(x)
  return logOf(k, x * powerOfTwo(-k) - 1, 0)
}

/** log(1 + x), accurate near 0. */
export const log1p = (x: number): number => {
  if (!(x > -1 && x < Infinity)) return x === -1 ? -Infinity : x > 0 ? x : NaN
  if (Math.abs(x) < 1e-16) return x
  if (x > -0.29289321881345254 && x < 0.4142135623730951) return logOf(0, x, 0)
  const sum = 1 + x
  const k = exponentOf(sum)
  const lost = k >= 2 ? 1 - (sum - x) : x - (sum - 1)
  return logOf(k, sum * powerOfTwo(-k) - 1, lost / sum)
}
