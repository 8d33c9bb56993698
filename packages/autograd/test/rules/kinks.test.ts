import { describe, expect, test } from 'vitest'
import { differentiate } from '../../src/rules/derive.js'
import { rules } from '../../src/rules/index.js'
import { numbers } from '../../src/rules/numbers.js'
import type { Rule } from '../../src/rules/rule.js'
import { constant, input, symbols } from '../../src/rules/symbols.js'
import { evaluate, substitute } from '../../src/rules/traverse.js'
import { firstPartials, secondPartials } from './check.js'

/** Value, gradient and Hessian at a point. */
const at = (rule: Rule, ...point: number[]) => ({
  value: rule.value(numbers, ...point),
  first: firstPartials(rule).map((partial) => evaluate(partial, point) + 0),
  second: secondPartials(rule).map((row) => row.map((partial) => evaluate(partial, point) + 0)),
})

describe('at a corner', () => {
  test.each([
    ['relu', 0],
    ['relu6', 0],
    ['relu6', 6],
    ['hardTanh', -1],
    ['hardTanh', 1],
    ['hardSigmoid', -3],
    ['hardSigmoid', 3],
    ['abs', 0],
    ['sign', 0],
    ['round', 0.5],
  ] as const)('%s has derivatives of 0 at %d', (name, x) => {
    expect(at(rules[name], x)).toMatchObject({ first: [0], second: [[0]] })
  })

  test('hardSwish follows hardSigmoid', () => {
    expect(at(rules.hardSwish, -3)).toEqual({ value: 0, first: [0], second: [[0]] })
    expect(at(rules.hardSwish, 3)).toEqual({ value: 3, first: [1], second: [[0]] })
  })

  test('leakyRelu, elu, celu and selu take the side below 0', () => {
    expect(at(rules.leakyRelu, 0, 0.25).first).toEqual([0.25, 0])
    expect(at(rules.elu, 0, 0.5)).toMatchObject({ first: [0.5, 0] })
    expect(at(rules.elu, 0, 0.5).second[0]![0]).toBe(0.5)
    expect(at(rules.celu, 0, 0.5)).toMatchObject({ first: [1, 0] })
    expect(at(rules.selu, 0).first[0]).toBeCloseTo(1.0507009873554805 * 1.6732632423543772, 14)
  })

  test('softsign is odd: its second derivative at 0 is 0', () => {
    expect(at(rules.softsign, 0)).toEqual({ value: 0, first: [1], second: [[0]] })
  })
})

describe('ties and bounds', () => {
  const flat = [
    [0, 0],
    [0, 0],
  ]
  test.each(['maximum', 'minimum'] as const)('%s shares a tie', (name) => {
    expect(at(rules[name], 0.7, 0.7)).toEqual({ value: 0.7, first: [0.5, 0.5], second: flat })
  })

  test('clamp counts a bound as inside', () => {
    expect(at(rules.clamp, -1, -1, 2).first).toEqual([1, 0, 0])
    expect(at(rules.clamp, 2, -1, 2).first).toEqual([1, 0, 0])
    expect(at(rules.clamp, -5, -1, 2).first).toEqual([0, 1, 0])
    expect(at(rules.clamp, 5, -1, 2).first).toEqual([0, 0, 1])
    expect(at(rules.clamp, 0, 3, 1).first).toEqual([0, 0, 1])
    expect(at(rules.clamp, 2, 2, 2).first).toEqual([1, 0, 0])
  })
})

