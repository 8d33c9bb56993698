import { describe, expect, test } from 'vitest'
import { differentiate } from '../../src/rules/derive.js'
import { complete, rules } from '../../src/rules/index.js'
import { numbers } from '../../src/rules/numbers.js'
import { input, symbols } from '../../src/rules/symbols.js'
import { evaluate } from '../../src/rules/traverse.js'
import { known } from './special-known.js'

// Special functions over their range. Near their zeros between the poles lgamma and digamma are right to a unit of 1.

const m = complete(numbers)

type Name = keyof typeof known
const tolerance: { readonly [name in Name]: number } = {
  ...{ lgamma: 2e-15, psi: 1e-14, erf: 5e-16, erfc: 1.2e-15, erfinv: 1e-15, besselI: 3e-15 },
}
const absolute: readonly Name[] = ['lgamma', 'psi']

test.each(Object.keys(known) as Name[])('%s', (name) => {
  const f = m[name] as (...operands: number[]) => number
  const off = known[name].flatMap((row: readonly number[]) => {
    const [operands, wanted] = [row.slice(0, -1), row.at(-1)!]
    const got = f(...operands)
    const scale = absolute.includes(name) ? Math.max(1, Math.abs(wanted)) : Math.abs(wanted)
    const isRight = got === wanted || Math.abs(got - wanted) <= tolerance[name] * scale
    return isRight ? [] : [`${name}(${operands}) is ${got} instead of ${wanted}`]
  })
  expect(known[name].length).toBeGreaterThan(40)
  expect(off).toEqual([])
})

test('beside its zeros at 1 and 2 lgamma keeps all digits', () => {
  const slopes = [-0.5772156649015329, 0.4227843350984671]
  for (const [i, slope] of slopes.entries()) {
    for (const step of [2 ** -51, -(2 ** -52), 1e-10]) {
      const at = i + 1 + step
      expect(m.lgamma(at) / (slope * (at - i - 1))).toBeCloseTo(1, 9)
    }
  }
  expect(m.lgamma(1 + 2 ** -52) / 2 ** -52).toBeCloseTo(-0.5772156649015329, 15)
})

describe('identities', () => {
  const points = [0.1, 0.7, 1.3, 4.2, 11, 60.5, -0.3, -1.7, -12.4]
  test('lgamma(x + 1) = lgamma(x) + log |x|, and its derivatives', () => {
    for (const x of points) {
      expect(m.lgamma(x + 1) - m.lgamma(x)).toBeCloseTo(Math.log(Math.abs(x)), 12)
      let factorial = 1
      for (let n = 0; n <= 4; n++) {
        const step = (n % 2 === 0 ? 1 : -1) * factorial * x ** -(n + 1)
        expect((m.psi(n, x + 1) - m.psi(n, x)) / step).toBeCloseTo(1, 8)
        factorial *= n + 1
      }
    }
  })

  test('I of orders next to each other: I(n - 1) - I(n + 1) = 2 n / x I(n)', () => {
    for (const x of [-31, -4, 0.3, 2, 17, 30.5, 200]) {
      for (const n of [1, 2, 5]) {
        const difference = m.besselI(n - 1, x) - m.besselI(n + 1, x)
        expect(difference / (((2 * n) / x) * m.besselI(n, x))).toBeCloseTo(1, 11)
      }
    }
  })

  test('erf(erfinv(x)) = x', () => {
    for (let x = -0.999; x < 1; x += 0.037) expect(m.erf(m.erfinv(x))).toBeCloseTo(x, 15)
  })
})

describe('derivatives of every order', () => {
  /** The k-th derivatives at a point, k = 0, 1, ... */
  const derivatives = (name: 'i0' | 'i1' | 'lgamma' | 'erfinv', x: number, orders: number): number[] => {
    let expression = symbols.apply(rules[name], input(0))
    return Array.from({ length: orders }, () => {
      const value = evaluate(expression, [x])
      expression = differentiate(expression, 1)[0]!
      return value
    })
  }
  const near = (list: readonly number[]) => list.map((x) => expect.closeTo(x, 12))

  test('at 0 those of I are the coefficients of its series', () => {
    expect(derivatives('i0', 0, 7)).toEqual(near([1, 0, 1 / 2, 0, 3 / 8, 0, 5 / 16]))
    expect(derivatives('i1', 0, 6)).toEqual(near([0, 1 / 2, 0, 3 / 8, 0, 5 / 16]))
    for (const [k, limit] of [0, 1 / 2, 0, 3 / 8].entries()) {
      expect(derivatives('i1', 1e-8, 4)[k]).toBeCloseTo(limit, 7)
    }
  })

  test('those of lgamma at 1 are values of zeta', () => {
    const zeta = (s: number) =>
      1 + Array.from({ length: 2000 }, (_, k) => (k + 2) ** -s).reduceRight((a, b) => a + b, 0)
    const wanted = [0, -0.5772156649015329, Math.PI ** 2 / 6, -2 * 1.2020569031595942, Math.PI ** 4 / 15, -24 * zeta(5)]
    expect(derivatives('lgamma', 1, 6)).toEqual(near(wanted))
  })

  test('those of erfinv at 0 are of its series', () => {
    const root = Math.sqrt(Math.PI) / 2
    expect(derivatives('erfinv', 0, 6)).toEqual(near([0, root, 0, 2 * root ** 3, 0, 28 * root ** 5]))
  })
})

test('orders are whole numbers, rounded: others have no function', () => {
  expect(m.psi(0.9, 2)).toBe(m.psi(1, 2))
  expect(m.besselI(-2, 3)).toBe(m.besselI(2, 3))
  for (const order of [NaN, Infinity, 1e30]) {
    expect(m.psi(order, 2)).toBeNaN()
    expect(m.besselI(order, 2)).toBeNaN()
  }
  expect(m.psi(-1, 2)).toBeNaN()
})
