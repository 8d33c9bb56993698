import type { Precision } from '../subject/precision.js'

const isSame = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-8 * Math.abs(b)

/** How many digits a number needs to be told from 1. */
const digits = (x: number): string => String(Number(x.toPrecision(Math.abs(x - 1) < 1e-4 ? 12 : 6)))

/** p/q for small q; null if it is no such number. */
const fraction = (x: number): string | null => {
  for (let q = 1; q <= 64; q++) {
    const p = Math.round(x * q)
    if (p !== 0 && Math.abs(p) <= 1000 && isSame(p / q, x)) return q === 1 ? String(p) : `${p}/${q}`
  }
  return null
}

const constants: readonly (readonly [name: string, value: number])[] = [
  ['π', Math.PI],
  ['ln 2', Math.LN2],
  ['ln 10', Math.LN10],
  ['e', Math.E],
  ['√π', Math.sqrt(Math.PI)],
]

/**
 * A number as a reader would know it: `0.166667 (1/6)`, `1.41421 (√2)`, `57.2958 (180/π)`, `1.00001`. What is known to four digits
 * may be many a fraction.
 */
export const numberName = (x: number, precision: Precision = 'float64'): string => {
  if (precision === 'float32') return String(Number(x.toPrecision(4)))
  const name = nameOf(x)
  return name === null || name === digits(x) ? digits(x) : `${digits(x)} (${name})`
}

const nameOf = (x: number): string | null => {
  if (Math.abs(x - 1) < 1e-3) return null
  const plain = fraction(x)
  if (plain !== null) return plain
  const square = fraction(x * x)
  if (square !== null) return `${x < 0 ? '-' : ''}√${square.includes('/') ? `(${square})` : square}`
  for (const [name, value] of constants) {
    const over = fraction(x * value)
    if (over !== null) return `${over}/${name}`
    const times = fraction(x / value)
    if (times !== null) return times === '1' ? name : `${times} ${name}`
  }
  return null
}
