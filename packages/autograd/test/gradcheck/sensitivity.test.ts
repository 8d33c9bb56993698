import type { Tensor } from '@adjoint/autograd'
import { gradcheck } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'
import { materialize } from '../../src/gradcheck/samples.js'
import { isFloat } from '../../src/graph/dtype.js'
import { elementwise } from '../../src/ops/elementwise.js'
import { functions, table } from '../../src/ops/index.js'
import { partialsOf } from '../../src/rules/derive.js'
import { type RuleName, rules } from '../../src/rules/index.js'
import type { PartialDerivative as PartialRule, Rule } from '../../src/rules/rule.js'
import { interpret } from '../../src/rules/traverse.js'
import { tensorsOf } from '../compile/harness.js'
import { type F, withRule, withRules } from './mutate.js'

const { mul } = elementwise
const slightly = 1 + 1e-6

describe('every derivative of the table: off by a millionth, the check fails', () => {
  const cases = Object.entries<Rule>(rules).flatMap(([name, rule]) =>
    rule.partials === 'none'
      ? []
      : partialsOf(rule).flatMap((_, k) => (rule.conditions.includes(k) ? [] : [[name, k, rule] as const])),
  )

  test.each(cases)('%s, partial %d', (name, k, rule) => {
    const partials = partialsOf(rule).map(
      (expression, i): PartialRule =>
        (m, ...operands) => {
          const [right] = interpret([expression], m, (at) => operands[at]!)
          return i === k ? m.add(m.mul(right!, slightly), 3e-7) : right!
        },
    )
    const [sample] = functions[name as RuleName].samples
    const report = gradcheck(withRule(rule, { partials }), materialize(sample!) as Tensor[], { order: 1 })
    expect(report.verdict, `${report}`).toBe('fail')
  })

  // in float64, as checked here, a cast is nothing: see the dtypes in test/ops
  const isChecked = (name: string) => !(name in rules) && name !== 'cast'
  const ops = table.filter(({ opName, differentiable }) => differentiable && isChecked(opName))
  test.each(ops.map((op) => [op.opName, op] as const))('%s', (_, op) => {
    const f: F = (...args) => tensorsOf((op as unknown as F)(...args)).find(({ dtype }) => isFloat(dtype))!
    const byVjp = withRules(f, { vjp: (_g, _node, _index, right) => mul(right(), slightly) })
    const byJvp = withRules(f, { jvp: (_t, _node, right) => mul(right(), slightly) })
    // some samples leave nothing to do, and then record nothing
    const isSeen = (changed: F) =>
      op.samples.some((sample) => gradcheck(changed, materialize(sample) as Tensor[], { order: 1 }).verdict === 'fail')
    expect([isSeen(byVjp), isSeen(byJvp)]).toEqual([true, true])
  })
})
