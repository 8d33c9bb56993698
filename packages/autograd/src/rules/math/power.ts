import { exponentOf, powerOfTwo, productError } from './binary64.js'
import { ln2High, ln2Low, scaledExp } from './exponential.js'

/** log(x) in two parts, to some 62 bits. (Variables would be allocated at each call.) */
const logarithm = /* @__PURE__ */ new Float64Array(2)

/** By 2 artanh(s) = 2s + 2/3 s^3 + s^5 (...), s = (m - 1) / (m + 1), the first two terms of it in twice the precision. */
const takeLog = (x: number): void => {
  const shift = x < 2.2250738585072014e-308 ? 54 : 0
  const scaled = shift === 0 ? x : x * 2 ** 54
  const exponent = exponentOf(scaled)
  const k = exponent - shift
  const m = scaled * powerOfTwo(-exponent)
  const f = m - 1
  const sum = m + 1
  const sumLow = m - (sum - 1)

  const s = f / sum
  const product = s * sum
  const sLow = (f - product - productError(s, sum, product) - s * sumLow) / sum
  const z = s * s
  const zLow = productError(s, s, z) + 2 * s * sLow
  const cube = s * z
  const cubeLow = productError(s, z, cube) + s * zLow + sLow * z
  const third = cube * twoThirds
  const thirdLow = productError(cube, twoThirds, third) + cubeLow * twoThirds + cube * twoThirdsLow
  // fifth and later terms
  const w = z * z
  const even = 2 / 5 + w * (2 / 9 + w * (2 / 13 + w * (2 / 17 + w * (2 / 21 + w * (2 / 25)))))
  const odd = 2 / 7 + w * (2 / 11 + w * (2 / 15 + w * (2 / 19 + w * (2 / 23))))
  const rest = cube * z * (even + z * odd)

  const first = k * ln2High
  const two = first + 2 * s
  const twoLow = first - two + 2 * s
  const all = two + third
  const low = two - all + third + (twoLow + 2 * sLow + thirdLow + rest + k * ln2Low)
  const high = all + low
  logarithm[0] = high
  logarithm[1] = all - high + low
}
const twoThirds = 2 / 3
const twoThirdsLow = 3.700743415417188e-17

/** IEEE 754's pow, as in C: where JavaScript's differs, that gives NaN. */
export const pow = (base: number, exponent: number): number => {
  if (exponent === 2) return base * base
  if (exponent === 1) return base
  if (exponent === -1) return 1 / base
  if (base === 1 || exponent === 0) return 1
  if (Number.isNaN(base) || Number.isNaN(exponent)) return NaN
  const size = Math.abs(base)
  const isOdd = Math.abs(exponent % 2) === 1
  const isNegative = base < 0 || Object.is(base, -0)
  if (size === 0 || size === Infinity || Math.abs(exponent) === Infinity) {
    if (size === 1) return 1
    const result = size < 1 === exponent < 0 ? Infinity : 0
    return isNegative && isOdd ? -result : result
  }
  if (isNegative && !Number.isInteger(exponent)) return NaN
  const power = size === 1 ? 1 : powerOf(size, exponent)
  return isNegative && isOdd ? -power : power
}

const powerOf = (base: number, exponent: number): number => {
  if (Math.abs(exponent) > 1e20) return base < 1 === exponent < 0 ? Infinity : 0
  if (exponent === 0.5) return Math.sqrt(base)
  takeLog(base)
  const high = logarithm[0]! * exponent
  if (!(Math.abs(high) < 800)) return high > 0 ? Infinity : 0
  return scaledExp(high, productError(logarithm[0]!, exponent, high) + logarithm[1]! * exponent, 0)
}
