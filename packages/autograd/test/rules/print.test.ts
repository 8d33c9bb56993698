import { expect, test } from 'vitest'
import { differentiate } from '../../src/rules/derive.js'
import type { Expression } from '../../src/rules/expression.js'
import { complete, print } from '../../src/rules/index.js'
import { input, symbols } from '../../src/rules/symbols.js'

const m = complete(symbols)
const [a, b, c] = [input(0), input(1), input(2)]

test.each<[string, Expression]>([
  ['1 - a * a', m.sub(1, m.mul(a, a))],
  ['(a + b) * c', m.mul(m.add(a, b), c)],
  ['a + b + c', m.add(m.add(a, b), c)],
  ['a + b - c', m.add(a, m.sub(b, c))],
  ['a - (b - c)', m.sub(a, m.sub(b, c))],
  ['a / (b * c)', m.div(a, m.mul(b, c))],
  ['a / b * c', m.mul(m.div(a, b), c)],
  ['a * (b / c)', m.mul(a, m.div(b, c))],
  ['a / b / c', m.div(m.div(a, b), c)],
  ['-(a + b)', m.neg(m.add(a, b))],
  ['-a * b', m.mul(m.neg(a), b)],
  ['-(a * b)', m.neg(m.mul(a, b))],
  ['a * -2', m.mul(a, -2)],
  ['a ** -2', m.pow(a, -2)],
  ['-(a ** b)', m.neg(m.pow(a, b))],
  ['(-a) ** b', m.pow(m.neg(a), b)],
  ['a ** b ** c', m.pow(a, m.pow(b, c))],
  ['(a ** b) ** c', m.pow(m.pow(a, b), c)],
  ['tanh(a + b)', m.tanh(m.add(a, b))],
  ['atan2(a, b)', m.atan2(a, b)],
  ['a < b ? a : b', m.select(m.less(a, b), a, b)],
  ['(c ? a : b) + 1', m.add(m.select(c, a, b), 1)],
  ['a < b and not b == c or a', m.logicalOr(m.logicalAnd(m.less(a, b), m.logicalNot(m.equal(b, c))), a)],
  ['a * cos(a)', m.scale(a, m.cos(a))],
  ['a != b', m.notEqual(a, b)],
  ['1e-7 * a', m.mul(1e-7, a)],
])('%s', (text, expression) => {
  expect(print(expression, ['a', 'b', 'c'])).toBe(text)
})

test('inputs without a name have a number', () => {
  expect(print(m.add(input(0), input(3)), ['a'])).toBe('a + x3')
})

test('a large expression names its repeated parts', () => {
  let tower: Expression = a
  for (let i = 0; i < 40; i += 1) tower = m.sin(m.mul(tower, tower))
  const text = print(tower, ['a'])
  expect(text).toContain('where t1 = sin(a * a), t2 = sin(t1 * t1), ')
  expect(text.length).toBeLessThan(1500)
  expect(print(differentiate(m.mul(m.exp(a), m.exp(a)), 1)[0]!, ['a'])).not.toContain('where')
})

test('a long chain', () => {
  let chain: Expression = a
  for (let i = 0; i < 10_000; i += 1) chain = m.sin(chain)
  expect(print(chain, ['a']).length).toBe(50_001)
})
