import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Algebra, Primitive } from '../../src/rules/algebra.js'
import type { Expression } from '../../src/rules/expression.js'
import { rules } from '../../src/rules/index.js'
import { numbers } from '../../src/rules/numbers.js'
import type { Rule } from '../../src/rules/rule.js'
import { constant, input, symbols } from '../../src/rules/symbols.js'
import { evaluate, inOrder, interpret } from '../../src/rules/traverse.js'

const raw = (rule: Rule, ...args: Expression[]): Expression => ({ kind: 'apply', rule, args })
const x = input(0)
const y = input(1)

describe('simplification', () => {
  const c = symbols.less(x, y)
  test.each<[string, Expression, Expression]>([
    ['constants fold', symbols.add(symbols.mul(2, 3), 4), constant(10)],
    ['x + 0', symbols.add(x, 0), x],
    ['0 + x', symbols.add(0, x), x],
    ['x - 0', symbols.sub(x, 0), x],
    ['0 - x', symbols.sub(0, x), raw(rules.neg, x)],
    ['x * 1', symbols.mul(x, 1), x],
    ['1 * x', symbols.mul(1, x), x],
    ['x * -1', symbols.mul(x, -1), raw(rules.neg, x)],
    ['x / 1', symbols.div(x, 1), x],
    ['x ** 1', symbols.pow(x, 1), x],
    ['x ** 0', symbols.pow(x, 0), constant(1)],
    ['x ** 2', symbols.pow(x, 2), raw(rules.mul, x, x)],
    ['-(-x)', symbols.neg(symbols.neg(x)), x],
    ['|-x|', symbols.abs(symbols.neg(x)), raw(rules.abs, x)],
    ['x + -y', symbols.add(x, symbols.neg(y)), raw(rules.sub, x, y)],
    ['x - -y', symbols.sub(x, symbols.neg(y)), raw(rules.add, x, y)],
    ['-x * -y', symbols.mul(symbols.neg(x), symbols.neg(y)), raw(rules.mul, x, y)],
    ['a constant condition', symbols.select(1, x, y), x],
    ['equal branches', symbols.select(c, symbols.sin(x), symbols.sin(x)), raw(rules.sin, x)],
    ['the same condition twice', symbols.select(c, symbols.select(c, x, y), 1), symbols.select(c, x, 1)],
    [
      'a sum of selects',
      symbols.add(symbols.select(c, x, 0), symbols.select(symbols.less(x, y), 0, y)),
      symbols.select(c, x, y),
    ],
    ['minus a masked one', symbols.neg(symbols.select(c, 0, x)), symbols.select(c, 0, raw(rules.neg, x))],
    ['a constant times a masked one', symbols.mul(2, symbols.select(c, 3, 0)), symbols.select(c, 6, 0)],
    ['scale by 1', symbols.scale(x, 1), x],
    ['scale 1 by p', symbols.scale(1, y), y],
    ['scale by 0', symbols.scale(x, 0), constant(0)],
    ['scale 0 by p', symbols.scale(0, y), constant(0)],
    ['scale by a constant', symbols.scale(x, 3), raw(rules.mul, x, constant(3))],
    ['scale by a select', symbols.scale(x, symbols.select(c, 1, 0)), raw(rules.select, c, x, constant(0))],
    ['scale of a masked cotangent', symbols.scale(symbols.select(c, 1, 0), y), raw(rules.select, c, y, constant(0))],
  ])('%s', (_, simplified, plain) => {
    expect(simplified).toEqual(plain)
  })

  test('what could be infinite or NaN stays', () => {
    for (const kept of [
      symbols.mul(x, 0),
      symbols.sub(x, x),
      symbols.div(x, x),
      symbols.equal(x, x),
      symbols.scale(x, Infinity),
    ]) {
      expect(kept.kind).toBe('apply')
    }
  })

  test('a composite stays one node and folds over constants', () => {
    expect(symbols.apply(rules.mish, x)).toEqual(raw(rules.mish, x))
    expect(symbols.apply(rules.sigmoid, 0)).toEqual(constant(0.5))
  })
})

/** Without signs of zeros, which x + 0 may lose. */
const unsigned = Object.fromEntries(
  Object.entries(numbers).map(([name, f]) => [
    name,
    (...args: number[]) => (f as (...args: number[]) => number)(...args) + 0,
  ]),
) as unknown as Algebra<number>

test('a simplified expression has the value of the plain one', () => {
  const operators: readonly Primitive[] = [
    ...(['neg', 'abs', 'sqrt', 'exp', 'log', 'floor', 'logicalNot'] as const),
    ...(['add', 'sub', 'mul', 'div', 'pow', 'maximum', 'less', 'equal', 'scale'] as const),
    ...(['select', 'select'] as const),
  ]
  // a program: each step applies an operator to earlier results, so that subexpressions are shared
  const step = fc.record({
    operator: fc.constantFrom(...operators),
    picks: fc.tuple(fc.nat(), fc.nat(), fc.nat()),
  })
  const leaf = fc.oneof(fc.constantFrom(0, 1, -1, 2, 0.5, Infinity, NaN), fc.double({ min: -4, max: 4 }))
  const programs = fc.record({
    leaves: fc.array(leaf, { maxLength: 4 }),
    steps: fc.array(step, { minLength: 1, maxLength: 25 }),
    inputs: fc.array(fc.oneof(leaf, fc.integer({ min: -3, max: 3 })), { minLength: 3, maxLength: 3 }),
  })
  fc.assert(
    fc.property(programs, ({ leaves, steps, inputs }) => {
      const plain = [input(0), input(1), input(2), ...leaves.map((value) => constant(value))]
      const simplified = [...plain]
      for (const { operator, picks } of steps) {
        const rule: Rule = rules[operator]
        const args = picks.slice(0, rule.arity).map((pick) => pick % plain.length)
        plain.push(raw(rule, ...args.map((arg) => plain[arg]!)))
        simplified.push(symbols.apply(rule, ...args.map((arg) => simplified[arg]!)))
      }
      const valuesOf = (roots: Expression[]) => interpret(roots, unsigned, (index) => inputs[index]! + 0)
      expect(valuesOf(simplified)).toEqual(valuesOf(plain))
    }),
    { numRuns: 1000, seed: 7 },
  )
})

test('building is linear: nested selects are rewritten to a bounded depth', () => {
  let nested: Expression = input(0)
  let mask: Expression = constant(1)
  for (let i = 1; i <= 2000; i += 1) {
    const c = symbols.less(input(i), 0)
    nested = symbols.select(c, nested, symbols.scale(nested, input(i)))
    mask = symbols.select(c, mask, 0)
  }
  const product = symbols.scale(mask, nested)
  expect(inOrder([product]).length).toBeLessThan(20_000)
  expect(evaluate(product, [3, ...Array.from({ length: 2000 }, () => -1)])).toBe(3)
})
