import { describe, expect, test } from 'vitest'
import { differentiate, partialsOf, toExpression } from '../../src/rules/derive.js'
import type { Expression } from '../../src/rules/expression.js'
import { complete, print, rules } from '../../src/rules/index.js'
import type { Rule } from '../../src/rules/rule.js'
import { constant, input, symbols } from '../../src/rules/symbols.js'
import { evaluate, inOrder, inputsOf, lower, substitute } from '../../src/rules/traverse.js'

const x = input(0)
const y = input(1)
const full = complete(symbols)

describe('partialsOf', () => {
  const printed = (rule: Rule, names: string[]) => partialsOf(rule).map((partial) => print(partial, names))

  test('gives those that a rule states, over the operands and the result', () => {
    expect(printed(rules.tanh, ['x', 'y'])).toEqual(['1 - y * y'])
    expect(printed(rules.mul, ['a', 'b', 'y'])).toEqual(['b', 'a'])
    expect(printed(rules.softplus, ['x', 'y'])).toEqual(['sigmoid(x)'])
  })

  test('derives those of a composite', () => {
    expect(printed(rules.leakyRelu, ['x', 'slope', 'y'])).toEqual(['0 < x ? 1 : slope', '0 < x ? 0 : x'])
    expect(printed(rules.where, ['c', 'a', 'b', 'y'])).toEqual(['0', 'c ? 1 : 0', 'c ? 0 : 1'])
  })

  test('is 0 for functions of truth values', () => {
    expect(printed(rules.less, ['a', 'b', 'y'])).toEqual(['0', '0'])
  })
})

describe('differentiate', () => {
  test('has one partial per input, 0 where it does not occur', () => {
    const partials = differentiate(symbols.mul(symbols.sin(x), input(2)), 3)
    expect(partials.map((partial) => print(partial, ['x', 'y', 'z']))).toEqual(['z * cos(x)', '0', 'sin(x)'])
  })

  test('holds further inputs fixed', () => {
    expect(differentiate(symbols.mul(x, y), 1)).toEqual([y])
  })

  test('an input that is the expression', () => {
    expect(differentiate(x, 2)).toEqual([constant(1), constant(0)])
    expect(differentiate(constant(3), 1)).toEqual([constant(0)])
  })

  test('inputs may be several objects', () => {
    const [partial] = differentiate(symbols.mul(input(0), symbols.add(input(0), input(0))), 1)
    expect(evaluate(partial!, [3])).toBe(12)
  })

  test('a user composite of composites', () => {
    const mish = full.mul(x, full.tanh(full.softplus(x)))
    const [derived] = differentiate(mish, 1)
    const [known] = partialsOf(rules.mish)
    for (const point of [-3, 0, 0.4, 20]) expect(evaluate(derived!, [point])).toBeCloseTo(evaluate(known!, [point]), 14)
  })

  test('a chain of 10,000 nodes, to the second order, in linear size', () => {
    const chainOf = (length: number) => {
      let chain: Expression = x
      for (let i = 0; i < length; i += 1) chain = i % 2 === 0 ? symbols.sin(chain) : symbols.mul(1.01, chain)
      return chain
    }
    const sizes = [5_000, 10_000].map((length) => {
      const chain = chainOf(length)
      const [first] = differentiate(chain, 1)
      const [second] = differentiate(first!, 1)
      expect(Number.isFinite(evaluate(second!, [0.3]))).toBe(true)
      return inOrder([lower(second!)]).length
    })
    expect(sizes[1]! / sizes[0]!).toBeLessThan(2.05)
    const forward = (point: number) => evaluate(chainOf(10_000), [point])
    const [first] = differentiate(chainOf(10_000), 1)
    expect(evaluate(first!, [0.3])).toBeCloseTo((forward(0.3 + 1e-5) - forward(0.3 - 1e-5)) / 2e-5, 8)
  })

  test('a shared subexpression is derived once', () => {
    let tower: Expression = x
    for (let i = 0; i < 60; i += 1) tower = symbols.mul(symbols.add(tower, tower), 0.5)
    const [partial] = differentiate(tower, 1)
    expect(evaluate(partial!, [7])).toBe(1)
    expect(inOrder([partial!]).length).toBeLessThan(300)
  })

  test('mixed third derivatives agree in every order', () => {
    const f = full.mul(full.exp(full.mul(x, y)), full.gelu(full.atan2(x, y)))
    const along = (e: Expression, ...path: number[]) =>
      path.reduce((derivative, index) => differentiate(derivative, 2)[index]!, e)
    const [a, b, c] = [along(f, 0, 0, 1), along(f, 0, 1, 0), along(f, 1, 0, 0)].map((e) => evaluate(e, [0.7, -0.4]))
    expect(b).toBeCloseTo(a!, 12)
    expect(c).toBeCloseTo(a!, 12)
  })
})

describe('lower', () => {
  test('leaves primitives only, and equal parts once', () => {
    const kernel = lower(symbols.add(symbols.apply(rules.sigmoid, x), symbols.apply(rules.sigmoid, input(0))))
    const nodes = inOrder([kernel])
    expect(nodes.every((node) => node.kind !== 'apply' || node.rule.primitive)).toBe(true)
    expect(nodes.filter((node) => node.kind === 'apply' && node.rule === rules.exp)).toHaveLength(1)
    expect(evaluate(kernel, [0])).toBe(1)
  })

  test('expands a rule of a user that has the name of a primitive', () => {
    const impostor: Rule = { ...rules.sin, primitive: false, value: (m, x) => m.mul(3, x!) }
    expect(print(lower(symbols.apply(impostor, x)), ['x'])).toBe('3 * x')
  })

  test('keeps what is smooth smooth', () => {
    for (const name of ['sigmoid', 'softplus', 'logSigmoid', 'silu', 'mish', 'gelu', 'sinc'] as const) {
      let whole = symbols.apply(rules[name], x)
      let lowered = lower(whole)
      for (let order = 0; order <= 3; order += 1) {
        expect(evaluate(lowered, [0]), `${name}, order ${order}`).toBeCloseTo(evaluate(whole, [0]), 12)
        whole = differentiate(whole, 1)[0]!
        lowered = differentiate(lowered, 1)[0]!
      }
    }
  })

  test('tells 0 from -0', () => {
    const kernel = lower(symbols.add(symbols.div(1, symbols.mul(x, -0)), symbols.div(1, symbols.mul(x, 0))))
    expect(evaluate(kernel, [1])).toBeNaN()
  })
})

test('substitute', () => {
  expect(print(substitute(symbols.mul(x, y), [symbols.add(y, 1)]), ['a', 'b'])).toBe('(b + 1) * b')
  expect(substitute(symbols.mul(x, y), [constant(1)])).toEqual(y)
})

test('inputsOf', () => {
  expect(inputsOf(symbols.mul(input(11), symbols.add(input(2), input(11))))).toEqual([2, 11])
  expect(inputsOf(constant(1))).toEqual([])
})

test('toExpression', () => {
  expect(toExpression(rules.hardSwish)).toEqual(symbols.scale(x, symbols.apply(rules.hardSigmoid, x)))
  expect(toExpression(rules.identity)).toEqual(x)
})