describe('at the origin', () => {
  const flat = [
    [0, 0],
    [0, 0],
  ]
  test('atan2 and hypot have derivatives of 0', () => {
    expect(at(rules.atan2, 0, 0)).toEqual({ value: 0, first: [0, 0], second: flat })
    expect(at(rules.hypot, 0, 0)).toEqual({ value: 0, first: [0, 0], second: flat })
  })

  test('pow: the base has the right derivatives, the exponent 0', () => {
    expect(at(rules.pow, 0, 0)).toMatchObject({ value: 1, first: [0, 0] })
    expect(at(rules.pow, 0, 0).second[0]![0]).toBe(0)
    expect(at(rules.pow, 0, 1).first).toEqual([1, 0])
    expect(at(rules.pow, 0, 1).second[0]![0]).toBe(0)
    expect(at(rules.pow, 0, 2)).toEqual({
      value: 0,
      first: [0, 0],
      second: [
        [2, 0],
        [0, 0],
      ],
    })
    expect(at(rules.pow, 0, 3).second[0]![0]).toBe(0)
    expect(at(rules.pow, 0, 0.5).first).toEqual([Infinity, 0])
  })

  test('pow with an exponent of 0 away from the origin', () => {
    const { first, second } = at(rules.pow, 2, 0)
    expect(first[0]).toBe(0)
    expect(first[1]).toBeCloseTo(Math.log(2), 15)
    expect(second[0]).toEqual([0, 0.5])
    expect(second[1]![0]).toBe(0.5)
    expect(second[1]![1]).toBeCloseTo(Math.log(2) ** 2, 15)
  })

  test('pow of a negative base', () => {
    expect(at(rules.pow, -2, 3).first[0]).toBe(12)
    expect(at(rules.pow, -2, 3).second[0]![0]).toBe(-12)
    expect(at(rules.pow, -2, 3).first[1]).toBeNaN()
    const cubed = symbols.pow(input(0), 3)
    const [first] = differentiate(cubed, 1)
    const [second] = differentiate(first!, 1)
    expect([cubed, first!, second!].map((e) => evaluate(e, [-2]))).toEqual([-8, 12, -12])
  })

  test('sinc to the fourth order', () => {
    let derivative = symbols.apply(rules.sinc, input(0))
    const limits = [1, 0, -(Math.PI ** 2) / 3, 0, Math.PI ** 4 / 5]
    for (const limit of limits) {
      for (const x of [0, 1e-9]) expect(Math.abs(evaluate(derivative, [x]) - limit)).toBeLessThan(1e-6)
      derivative = differentiate(derivative, 1)[0]!
    }
    expect(at(rules.sinc, 0).second[0]![0]).toBeCloseTo(-(Math.PI ** 2) / 3, 14)
  })

  test('sinc changes from series to quotient without a seam', () => {
    const seam = 0.5 / Math.PI
    const [below, above] = [at(rules.sinc, seam * (1 - 1e-15)), at(rules.sinc, seam * (1 + 1e-15))]
    expect(below.value).toBeCloseTo(above.value, 14)
    expect(below.first[0]).toBeCloseTo(above.first[0]!, 13)
    expect(below.second[0]![0]).toBeCloseTo(above.second[0]![0]!, 12)
  })

  test.each([
    ['sigmoid', 0.25, 0],
    ['softplus', 0.5, 0.25],
    ['logSigmoid', 0.5, -0.25],
    ['silu', 0.5, 0.5],
    ['tanhShrink', 0, 0],
  ] as const)('%s is smooth', (name, first, second) => {
    expect(at(rules[name], 0)).toMatchObject({ first: [first], second: [[second]] })
  })

  test('sigmoid to the third order', () => {
    let derivative = symbols.apply(rules.sigmoid, input(0))
    for (const limit of [0.5, 0.25, 0, -0.125]) {
      expect(evaluate(derivative, [0]) + 0).toBe(limit)
      derivative = differentiate(derivative, 1)[0]!
    }
  })
})

describe('far out', () => {
  const tiny = 3.720075976020836e-44 // exp(-100)
  const near = (x: number) => expect.closeTo(x, 12)

  test.each([
    ['softplus', 100, 100, 1, 0],
    ['softplus', 1000, 1000, 1, 0],
    ['softplus', -1000, 0, 0, 0],
    ['sigmoid', 1000, 1, 0, 0],
    ['sigmoid', -1000, 0, 0, 0],
    ['silu', 1000, 1000, 1, 0],
    ['silu', -1000, -0, 0, 0],
    ['logSigmoid', -100, -100, 1, 0],
    ['logSigmoid', -1000, -1000, 1, 0],
    ['logSigmoid', 1000, -0, 0, 0],
    ['mish', 1000, 1000, 1, 0],
    ['mish', -1000, -0, 0, 0],
    ['gelu', 1000, 1000, 1, 0],
    ['gelu', -1000, -0, 0, 0],
    ['gelu', -1e200, -0, 0, 0],
    ['geluTanh', 1000, 1000, 1, 0],
    ['geluTanh', -1000, -0, 0, 0],
    ['geluTanh', -1e200, -0, 0, 0],
    ['geluTanh', 1e200, 1e200, 1, 0],
    ['selu', 1000, 1050.7009873554805, 1.0507009873554805, 0],
    ['softsign', 1e200, 1, 0, 0],
    ['tanhShrink', 1000, 999, 1, 0],
    ['erf', 30, 1, 0, 0],
    ['erfc', 30, 0, 0, 0],
    ['atan', 1e200, Math.PI / 2, 0, 0],
    ['asinh', 1e200, 461.2101657793691, 1e-200, 0],
    ['acosh', 1e200, 461.2101657793691, 1e-200, 0],
  ] as const)('%s at %d', (name, x, value, first, second) => {
    expect(at(rules[name], x)).toEqual({ value: near(value), first: [near(first)], second: [[near(second)]] })
  })

  test('tails keep their relative accuracy', () => {
    const ratio = (got: number, wanted: number) => expect(got / wanted).toBeCloseTo(1, 13)
    for (const name of ['sigmoid', 'softplus'] as const) {
      const { value, first, second } = at(rules[name], -100)
      for (const number of [value, first[0]!, second[0]![0]!]) ratio(number, tiny)
    }
    const { value, first, second } = at(rules.silu, -100)
    ratio(value, -100 * tiny)
    ratio(first[0]!, -99 * tiny)
    ratio(second[0]![0]!, -98 * tiny)
    ratio(at(rules.logSigmoid, 100).first[0]!, tiny)
    ratio(at(rules.expm1, -100).first[0]!, tiny)
    ratio(at(rules.elu, -100, 1).first[0]!, tiny)
  })

  test('elu and celu, where exp overflows on the side not taken', () => {
    expect(at(rules.elu, 1000, 1)).toEqual({ value: 1000, first: [1, 0], second: [[0, 0], [0, 0]] }) // biome-ignore format: a matrix
    expect(at(rules.celu, 1000, 1)).toEqual({ value: 1000, first: [1, 0], second: [[0, 0], [0, 0]] }) // biome-ignore format: a matrix
  })

  test('hypot and atan2 at 1e200 do not overflow', () => {
    const hypot = at(rules.hypot, 3e200, 4e200)
    expect(hypot.first).toEqual([expect.closeTo(0.6, 15), expect.closeTo(0.8, 15)])
    expect(hypot.second[0]![0]! / 1.28e-201).toBeCloseTo(1, 14)
    const atan2 = at(rules.atan2, 3e200, 4e200)
    expect(atan2.first[0]! / 1.6e-201).toBeCloseTo(1, 14)
    expect(atan2.first[1]! / -1.2e-201).toBeCloseTo(1, 14)
  })

  test('logAddExp of huge and of infinite values', () => {
    const quarter = [
      [0.25, -0.25],
      [-0.25, 0.25],
    ]
    expect(at(rules.logAddExp, 1e4, 1e4)).toEqual({
      value: 1e4 + Math.LN2,
      first: [0.5, 0.5],
      second: quarter,
    })
    expect(at(rules.logAddExp, -1e300, 1e300)).toMatchObject({ value: 1e300, first: [0, 1] })
    expect(at(rules.logAddExp, -Infinity, -Infinity)).toMatchObject({ value: -Infinity, first: [0.5, 0.5] })
    expect(at(rules.logAddExp, -Infinity, 1).first).toEqual([0, 1])
  })

  test('xlogy at 0', () => {
    expect(at(rules.xlogy, 0, 0)).toMatchObject({ value: 0, first: [-Infinity, 0] })
    expect(at(rules.xlogy, 0, 2).first).toEqual([Math.log(2), 0])
    expect(at(rules.xlogy, 0, NaN).value).toBeNaN()
  })
})

