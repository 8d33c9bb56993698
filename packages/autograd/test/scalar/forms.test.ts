import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { grad as gradOfTensors, type Tensor, tensor } from '@adjoint/autograd'
import * as scalar from '@adjoint/autograd/scalar'
import { describe, expect, test } from 'vitest'
import { tapeMethods } from '../../../../scripts/scalar-tape.js'
import { table } from '../../src/ops/index.js'
import { numbers } from '../../src/rules/numbers.js'
import type { Rule } from '../../src/rules/rule.js'
import { rules } from '../../src/rules/table.js'
import { pointsOf } from '../rules/check.js'
import { unitsApart } from '../rules/units.js'

type N = scalar.Num
const all = Object.entries<Rule>(rules)
/** What users call by their own names; the others are what derivatives are made with. */
const published = all.filter(([name]) => table.some(({ opName }) => opName === name))

const call = (name: string, [first, ...rest]: readonly N[]): N =>
  (first as unknown as Record<string, (...operands: N[]) => N>)[name]!(...rest)

const floats = (rule: Rule) => rule.result !== 'bool'
/** By which operands a rule has a derivative. */
const varying = ({ arity, conditions }: Rule) =>
  Array.from({ length: arity }, (_, i) => i).filter((i) => !conditions.includes(i))

/** The rule as a function of one of its operands, the others constant. */
const along = (name: string, point: readonly number[], i: number) => (x: N) =>
  call(
    name,
    point.map((value, k) => (k === i ? x : scalar.constant(value))),
  )

/** The derivative of each order, by the tape (the outermost) over symbols. */
const byTape = (f: (x: N) => N, order: number) => (x: number) => {
  let derived = f
  for (let k = 1; k < order; k++) {
    const inner = derived
    derived = (at: N) => scalar.grad((y: N) => inner(y))(at)
  }
  return scalar.grad((y: N) => derived(y))(x)
}

/** The same by dual numbers of dual numbers. */
const byDuals = (f: (x: N) => N, order: number) => (x: number) => {
  let derived = f
  for (let k = 1; k < order; k++) {
    const inner = derived
    derived = (at: N) => scalar.jvp((y: N) => inner(y), [at], [1])[1]
  }
  return scalar.jvp((y: N) => derived(y), [x], [1])[1]
}

describe.each(all)('%s', (name, rule) => {
  test('has the value of the table, to the last bit, in every form', () => {
    for (const point of pointsOf(rule)) {
      const wanted = rule.value(numbers, ...point)
      const constants = point.map((x) => scalar.constant(x))
      expect(call(name, constants).value, `constants at ${point}`).toBe(wanted)
      let found: number[] = []
      const look = (x: readonly N[]) => {
        const result = call(name, x)
        found = [...found, result.value]
        return result.mul(0)
      }
      scalar.grad((x: N[]) => look(x))(point)
      scalar.jvp((x: N[]) => look(x), [[...point]], [point.map(() => 1)])
      scalar.grad((x: N[]) => scalar.grad((y: N[]) => look(y))(x)[0]!)(point)
      expect(found, `tape, duals and symbols at ${point}`).toEqual([wanted, wanted, wanted])
      expect(Object.is(found[0], wanted)).toBe(true)
    }
  })

  if (!floats(rule)) return
  test('has one derivative of orders 1 to 3, by the tape over symbols, by duals, and by both', () => {
    for (const point of pointsOf(rule)) {
      for (const i of varying(rule)) {
        const f = along(name, point, i)
        for (const order of [1, 2, 3]) {
          const tape = byTape(f, order)(point[i]!)
          const duals = byDuals(f, order)(point[i]!)
          expect(tape, `order ${order} by operand ${i} at ${point}`).toSatisfy(
            (found) =>
              Math.abs(found - duals) <= 1e-13 * (order === 1 ? 1e-2 : 1) * (Math.abs(duals) + 1) ||
              Object.is(found, duals),
            `${duals}`,
          )
        }
      }
    }
  })

  test('has the slope that its values have, by the tape, by duals and compiled', () => {
    for (const point of pointsOf(rule)) {
      for (const i of varying(rule)) {
        const f = along(name, point, i)
        const at = point[i]!
        const step = 1e-5 * (1 + Math.abs(at))
        const value = (x: number) => rule.value(numbers, ...point.with(i, x))
        const wanted = (value(at + step) - value(at - step)) / (2 * step)
        if (!Number.isFinite(wanted)) continue
        const slopes = [byTape(f, 1)(at), byDuals(f, 1)(at), scalar.compile((x: N) => scalar.grad(f)(x))(at)]
        for (const [form, found] of slopes.entries()) {
          expect(
            Math.abs(found - wanted) / (1 + Math.abs(wanted)),
            `${['tape', 'duals', 'compiled'][form]} by operand ${i} at ${point}: ${found}, and ${wanted} by differences`,
          ).toBeLessThan(1e-6)
        }
      }
    }
  })

  if (!published.some(([other]) => other === name)) return
  test('has the value and the first two derivatives that it has as an op of float64 tensors', () => {
    const op = table.find(({ opName }) => opName === name) as unknown as (...operands: (Tensor | number)[]) => Tensor
    for (const point of pointsOf(rule)) {
      for (const i of varying(rule)) {
        if (name === 'where' && i === 0) continue
        const f = along(name, point, i)
        const ofTensors = (x: Tensor) =>
          op(
            ...point.map((value, k) =>
              k === i ? x : rule.conditions.includes(k) ? tensor(value !== 0) : tensor(value, { dtype: 'float64' }),
            ),
          )
        const at = tensor(point[i]!, { dtype: 'float64' })
        const first = gradOfTensors(ofTensors)(at as never) as unknown as Tensor
        const second = gradOfTensors((x: Tensor) => gradOfTensors(ofTensors)(x as never) as never)(
          at as never,
        ) as unknown as Tensor
        expect(
          unitsApart(byTape(f, 1)(point[i]!), first.item()),
          `order 1 by operand ${i} at ${point}`,
        ).toBeLessThanOrEqual(2)
        const error = Math.abs(byTape(f, 2)(point[i]!) - second.item())
        expect(error / (1 + Math.abs(second.item())) || 0, `order 2 by operand ${i} at ${point}`).toBeLessThan(1e-13)
      }
    }
  })
})

test('a rule of the table is a method of every form: of the tape, of what stands in general, and of tensors', () => {
  const ofTape: string[] = []
  scalar.grad((x: N) => {
    ofTape.push(...Object.getOwnPropertyNames(Object.getPrototypeOf(x)))
    return x
  })(1)
  expect(all.map(([name]) => name).filter((name) => !ofTape.includes(name))).toEqual([])
  const general = Object.getOwnPropertyNames(scalar.Num.prototype)
  expect(all.map(([name]) => name).filter((name) => !general.includes(name))).toEqual([])
  expect(published.length).toBeGreaterThan(80)
})

test('the methods of the tape are what the table gives: run scripts/scalar-tape.ts', () => {
  const written = readFileSync(join(import.meta.dirname, '../../src/scalar/tape/methods.ts'), 'utf8')
  expect(written).toBe(tapeMethods())
})

test('a rule that is taken out of the table is missing on the tape', () => {
  const { exp } = rules
  const table = rules as Record<string, Rule>
  Reflect.deleteProperty(table, 'exp')
  try {
    expect(tapeMethods()).not.toMatch(/^ {4}exp\(/m)
  } finally {
    table.exp = exp
  }
  expect(tapeMethods()).toMatch(/^ {4}exp\(/m)
})
