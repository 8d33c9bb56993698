import fc from 'fast-check'
import type { Rule } from '../../src/rules/rule.js'

export type FloatType = 'float32' | 'float64'

/** Bits after the point, the exponent of the least normal number, and that of the least of all. */
const limits = {
  float32: { digits: 23, normal: -126, least: -149, largest: 127 },
  float64: { digits: 52, normal: -1022, least: -1074, largest: 1023 },
} as const

export const leastOf = (dtype: FloatType): number => 2 ** limits[dtype].least

/** Distance of neighbours at x. */
export const unitAt = (x: number, dtype: FloatType): number => {
  const { digits, normal } = limits[dtype]
  const exponent = x === 0 ? normal : Math.max(normal, Math.floor(Math.log2(Math.abs(x))))
  return 2 ** (Math.min(exponent, 1023) - digits)
}

export const roundTo = (x: number, dtype: FloatType): number => (dtype === 'float32' ? Math.fround(x) : x)

/** Near 0 and 1, by powers of two over the whole range, and where functions that fall off exponentially get subnormal. */
export const pointsOf = (dtype: FloatType): number[] => {
  const { least, largest, normal } = limits[dtype]
  const list = [0, 1]
  for (let i = 1; i <= 120; i++) list.push(i / 37, i * (dtype === 'float32' ? 1.3 : 9.1))
  for (let e = least; e <= largest; e += (largest - least) / 150) list.push(2 ** e, 1.37 * 2 ** e)
  const [first, last] = [-normal * Math.LN2 - 2, -least * Math.LN2 + 6]
  for (let z = first; z < last; z += (last - first) / 60)
    list.push(z, z / 2, Math.sqrt(z), Math.sqrt(2 * z), z ** (1 / 3))
  const signed = [...list, ...list.map((x) => -x)].map((x) => roundTo(x, dtype))
  return [...new Set(signed)].filter(Number.isFinite)
}

/** Lists of operands for a rule, of one length. */
export const operandsOf = (rule: Rule, dtype: FloatType, count = 2000): number[][] => {
  const points = pointsOf(dtype)
  if (rule.arity === 1) return [points]
  const moderate = points.filter((x) => Math.abs(x) < 1000 && (Math.abs(x) > 1e-3 || x === 0))
  // of moderate numbers half, for among those of all sizes few have to do with each other
  const operand = fc.oneof(fc.constantFrom(...points), fc.constantFrom(...moderate))
  const rows = fc.sample(fc.array(operand, { minLength: rule.arity, maxLength: rule.arity }), {
    numRuns: count,
    seed: 5,
  })
  return Array.from({ length: rule.arity }, (_, k) =>
    rows.map((row, i) => (rule.conditions.includes(k) ? i & 1 : row[k]!)),
  )
}
