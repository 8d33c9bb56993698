import { scaledExp } from './exponential.js'

// The power series and the asymptotic one: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions (1964), 9.6.10 and
// 9.7.1. All terms of the former have one sign.

/** The sum of (x / 2)^(2 k) n! / (k! (k + n)!). */
const series = (n: number, x: number): number => {
  const square = 0.25 * x * x
  let sum = 1
  for (let k = Math.ceil(10 + 1.4 * x); k >= 1; k--) sum = 1 + (square / (k * (k + n))) * sum
  return sum
}

/** The sum of the products of ((2 j - 1)^2 - 4 n^2) / (8 j x) for j up to k. */
const expansion = (n: number, x: number): number => {
  let sum = 1
  for (let k = 20; k >= 1; k--) sum = 1 + (((2 * k - 1) * (2 * k - 1) - 4 * n * n) / (8 * k * x)) * sum
  return sum
}

/** The modified Bessel function I of order n, which is rounded to a whole number of at most 100; of others it is NaN. */
export const besselI = (n: number, x: number): number => {
  const order = Math.abs(Math.round(n))
  if (!(order <= 100) || Number.isNaN(x)) return NaN
  const size = Math.abs(x)
  const sign = x < 0 && order % 2 === 1 ? -1 : 1
  if (size > 1000) return sign * Infinity
  if (size > Math.max(30, order * order)) {
    // a power of 2 less, since the function overflows later than the exponential
    return sign * ((scaledExp(size, 0, -10) / Math.sqrt(2 * Math.PI * size)) * expansion(order, size)) * 1024
  }
  let first = sign
  for (let k = 1; k <= order; k++) first *= size / (2 * k)
  return first * series(order, size)
}
