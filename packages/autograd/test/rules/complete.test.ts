import { describe, expect, expectTypeOf, test } from 'vitest'
import type { Operand } from '../../src/rules/algebra.js'
import type { Expression } from '../../src/rules/expression.js'
import { complete, type FullAlgebra, type RuleName, rules } from '../../src/rules/index.js'
import { numbers } from '../../src/rules/numbers.js'
import { input, symbols } from '../../src/rules/symbols.js'

test('every rule is a method', () => {
  const m = complete(numbers)
  for (const name of Object.keys(rules) as RuleName[]) expect(m[name]).toBeTypeOf('function')
  expect(m.silu(2)).toBe(rules.silu.value(numbers, 2))
  expect(m.clamp(5, 0, 1)).toBe(1)
  expect(complete(numbers)).toBe(m)
})

test('over expressions a composite stays one node', () => {
  expect(complete(symbols).gelu(input(0))).toEqual({ kind: 'apply', rule: rules.gelu, args: [input(0)] })
})

describe('types', () => {
  test('arities are known', () => {
    type M = FullAlgebra<Expression>
    type O = Operand<Expression>
    expectTypeOf<M['mish']>().toEqualTypeOf<(x: O) => Expression>()
    expectTypeOf<M['logAddExp']>().toEqualTypeOf<(a: O, b: O) => Expression>()
    expectTypeOf<M['clamp']>().toEqualTypeOf<(a: O, b: O, c: O) => Expression>()
    expectTypeOf<RuleName>().toExtend<string>()
    expectTypeOf<'tanh' | 'where' | 'isNaN'>().toExtend<RuleName>()
    expectTypeOf<'sincSeries'>().not.toExtend<RuleName>()
  })
})
