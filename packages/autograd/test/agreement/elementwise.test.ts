import { grad, type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { functions } from '../../src/ops/index.js'
import { toExpression } from '../../src/rules/derive.js'
import { rules } from '../../src/rules/index.js'
import type { Rule } from '../../src/rules/rule.js'
import { lower } from '../../src/rules/traverse.js'
import { type FloatType, leastOf, operandsOf, pointsOf, roundTo, unitAt } from './points.js'
import { boundOf } from './steps.js'
import { compiled, eager, inJavaScript, inVectors, sizes, type Way } from './ways.js'

// One element is computed in JavaScript or in vectors, by the number of its neighbours and by whether it is compiled.
// Held against the rule in float64, which mpmath holds (rules/table.test.ts).

const all = Object.values<Rule>(rules).filter(({ name }) => !name.startsWith('integer'))
const byName = all.map((rule) => [rule.name, rule] as const)
const dtypes = ['float32', 'float64'] as const

type Op = (...inputs: Tensor[]) => Tensor
const opOf = (rule: Rule) => functions[rule.name as 'exp'] as unknown as Op
const dtypeOf = (rule: Rule, k: number, dtype: FloatType) => (rule.conditions.includes(k) ? 'bool' : dtype)

/** `size` operands from `from` on, again from the first after the last. */
const taken = (rule: Rule, lists: readonly number[][], dtype: FloatType, size: number, from = 0): Tensor[] =>
  lists.map((list, k) =>
    tensor(
      Array.from({ length: size }, (_, i) => list[(from + i) % list.length]!),
      { dtype: dtypeOf(rule, k, dtype) },
    ),
  )

const same = (a: number, b: number): boolean => Object.is(a, b) || (Number.isNaN(a) && Number.isNaN(b))

describe.each(dtypes)('in %s', (dtype) => {
  test.each(byName)(
    '%s of an element is the same bits at every size, in JavaScript, in vectors and compiled',
    (_, rule) => {
      const lists = operandsOf(rule, dtype)
      const count = lists[0]!.length
      const op = opOf(rule)
      const expected = new Map<Way, ArrayLike<number>>()
      for (const way of [inJavaScript, inVectors]) expected.set(way, way(op)(taken(rule, lists, dtype, count)).data)
      expected.set(compiled, expected.get(inVectors)!)
      for (const [way, wanted] of expected) {
        for (const size of way === compiled ? [3, 100, 10_000] : sizes) {
          const run = way(op)
          for (let from = 0; from < count; from += Math.ceil(count / (size < 100 ? 20 : 1))) {
            const { data } = run(taken(rule, lists, dtype, size, from))
            const odd = [...data].findIndex((x, i) => !same(x, wanted[(from + i) % count]!))
            const at = lists.map((list) => list[(from + odd) % count])
            expect(odd, `${rule.name}(${at}): ${data[odd]} and ${wanted[(from + odd) % count]}, size ${size}`).toBe(-1)
          }
        }
      }
    },
  )

  test.each(byName)('%s is as exact as the rounding of each of its steps, below the normal range too', (_, rule) => {
    const lists = operandsOf(rule, dtype)
    const bounded = boundOf(lower(toExpression(rule)), dtype)
    const results = [inJavaScript, inVectors].map((way) => way(opOf(rule))(taken(rule, lists, dtype, lists[0]!.length)))
    const bad: string[] = []
    lists[0]!.forEach((_x, i) => {
      const at = lists.map((list) => list[i]!)
      const { value, bound } = bounded(at)
      for (const [way, { data }] of results.entries()) {
        const [got, wanted] = [data[i]!, roundTo(value, dtype)]
        if (same(got, wanted) || bound === Infinity) continue
        if (!(Math.abs(got - value) <= bound + unitAt(value, dtype) / 2)) {
          bad.push(`${way ? 'vectors' : 'JavaScript'}: ${rule.name}(${at}) is ${got} and not ${value} to ${bound}`)
        }
      }
    })
    expect(bad.slice(0, 5)).toEqual([])
  })
})

/** By the inputs and the result; the partials as the graph has them. */
const slope =
  (f: Op): Op =>
  (x) =>
    grad((z: Tensor) => f(z).sum() as Tensor)(x!)

const unary = byName.filter(([, { arity, result }]) => arity === 1 && result !== 'bool')
describe('nothing of two units and more is lost', () => {
  test.each(unary)('%s in float32: what is not 0 in float64 is not 0, in any size, compiled or not', (_, rule) => {
    const xs = pointsOf('float32')
    expectKept(opOf(rule), xs)
  })

  // where they round to 1 their derivatives are 0; outside of their domains those of atanh and logit go on
  const others = unary.filter(([name]) => !['sigmoid', 'tanh', 'atanh', 'logit'].includes(name))
  test.each(others)('the derivative of %s', (_, rule) => {
    if (rule.partials === 'none') return
    expectKept(slope(opOf(rule)), pointsOf('float32'))
  })
})

const expectKept = (f: Op, xs: readonly number[]): void => {
  const wide = inJavaScript(f)([tensor([...xs], { dtype: 'float64' })]).data
  const few = eager(f)
  const runs: [string, ArrayLike<number>][] = [
    ['few', xs.map((x) => few([tensor([x])]).data[0]!)],
    ['many', eager(f)([tensor([...xs])]).data],
    ['compiled', compiled(f)([tensor([...xs])]).data],
  ]
  for (const [way, data] of runs) {
    const lost = xs.flatMap((x, i) =>
      Math.abs(wide[i]!) >= 2 * leastOf('float32') && Math.abs(wide[i]!) < 1e-20 && data[i] === 0
        ? [{ x, exact: wide[i] }]
        : [],
    )
    expect(lost, way).toEqual([])
  }
}
