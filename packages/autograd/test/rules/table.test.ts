import { describe, expect, test } from 'vitest'
import { rules } from '../../src/rules/index.js'
import { numbers } from '../../src/rules/numbers.js'
import type { Rule } from '../../src/rules/rule.js'
import { symbols } from '../../src/rules/symbols.js'
import { inOrder, lower } from '../../src/rules/traverse.js'
import { inputsFor, pointsOf, problemsOf } from './check.js'

const table: readonly (readonly [string, Rule])[] = Object.entries(rules)
const primitives = Object.keys(numbers).filter((name) => name !== 'constant' && name !== 'apply')

test('the primitives of the algebra and of the table are the same', () => {
  const marked = table.filter(([, { primitive, numeric }]) => primitive && numeric === undefined).map(([name]) => name)
  expect(marked.sort()).toEqual(primitives.sort())
  expect(primitives.length).toBeGreaterThan(40)
})

test('a rule that brings a function of numbers is that, and by its name nothing else is called', () => {
  const brought = table.filter(([, { numeric }]) => numeric !== undefined)
  expect(brought.map(([name]) => name)).toContain('lgamma')
  for (const [name, rule] of brought) {
    const operands = pointsOf(rule)[0]!
    expect(primitives).not.toContain(name)
    expect(rule.primitive).toBe(true)
    expect(rule.value(numbers, ...operands)).toBe(rule.numeric!(...operands))
    expect(rule.numeric).toHaveLength(rule.arity)
    expect(symbols.apply(rule, ...inputsFor(rule))).toMatchObject({ kind: 'apply', rule })
  }
})

test('what says that it is additive is the sum of its operands, and nothing else is', () => {
  const isSum = (rule: Rule) =>
    pointsOf(rule).every((point) => rule.value(numbers, ...point) === point.reduce((sum, x) => sum + x, 0))
  const sums = table.filter(([, rule]) => rule.arity > 1 && isSum(rule)).map(([name]) => name)
  expect(table.filter(([, rule]) => rule.additive).map(([name]) => name)).toEqual(sums)
  expect(sums).toContain('add')
})

describe.each(table)('%s', (name, rule) => {
  test('is described in full', () => {
    expect(rule.name).toBe(name)
    expect(rule.known.length).toBeGreaterThan(0)
    for (const row of rule.known) expect(row).toHaveLength(rule.arity + 1)
    expect(rule.samples).toHaveLength(rule.arity)
    expect(pointsOf(rule).length).toBeGreaterThan(1)
    expect(new Set(rule.samples.map((list) => list.length)).size).toBe(1)
    if (Array.isArray(rule.partials)) expect(rule.partials).toHaveLength(rule.arity)
    expect(rule.partials === 'none').toBe(rule.result === 'bool')
  })

  test('has the known values and the derivatives that differences show', () => {
    expect(problemsOf(rule)).toEqual([])
  })

  test('runs on primitives only', () => {
    const kernel = lower(symbols.apply(rule, ...inputsFor(rule)))
    for (const node of inOrder([kernel])) if (node.kind === 'apply') expect(node.rule.primitive).toBe(true)
  })
})

describe('the walk notices', () => {
  test('a wrong value', () => {
    const broken: Rule = { ...rules.tanh, value: (m, x) => m.mul(1.0000001, m.tanh(x!)) }
    expect(problemsOf(broken)).toContainEqual(expect.stringContaining('tanh: the value at 0.4'))
  })

  test('a wrong partial', () => {
    const broken: Rule = { ...rules.tanh, partials: [(m, _x, y) => m.sub(1.0000001, m.mul(y!, y!))] }
    expect(problemsOf(broken)).toContainEqual(expect.stringContaining('tanh: partial 0 at'))
  })

  test('partials in the wrong order', () => {
    const broken: Rule = { ...rules.pow, partials: [...(rules.pow.partials as readonly [])].reverse() }
    expect(problemsOf(broken).length).toBeGreaterThan(3)
  })

  test('a wrong second derivative', () => {
    const flat: Rule = { ...rules.floor, name: 'flat', primitive: false, value: (m, x) => m.tanh(x!) }
    const broken: Rule = {
      ...rules.sigmoid,
      partials: [
        (m, x, y) => {
          const slope = m.mul(y!, m.sub(1, y!))
          return m.add(slope, m.sub(m.tanh(x!), m.apply(flat, x!)))
        },
      ],
    }
    const problems = problemsOf(broken)
    expect(problems.length).toBeGreaterThan(0)
    for (const problem of problems) expect(problem).toContain('the derivative by operand 0 of partial 0')
  })
})
