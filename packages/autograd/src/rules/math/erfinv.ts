import { erf, erfc } from './erf.js'
import { exp } from './exponential.js'
import { log } from './logarithm.js'
import { polynomial } from './polynomial.js'

// A polynomial to five digits, in the logarithm of 1 - x^2 as in M. Giles, "Approximating the erfinv function" (GPU Computing
// Gems, 2011), and then one step of the Taylor series of the inverse. scripts/special/fits.py makes the coefficients.

const centre = [-3.34754e-6, -6.57019e-7, 0.000218856, -0.0012653, -0.00417984, 0.24665, 1.50141]
const tail = [-9.60136e-5, 0.00232315, -0.0226501, 0.111344, 0.73411, 0.0750667]

/** The inverse of the error function; infinite at -1 and 1, NaN outside. */
export const erfinv = (x: number): number => {
  const size = Math.abs(x)
  if (!(size < 1)) return size === 1 ? x * Infinity : NaN
  const w = -log((1 - size) * (1 + size))
  const y = w < 5 ? size * polynomial(w - 2.5, centre) : polynomial(Math.sqrt(w), tail)
  // 1 - size is exact where that is needed
  const miss = size < 0.5 ? size - erf(y) : erfc(y) - (1 - size)
  const u = (Math.sqrt(Math.PI) / 2) * exp(y * y) * miss
  const square = y * y
  const step = u * (1 + u * (y + u * ((1 + 4 * square) / 3 + (u * y * (7 + 12 * square)) / 6)))
  return x < 0 ? -(y + step) : y + step
}
