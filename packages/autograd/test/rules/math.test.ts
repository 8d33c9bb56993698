import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { numbers } from '../../src/rules/numbers.js'
import { known } from './math-known.js'
import { unitsApart } from './units.js'

type Name = keyof typeof known
const names = Object.keys(known) as Name[]
const ours = (name: Name, operands: readonly number[]) => (numbers[name] as (...x: number[]) => number)(...operands)
const engine = (name: Name, operands: readonly number[]) => (Math[name] as (...x: number[]) => number)(...operands)

test.each(names)('%s is right to about a unit in the last place', (name) => {
  for (const row of known[name]) {
    const operands = row.slice(0, -1)
    expect(unitsApart(ours(name, operands), row.at(-1)!), `${name}(${operands})`).toBeLessThanOrEqual(1)
  }
})

const magnitudes = fc.tuple(fc.double({ min: -50, max: 50, noNaN: true }), fc.boolean())
const operand = fc.oneof(
  fc.double({ min: -1, max: 1, noNaN: true }),
  fc.double({ min: -800, max: 800, noNaN: true }),
  magnitudes.map(([exponent, isNegative]) => (isNegative ? -1 : 1) * Math.exp(exponent)),
  fc.double(),
)

// JavaScript's own functions are within 2 units, ours within 1.3
test.each(names)("%s agrees with the engine's", (name) => {
  fc.assert(
    fc.property(operand, operand, (x, y) => {
      const operands = name in binary ? [x, y] : [x]
      const [a, b] = [ours(name, operands), engine(name, operands)]
      expect(Object.is(a, b) || unitsApart(a, b) <= 3, `${name}(${operands}): ${a} and ${b}`).toBe(true)
    }),
    { numRuns: 2000, seed: 11 },
  )
})
const binary = { pow: true, atan2: true, hypot: true }

const edges = [
  0,
  1,
  0.5,
  2,
  3,
  1 / 3,
  5e-324,
  1e-310,
  1e308,
  Number.MAX_VALUE,
  2 ** 53,
  2 ** 53 - 1,
  709.9,
  745.2,
  Infinity,
]
const signed = [NaN, ...edges, ...edges.map((x) => -x)]

test.each(names)('%s at zeros, at infinities and at the ends of its range', (name) => {
  for (const x of signed) {
    for (const y of name in binary ? signed : [0]) {
      // as C has it, and JavaScript has not
      if (name === 'pow' && (x === 1 || (x === -1 && Math.abs(y) === Infinity))) continue
      const operands = name in binary ? [x, y] : [x]
      const [a, b] = [ours(name, operands), engine(name, operands)]
      const isSame = a === 0 || !Number.isFinite(a) ? Object.is(a, b) : unitsApart(a, b) <= 3
      expect(isSame, `${name}(${operands}): ${a} and ${b}`).toBe(true)
    }
  }
})

describe('pow is exact', () => {
  test('where the power is a whole number that a double holds', () => {
    for (let base = 2n; base < 200n; base++) {
      for (let n = 0n; base ** n <= 2n ** 53n; n++) {
        const power = Number(base ** n)
        expect(numbers.pow(Number(base), Number(n)), `${base}^${n}`).toBe(power)
        expect(numbers.pow(-Number(base), Number(n)), `-${base}^${n}`).toBe(n % 2n === 0n ? power : -power)
      }
    }
    for (let n = 0; n <= 22; n++) expect(numbers.pow(10, n)).toBe(Number(`1e${n}`))
  })

  test('for every power of two, down to the smallest', () => {
    let power = 5e-324
    for (let n = -1074; n <= 1023; n++, power *= 2) expect(numbers.pow(2, n), `2^${n}`).toBe(power)
  })

  test('as a root and as a reciprocal', () => {
    for (const x of [1e5, 3, 1e-20, 49]) {
      expect(numbers.pow(x, 0.5)).toBe(Math.sqrt(x))
      expect(numbers.pow(x, -1)).toBe(1 / x)
    }
  })
})