describe('where', () => {
  const x = input(0)
  /** Orders 0 to 2 of an expression in x. */
  const orders = (expression: ReturnType<typeof input>, point: number) => {
    const [first] = differentiate(expression, 1)
    const [second] = differentiate(first!, 1)
    return [expression, first!, second!].map((e) => evaluate(e, [point]) + 0)
  }

  test.each([
    ['log', symbols.log(x), -1],
    ['log', symbols.log(x), 0],
    ['sqrt', symbols.sqrt(x), 0],
    ['sqrt', symbols.sqrt(x), -4],
    ['1 / x', symbols.div(1, x), 0],
    ['acosh', symbols.acosh(x), -3],
    ['exp(-1000 x)', symbols.exp(symbols.mul(-1000, x)), -5],
    ['x log(x)', symbols.mul(x, symbols.log(x)), 0],
  ])('the branch not taken is exactly 0: %s', (_, branch, point) => {
    const safe = symbols.apply(rules.where, symbols.less(0, x), branch, 0)
    expect(orders(safe, point)).toEqual([0, 0, 0])
    const other = symbols.apply(rules.where, symbols.lessEqual(x, 0), symbols.mul(x, x), branch)
    expect(orders(other, point)).toEqual([point * point, 2 * point, 2])
  })

  test('the branch taken is untouched', () => {
    const safe = symbols.apply(rules.where, symbols.less(0, x), symbols.log(x), 0)
    expect(orders(safe, 2)).toEqual([Math.log(2), 0.5, -0.25])
  })

  test('a cotangent of infinity or NaN does not reach it', () => {
    const [, towardsA, towardsB] = firstPartials(rules.where)
    for (const cotangent of [Infinity, NaN]) {
      const reachesA = symbols.scale(input(3), towardsA!)
      const reachesB = symbols.scale(input(3), towardsB!)
      expect(evaluate(reachesA, [0, 1, 2, cotangent])).toBe(0)
      expect(evaluate(reachesB, [0, 1, 2, cotangent])).toBe(cotangent)
    }
  })

  test('a cotangent of 0 meets infinite partials', () => {
    const masked = symbols.scale(symbols.select(symbols.less(0, x), 1, 0), symbols.div(1, x))
    expect(evaluate(masked, [0])).toBe(0)
    expect(evaluate(substitute(masked, [constant(0)]), [])).toBe(0)
  })
})

describe('NaN is not hidden', () => {
  test.each([
    'relu',
    'relu6',
    'hardTanh',
    'hardSigmoid',
    'sign',
    'abs',
    'sigmoid',
    'softplus',
    'gelu',
    'sinc',
  ] as const)('%s', (name) => {
    expect(at(rules[name], NaN).value).toBeNaN()
  })
  test.each(['maximum', 'minimum', 'leakyRelu', 'elu', 'hypot', 'logAddExp', 'xlogy', 'remainder'] as const)(
    '%s',
    (name) => {
      expect(at(rules[name], NaN, 1).value).toBeNaN()
    },
  )
})
