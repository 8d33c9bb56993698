import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { numbers } from '../../src/rules/numbers.js'
import { unitsApart } from './units.js'

const same = (got: number, wanted: number) => expect(Object.is(got, wanted), `${got} is ${wanted}`).toBe(true)

// mpmath 1.3 at 60 digits: erf(x), erfc(x)
const known: readonly (readonly [x: number, erf: number, erfc: number])[] = [
  [1e-10, 1.1283791670955126e-10, 0.999999999887162],
  [0.1, 0.1124629160182849, 0.887537083981715],
  [0.25, 0.27632639016823696, 0.7236736098317631],
  [0.46875, 0.49261347321793797, 0.507386526782062],
  [0.47, 0.4937450508860821, 0.5062549491139179],
  [0.5, 0.5204998778130465, 0.4795001221869535],
  [0.84375, 0.7672256612323416, 0.23277433876765838],
  [1, 0.8427007929497149, 0.15729920705028513],
  [1.25, 0.9229001282564583, 0.07709987174354177],
  [1.9, 0.9927904292352575, 0.0072095707647425325],
  [2.8571, 0.9999466739079402, 5.332609205971975e-5],
  [3.99, 0.9999999832607886, 1.6739211364520814e-8],
  [4.01, 0.9999999858030606, 1.4196939421371052e-8],
  [5.5, 0.9999999999999927, 7.357847917974398e-15],
  [6, 1, 2.1519736712498913e-17],
  [8.3, 1, 8.141478353024893e-32],
  [12.5, 1, 6.231942781979911e-70],
  [20, 1, 5.395865611607901e-176],
  [26, 1, 5.663192408856143e-296],
  [-0.3, -0.3286267594591274, 1.3286267594591274],
  [-0.9, -0.7969082124228322, 1.7969082124228322],
  [-2.2, -0.9981371537020182, 1.998137153702018],
  [-5, -0.9999999999984626, 1.9999999999984626],
]

test('erf and erfc, to a few units in the last place', () => {
  for (const [x, erf, erfc] of known) {
    expect(unitsApart(numbers.erf(x), erf), `erf(${x})`).toBeLessThanOrEqual(2)
    expect(unitsApart(numbers.erfc(x), erfc), `erfc(${x})`).toBeLessThanOrEqual(5)
  }
})

test('erf and erfc at the edges', () => {
  same(numbers.erf(-0), -0)
  same(numbers.erf(Infinity), 1)
  same(numbers.erf(-Infinity), -1)
  same(numbers.erfc(Infinity), 0)
  same(numbers.erfc(-Infinity), 2)
  same(numbers.erf(NaN), NaN)
  same(numbers.erfc(NaN), NaN)
})

test('round takes halves to the even number', () => {
  const cases = [
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [3.5, 4],
    [-0.5, -0],
    [-1.5, -2],
    [-2.5, -2],
    [0.49999999999999994, 0],
    [-0.2, -0],
    [2 ** 52 + 1, 2 ** 52 + 1],
    [-1e300, -1e300],
    [Infinity, Infinity],
    [NaN, NaN],
  ] as const
  for (const [x, rounded] of cases) same(numbers.round(x), rounded)
})

// Python 3.11: math.fmod has the other sign, a % b is this one
test('remainder has the sign of the divisor', () => {
  const cases = [
    [7, 3, 1],
    [-7, 3, 2],
    [7, -3, -2],
    [-7, -3, -1],
    [6, -3, -0],
    [-6, 3, 0],
    [5, Infinity, 5],
    [-5, Infinity, Infinity],
    [-1e-20, 3, 3],
    [1, 0, NaN],
    [Infinity, 2, NaN],
    [NaN, 2, NaN],
  ] as const
  for (const [a, b, rest] of cases) same(numbers.remainder(a, b), rest)
})

test('pow is that of IEEE 754', () => {
  const cases = [
    [1, NaN, 1],
    [1, Infinity, 1],
    [-1, -Infinity, 1],
    [NaN, 0, 1],
    [0, -1, Infinity],
    [-8, 1 / 3, NaN],
    [-2, 3, -8],
    [-3, 2, 9],
  ] as const
  for (const [base, exponent, power] of cases) same(numbers.pow(base, exponent), power)
})

describe('truth values', () => {
  test('0 and -0 are false, all else is true', () => {
    for (const no of [0, -0]) same(numbers.logicalNot(no), 1)
    for (const yes of [1, -3, 1e-300, NaN, Infinity]) {
      same(numbers.logicalNot(yes), 0)
      same(numbers.select(yes, 1, 2), 1)
      same(numbers.logicalAnd(yes, 0), 0)
      same(numbers.logicalOr(yes, 0), 1)
    }
  })
})

test('erf is odd, and erfc its complement', () => {
  fc.assert(
    fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (x) => {
      expect(numbers.erf(-x)).toBe(-numbers.erf(x))
      expect(Math.abs(numbers.erf(x) + numbers.erfc(x) - 1)).toBeLessThan(3e-16)
    }),
    { seed: 7 },
  )
})
