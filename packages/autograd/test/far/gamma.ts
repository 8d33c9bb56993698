import type { Jet } from './jets.js'
import * as j from './jets.js'
import * as p from './precise.js'
import { type Big, fromNumber, pi } from './precise.js'

// Gamma, its derivatives and Bessel functions over jets. The asymptotic series are taken so far out that 20 terms of them have
// 30 digits, which is more than a float64 has.

const far = 60
const n = j.number

/** B(2), B(4), ... by the recurrence of their definition. */
const bernoulli: readonly Big[] = (() => {
  const all: Big[] = [p.one]
  for (let m = 1; m <= 40; m++) {
    let sum = p.zero
    let choose = p.one
    for (let k = 0; k < m; k++) {
      sum = p.add(sum, p.mul(choose, all[k]!))
      choose = p.div(p.mul(choose, fromNumber(m + 1 - k)), fromNumber(k + 1))
    }
    all.push(p.neg(p.div(sum, fromNumber(m + 1))))
  }
  return all.filter((_, k) => k > 0 && k % 2 === 0)
})()

const isFar = (x: Jet): boolean => !j.isLess(x, n(far))
const half = n(0.5)

/** Whether x is 0, -1, -2, ... */
const isPole = (x: Jet): boolean => p.sign(p.sub(x[0]!, p.floor(x[0]!))) === 0 && !j.isLess(n(0), x)

export const lgamma = (x: Jet): Jet => {
  if (isPole(x)) throw new RangeError('a pole')
  if (j.isLess(x, half)) {
    const [sine] = j.sinCos(j.mul(j.constant(pi), x))
    const size = j.isNegative(sine) ? j.neg(sine) : sine
    return j.sub(j.log(j.div(j.constant(pi), size)), lgamma(j.sub(n(1), x)))
  }
  let product = n(1)
  let y = x
  for (; !isFar(y); y = j.add(y, n(1))) product = j.mul(product, y)
  const halfLog = j.mul(half, j.log(j.mul(n(2), j.constant(pi))))
  const inverse = j.div(n(1), y)
  let series = n(0)
  bernoulli.toReversed().forEach((number, i) => {
    const k = 2 * (bernoulli.length - i)
    series = j.add(j.mul(series, j.mul(inverse, inverse)), j.constant(p.div(number, fromNumber(k * (k - 1)))))
  })
  series = j.mul(series, inverse)
  const stirling = j.add(j.sub(j.mul(j.sub(y, half), j.log(y)), y), j.add(halfLog, series))
  return j.sub(stirling, j.log(product))
}

/** The n-th derivative of digamma, n = 0, 1, ...: from far out by as many steps down as it takes. */
export const psi = (order: number, x: Jet): Jet => {
  const factorial = (k: number): Big => (k <= 1 ? p.one : p.mul(fromNumber(k), factorial(k - 1)))
  const inverse = j.div(n(1), x)
  const power = (y: Jet, k: number): Jet => (k === 0 ? n(1) : j.mul(power(y, k - 1), y))
  if (!isFar(x)) {
    if (isPole(x)) throw new RangeError('a pole')
    const step = j.mul(j.constant(factorial(order)), power(inverse, order + 1))
    return order % 2 === 0 ? j.sub(psi(order, j.add(x, n(1))), step) : j.add(psi(order, j.add(x, n(1))), step)
  }
  const atOnce = (factor: Big, k: number) => j.mul(j.constant(factor), power(inverse, k))
  const leading = order === 0 ? j.neg(j.log(x)) : atOnce(factorial(order - 1), order)
  const series = bernoulli.map((number, i) => {
    const k = 2 * (i + 1)
    return atOnce(p.div(p.mul(number, factorial(k + order - 1)), factorial(k)), k + order)
  })
  const sum = [atOnce(p.div(factorial(order), fromNumber(2)), order + 1), ...series].reduce(
    (a, b) => j.add(a, b),
    leading,
  )
  return order % 2 === 0 ? j.neg(sum) : sum
}

/**
 * The modified Bessel function I by its power series: the sum of (x / 2)^(2k + order) / (k! (k + order)!). From 2^11 on it is out
 * of the range of doubles.
 */
export const besselI = (order: number, x: Jet): Jet => {
  if (order < 0) return besselI(-order, x)
  if (j.isLess(n(2 ** 11), j.isNegative(x) ? j.neg(x) : x)) {
    const huge = j.exp(n(2 ** 14))[0]!
    return [0, 1, 2, 3].map((k) => ((k + order) % 2 === 0 || !j.isNegative(x) ? huge : p.neg(huge)))
  }
  const square = j.mul(n(0.25), j.mul(x, x))
  let term = n(1)
  for (let k = 1; k <= order; k++) term = j.mul(term, j.div(x, n(2 * k)))
  let sum = term
  for (let k = 1; k < 4000; k++) {
    term = j.mul(term, j.div(square, n(k * (k + order))))
    const next = j.add(sum, term)
    const isDone = term.every(
      (part, i) =>
        p.sign(part) === 0 || (p.sign(next[i]!) !== 0 && Math.abs(p.toNumber(p.div(part, next[i]!))) < 1e-40),
    )
    sum = next
    if (isDone) break
  }
  return sum
}
