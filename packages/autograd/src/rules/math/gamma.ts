import { log, log1p } from './logarithm.js'
import { polynomial } from './polynomial.js'
import { sin, tan } from './trigonometric.js'

// Asymptotic series, from where the recurrence leads up to, and reflections for x < 0: M. Abramowitz and I. A. Stegun, Handbook
// of Mathematical Functions (1964), 6.1, 6.3, 6.4 and 23.2.

/** B(2), B(4), ... */
const bernoulli = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330]

/** From here on ten terms of the series have all digits. */
const far = 10

/** How far x is from the nearest whole number, exactly. */
const fromWhole = (x: number): number => x - Math.round(x)

/**
 * log(Gamma(2 + z)) / z, for |z| <= 1/2, highest power first: equal to it at 12 Chebyshev nodes, of which
 * scripts/special/fits.py makes the quotient.
 */
const over = [
  4.612921528856366e-6, 0.0012384822592879509, 0.027453122730891972, 0.20335010135646442, 0.6453798299956357,
  0.8910333169145913, 0.42278433509846713,
]
const under = [
  0.00035389474455428254, 0.01296828225577007, 0.14307456082761574, 0.6600858497117797, 1.3448139779305166, 1,
]

const nearTwo = (z: number): number => (z * polynomial(z, over)) / polynomial(z, under)

const logGammaFar = (x: number): number => {
  const inverse = 1 / x
  let sum = 0
  for (let k = 8; k >= 1; k--) sum = sum * inverse * inverse + bernoulli[k - 1]! / (2 * k * (2 * k - 1))
  return (x - 0.5) * (log(x) - 1) + (logOfRootTwoPi - 0.5 + sum * inverse)
}
const logOfRootTwoPi = 0.9189385332046728

/** log |Gamma(x)|; Infinity at 0, -1, -2, ... and at both infinities. */
export const lgamma = (x: number): number => {
  if (!(Math.abs(x) < Infinity)) return Math.abs(x)
  if (x < 0.5) {
    if (Math.abs(x) < 1e-300) return -log(Math.abs(x))
    if (x > -0.5) return nearTwo(x) - log1p(x) - log(Math.abs(x))
    return log(Math.PI / Math.abs(sin(Math.PI * fromWhole(x)))) - lgamma(1 - x)
  }
  if (x <= 1.5) return nearTwo(x - 1) - log1p(x - 1)
  if (x >= far) return logGammaFar(x)
  let product = 1
  let rest = x
  for (; rest > 2.5; product *= rest) rest--
  return nearTwo(rest - 2) + log(product)
}

/** The logarithmic derivative of Gamma; infinite at 0, with the sign on that side, and NaN at -1, -2, ... */
const digamma = (x: number): number => {
  if (x === 0) return -1 / x
  if (x < 0) {
    const rest = fromWhole(x)
    return rest === 0 || x === -Infinity ? NaN : digamma(1 - x) - Math.PI / tan(Math.PI * rest)
  }
  let steps = 0
  let y = x
  for (; y < far; y++) steps += 1 / y
  const inverse = 1 / y
  const square = inverse * inverse
  let sum = 0
  for (let k = 8; k >= 1; k--) sum = (sum + bernoulli[k - 1]! / (2 * k)) * square
  return log(y) - 0.5 * inverse - sum - steps
}

/** n! / x^(n + 1), for x > 0. */
const power = (n: number, x: number): number => {
  let product = 1 / x
  for (let k = 1; k <= n; k++) product *= k / x
  return product
}

/** The sum of n! / (x + k)^(n + 1) over k = 0, 1, ..., for x > 0 and n >= 1: Euler and Maclaurin's formula after some terms. */
const powers = (n: number, x: number): number => {
  let sum = 0
  let y = x
  let term = power(n, y)
  for (; y < far + n; term = power(n, y)) {
    sum += term
    if (!(term > sum * 2 ** -60) || sum === Infinity) return sum
    y++
  }
  let factor = (n + 1) / (2 * y)
  let rest = 0.5
  for (let j = 1; j <= 10; j++) {
    rest += bernoulli[j - 1]! * factor
    factor *= ((n + 2 * j) / y / (2 * j + 1)) * ((n + 2 * j + 1) / y / (2 * j + 2))
  }
  return sum + power(n - 1, y) * (1 + (n / y) * rest)
}

/** Of the terms n! / (x + k)^(n + 1) for k = 0, 1, ..., those left of 0 and right of it. x is no whole number below 0. */
const powersAround = (n: number, x: number): number => {
  if (x > 0) return powers(n, x)
  const rest = fromWhole(x)
  const sign = n % 2 === 0 ? -1 : 1
  const nearest = rest < 0 ? sign * power(n, -rest) : power(n, rest)
  const left = x === rest ? 0 : powers(n, 1 - rest) - powers(n, 1 - x)
  return nearest + powers(n, 1 + rest) + sign * left
}

/**
 * The n-th derivative of digamma, n rounded to a whole number from 0 to 1,000; of others it is NaN. At 0, -1, -2, ... it is Infinity for an odd n; for
 * an even one, where its sides differ, it has at 0 the sign of the side, and is NaN elsewhere.
 */
export const psi = (n: number, x: number): number => {
  const order = Math.round(n)
  if (!(order >= 0 && order <= 1000) || Number.isNaN(x)) return NaN
  if (order === 0) return digamma(x)
  const isEven = order % 2 === 0
  if (x === 0) return isEven ? -1 / x : Infinity
  if (x < 0 && fromWhole(x) === 0) return isEven ? NaN : Infinity
  if (Math.abs(x) === Infinity) return x > 0 ? 0 : NaN
  return isEven ? -powersAround(order, x) : powersAround(order, x)
}
