import { describe, expect, test } from 'vitest'
import { type RuleName, rules } from '../../src/rules/index.js'
import type { Rule } from '../../src/rules/rule.js'
import { type Exceptions, expectedOf, problemsFarOut } from './walk.js'
import { ways } from './ways.js'

// Every rule of the table at 1e-8, 30, 1000, 1e30, the infinities and NaN, to the second order. A new one is walked by itself.

const isInfinite = (x: number): boolean => Math.abs(x) === Infinity
const isPole = (x: number): boolean => x <= 0 && (Number.isInteger(x) || x === -Infinity)
/** What is said of them: conventions.test.ts, infinity.test.ts. */
const exceptions: { readonly [Name in RuleName]?: Exceptions } = {
  // a way out of NaN, or a choice of another operand
  ...{ fmax: { hidesNaN: [0, 1] }, fmin: { hidesNaN: [0, 1] }, copysign: { hidesNaN: [1] } },
  ...{ where: { hidesNaN: [1, 2] }, select: { hidesNaN: [1, 2] }, threshold: { hidesNaN: [1, 2] } },
  ...{ leakyRelu: { hidesNaN: [1] }, elu: { hidesNaN: [1] }, celu: { hidesNaN: [1] }, hardshrink: { hidesNaN: [1] } },
  // as NumPy and C have it
  ...{ remainder: { except: isInfinite }, fmod: { except: isInfinite }, floorDivide: { except: isInfinite } },
  ...{ frac: { except: isInfinite }, isInf: { except: isInfinite }, isFinite: { except: isInfinite } },
  // of a negative infinity; and where the power is below the normal range of float32, its derivatives are rounded likewise
  pow: { except: (a, b) => (a === -Infinity && !Number.isInteger(b)) || (a > 1e29 && b < -1 && b > -2) },
  lgamma: { except: isPole },
  digamma: { except: isPole },
  psi: { held: [0], except: (_, x) => isPole(x!) },
  besselI: { held: [0] },
}

/** Of int32 alone: test/ops/integers.test.ts. */
const integers = ['integerMul', 'integerPow']
const table = Object.entries<Rule>(rules).filter(([name]) => !integers.includes(name))
const expected = new Map(table.map(([name, rule]) => [rule, expectedOf(rule, exceptions[name as RuleName])]))
const dtypes = ['float64', 'float32'] as const

describe.each(ways)('%s', (_, wrap) => {
  test.each(table)('%s', (_name, rule) => {
    const known = expected.get(rule)!
    expect(known.points.length).toBeGreaterThan(3)
    for (const dtype of dtypes) expect(problemsFarOut(rule, known, dtype, wrap), dtype).toEqual([])
  })
})

describe('the walk notices', () => {
  const [[, plain]] = ways as readonly [(typeof ways)[number], ...unknown[]]
  const problemsOf = (rule: Rule): string[] => problemsFarOut(rule, expectedOf(rule), 'float64', plain)
  const { partials: _, ...softplus } = rules.softplus

  test('an overflow in a formula', () => {
    const problems = problemsOf({ ...softplus, value: (m, x) => m.log(m.add(1, m.exp(x!))) })
    expect(problems).toContainEqual(expect.stringMatching(/order 0 by operand 0 at 1000 is Infinity/))
  })

  test('digits that cancel', () => {
    const problems = problemsOf({ ...rules.expm1, primitive: false, value: (m, x) => m.sub(m.exp(x!), 1) })
    expect(problems).toContainEqual(expect.stringMatching(/order 0 by operand 0 at 9.9/))
  })

  test('a partial that is 0 beyond the samples', () => {
    const broken: Rule = { ...softplus, partials: [(m, x) => m.select(m.less(x!, 20), m.apply(rules.sigmoid, x!), 0)] }
    expect(problemsOf(broken)).toContainEqual(expect.stringMatching(/order 1 by operand 0 at 30 is 0 instead of/))
  })

  test('a partial that overflows where the value has a limit, and a second derivative that is NaN', () => {
    const slope: Rule['partials'] = [
      (m, x) => {
        const e = m.exp(m.neg(x!))
        return m.div(e, m.mul(m.add(1, e), m.add(1, e)))
      },
    ]
    const problems = problemsOf({ ...rules.sigmoid, partials: slope })
    expect(problems).toContainEqual(expect.stringMatching(/order 1 by operand 0 at -1000 is NaN instead of/))
    expect(problems).toContainEqual(expect.stringMatching(/order 2 by operand 0 at -Infinity is NaN instead of 0/))
  })

  test('a NaN that is lost, and a value at an infinity', () => {
    const broken: Rule = { ...rules.tanh, primitive: false, value: (m, x) => m.select(m.less(x!, 5e30), m.tanh(x!), 7) }
    const problems = problemsOf(broken)
    expect(problems).toContainEqual('NaN as operand 0 gives 7')
    expect(problems.length).toBeGreaterThan(1)
  })
})
