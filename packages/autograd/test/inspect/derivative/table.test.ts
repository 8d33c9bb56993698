import { grad, type Tensor, tensor, where } from '@adjoint/autograd'
import { type Derivative, derivative } from '@adjoint/autograd/inspect'
import { describe, expect, test } from 'vitest'
import { functions } from '../../../src/ops/index.js'
import type { Rule } from '../../../src/rules/rule.js'
import { rules } from '../../../src/rules/table.js'
import { ofLatex, ofText, type Point } from './notations.js'
import { errorsIn, math, run } from './run.js'

type F = (...inputs: Tensor[]) => Tensor

const letters = ['x', 'y', 'z']
const float64 = (x: number) => tensor(x, { dtype: 'float64' }) as Tensor

/** What is close in every digit but some of the last, and NaN and infinite together. */
const close = (got: number, wanted: number, relative: number): boolean =>
  Object.is(got, wanted) || got === wanted || Math.abs(got - wanted) <= relative * Math.abs(wanted)

/** The value and all derivatives of an order, by the library. */
const byGradients = (f: F, order: number, point: readonly number[], { names, partials }: Derivative): number[] => {
  const at = point.map(float64)
  return [[], ...partials.map(({ by }) => by)].map((by) => {
    const g = by.reduce((h: F, name) => grad(h, { argument: names.indexOf(name) }) as F, f)
    expect(by.length === 0 || by.length === order).toBe(true)
    return g(...at).item()
  })
}

/** An elementwise function of the table of floats, which are its inputs; choosing by what stands in the sample. */
const subjectOf = (rule: Rule, condition: number): F => {
  const call = functions[rule.name as keyof typeof functions] as unknown as F
  if (rule.conditions.length === 0) return call
  return (a, b) => (rule.name === 'where' ? where : call)(tensor(condition !== 0) as Tensor, a!, b!) as Tensor
}

/** Of int32 elements alone. */
const ofIntegers = ['integerMul', 'integerPow']
const withoutShortForm = ['lgamma', ...ofIntegers]
const differentiable = Object.values<Rule>(rules).filter(({ partials }) => partials !== 'none')

describe.each([1, 2])('at order %i', (order) => {
  test.each(differentiable.map((rule) => [rule.name, rule] as const))(
    'the formula of %s is its derivative',
    (_name, rule) => {
      const given = rule.samples.filter((_, i) => !rule.conditions.includes(i))
      const names = letters.slice(0, given.length)
      let points = 0
      for (const [i] of rule.samples[0]!.entries()) {
        const point = given.map((list) => list[i]!)
        const f = subjectOf(rule, rule.samples[0]![i]!)
        const d = derivative(f, { names, order })
        const wanted = ofIntegers.includes(rule.name) ? null : byGradients(f, order, point, d)
        if (wanted === null) continue
        const code = withoutShortForm.includes(rule.name) ? null : d.typescript
        const got = code === null ? wanted : run<number[]>(code)(...point)
        const at: Point = Object.fromEntries(names.map((name, place) => [name, point[place]!]))
        const all = [d.value, ...d.partials]
        wanted.forEach((number, k) => {
          const { text, latex } = all[k]!
          expect(close(got[k]!, number, 1e-12), `${code} at ${point}: ${got[k]}, not ${number}`).toBe(true)
          const read = ofText(text, at)
          expect(
            close(read, number, 1e-9) || Math.abs(read - number) < 1e-12,
            `${text} at ${point}: ${read}, not ${number}`,
          ).toBe(true)
          const written = ofLatex(latex, at)
          expect(
            close(written, read, 1e-11) || Math.abs(written - read) < 1e-13,
            `${latex} at ${point}: ${written}, not ${read}`,
          ).toBe(true)
        })
        points++
      }
      expect(points).toBeGreaterThan(ofIntegers.includes(rule.name) ? -1 : 0)
    },
  )
})

test('what has no short form in TypeScript says so by name, and its derivative may have one', () => {
  const d = derivative(functions.lgamma as unknown as F, { names: ['x'] })
  expect(d.text).toBe('f(x) = lgamma(x)\ndf/dx = digamma(x)')
  expect(() => d.typescript).toThrow('derivative: lgamma has no short form in TypeScript; use text or latex')
  expect(() => d.value.typescript).toThrow('lgamma')
  expect(run(d.partials[0]!.typescript)(2)).toBeCloseTo(1 - 0.5772156649015329, 14)
})

test('TypeScript computes what the library does where numbers are tiny, large, zero or at a corner', () => {
  const places = [0, -0, 1, -1, 0.5, 3, 1e-300, -1e-300, 40, -800, 1e30, 1e200, -1e280]
  const special = ['lgamma', 'digamma', 'psi', 'besselI', 'i0', 'i1']
  let compared = 0
  for (const rule of differentiable) {
    if (rule.arity > 2 || [...special, ...ofIntegers].includes(rule.name)) continue
    const f = subjectOf(rule, 1)
    const names = letters.slice(0, rule.arity)
    const points = rule.arity === 1 ? places.map((x) => [x]) : places.flatMap((x) => places.map((y) => [x, y]))
    for (const order of rule.arity === 1 ? [1, 2] : [1]) {
      const d = derivative(f, { names, order })
      const code = run<number[]>(d.typescript, math)
      for (const point of points) {
        const got = code(...point)
        byGradients(f, order, point, d).forEach((number, k) => {
          const isClose = close(got[k]!, number, 1e-12) || Math.abs(got[k]! - number) < 1e-307
          expect(isClose, `${rule.name}, order ${order}, at ${point}: ${got[k]}, not ${number}`).toBe(true)
          compared++
        })
      }
    }
  }
  expect(compared).toBeGreaterThan(5000)
})

test('TypeScript has no errors, with every check of its compiler', () => {
  const codes = differentiable.flatMap((rule) => {
    if (withoutShortForm.includes(rule.name)) return []
    const names = letters.slice(0, rule.arity - rule.conditions.length)
    return [1, 2].map((order) => derivative(subjectOf(rule, 1), { names, order }).typescript)
  })
  const text = codes.map((code, i) => `export const f${i} = ${code}`).join('\n')
  expect(errorsIn(text)).toEqual([])
  expect(errorsIn('export const f = (x: number): string => x')).toHaveLength(1)
})
