import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { grad as gradOfTensors, parameter, type Tensor, tensor } from '@adjoint/autograd'
import { trace } from '@adjoint/autograd/inspect'
import type { Num, Value } from '@adjoint/autograd/scalar'
import * as scalar from '@adjoint/autograd/scalar'
import { describe, expect, test } from 'vitest'
import { valueMethods } from '../../../../scripts/scalar-tape.js'
import { partialsOf } from '../../src/rules/derive.js'
import { numbers } from '../../src/rules/numbers.js'
import type { Rule } from '../../src/rules/rule.js'
import { rules } from '../../src/rules/table.js'
import { evaluate } from '../../src/rules/traverse.js'

const value = scalar.scalar
type Method = (...rest: readonly (Num | number)[]) => Value
const call = (name: string, [first, ...rest]: readonly (Num | number)[]): Value =>
  (first as unknown as Record<string, Method>)[name]!(...rest)

test('the methods of values are what the table gives: run scripts/scalar-tape.ts', () => {
  const file = join(import.meta.dirname, '../../src/scalar/values/methods.ts')
  expect(readFileSync(file, 'utf8')).toBe(valueMethods())
})

describe.each(Object.values<Rule>(rules).map((rule) => [rule.name, rule] as const))('%s of values', (name, rule) => {
  const points = rule.samples[0]!.map((_, k) => rule.samples.map((list) => list[k]!))

  test('has the value of the table to the last bit, and its partial derivatives', () => {
    for (const point of points) {
      const result = rule.value(numbers, ...point)
      const slopes = partialsOf(rule).map((partial) => evaluate(partial, [...point, result]))
      const values = point.map((x) => value(x))
      const y = call(name, values)
      expect(y.value).toBe(result)
      y.backward()
      values.forEach((x, i) => {
        expect(x.grad, `by operand ${i} at ${point}`).toBeCloseTo(slopes[i]!, 12)
      })
    }
  })

  test('mixes with numbers and constants, in every place, and is the same as a tensor', () => {
    for (const point of points) {
      for (let i = 0; i < point.length; i++) {
        const at = value(point[i]!)
        const mixed = point.map((x, k) => (k === i ? at : k === 0 ? scalar.constant(x) : x))
        const y = call(name, mixed)
        const twin = y.toTensor()
        expect(y.value).toBe(rule.value(numbers, ...point))
        expect(twin.item()).toBe(y.value)
        y.backward()
        const once = at.grad
        if (twin.requiresGrad) twin.backward()
        expect(at.grad).toBeCloseTo(2 * once, 12)
      }
    }
  })
})

/** A program of so many random steps, each of two of what there is, as one step is often used again. */
const program = (seed: number, steps: number) => {
  const next = () => {
    seed = (seed * 48271) % 2147483647
    return seed / 2147483647
  }
  const plan = Array.from({ length: steps }, () => [next(), next(), next()] as const)
  return (given: readonly Num[]): Num => {
    const all = [...given]
    const pick = (at: number) => all[Math.floor(at * all.length)]!
    for (const [kind, a, b] of plan) {
      const [x, y] = [pick(a), pick(b)]
      if (kind < 0.25) all.push(x.add(y))
      else if (kind < 0.5) all.push(x.mul(y).tanh())
      else if (kind < 0.65) all.push(x.sub(y).sin())
      else if (kind < 0.8) all.push(x.maximum(y))
      else if (kind < 0.9) all.push(x.less(y).select(x, y.mul(0.5)))
      else all.push(x.square().add(1).log())
    }
    return all.slice(-5).reduce((sum, x) => sum.add(x))
  }
}

describe('backward', () => {
  test('agrees with the tape, and with tensors, on random programs', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const f = program(seed, 30)
      const at = [0.3 + seed / 50, -0.7, 1.1]
      const [wanted, gradient] = scalar.valueAndGrad((x: Num[]) => f(x))(at)
      const values = at.map((x) => value(x))
      const y = f(values) as unknown as Value
      y.backward()
      expect(y.value).toBe(wanted)
      for (const [i, x] of values.entries()) expect(x.grad).toBeCloseTo(gradient[i]!, 10)
      for (const x of values) x.zeroGrad()
      y.toTensor().backward()
      for (const [i, x] of values.entries()) expect(x.grad).toBeCloseTo(gradient[i]!, 10)
    }
  })

  test('adds up at what was not computed, until zeroGrad, and says of what was the latest derivative', () => {
    const a = value(3)
    const y = a.square()
    const z = y.mul(y).add(a)
    z.backward()
    expect([a.grad, y.grad, z.grad]).toEqual([109, 18, 1])
    z.backward()
    expect([a.grad, y.grad, z.grad]).toEqual([218, 18, 1])
    y.backward()
    expect([a.grad, y.grad]).toEqual([224, 1])
    a.zeroGrad()
    expect(a.grad).toBe(0)
    a.backward()
    expect(a.grad).toBe(1)
  })

  test('goes through a chain of 100,000 and a graph whose paths are without number', () => {
    const a = value(0.5)
    let y = a
    for (let i = 0; i < 100_000; i++) y = y.add(1e-9)
    y.backward()
    expect(a.grad).toBe(1)
    const b = value(1)
    let z = b
    for (let i = 0; i < 200; i++) z = z.mul(0.5).add(z.mul(0.5))
    z.backward()
    expect(b.grad).toBe(1)
  })

  test('gives 0 where a derivative of 0 meets one that is infinite', () => {
    const x = value(0)
    x.less(1).select(x, x.sqrt()).backward()
    expect(x.grad).toBe(1)
  })

  test('trains: XOR is learned', () => {
    let seed = 5
    const draw = () => {
      seed = (seed * 48271) % 2147483647
      return value((2 * seed) / 2147483647 - 1)
    }
    const neuron = (inputs: number) => ({ w: Array.from({ length: inputs }, draw), b: draw() })
    const hidden = Array.from({ length: 4 }, () => neuron(2))
    const out = neuron(4)
    const fire = ({ w, b }: ReturnType<typeof neuron>, x: readonly (Num | number)[]) =>
      w.reduce<Value>((sum, wi, i) => sum.add(wi.mul(x[i]!)), b).tanh()
    const rows = [[-1, -1, -1], [-1, 1, 1], [1, -1, 1], [1, 1, -1]] // biome-ignore format: a table
    const parameters = [...hidden, out].flatMap(({ w, b }) => [...w, b])
    let last = Number.POSITIVE_INFINITY
    for (let step = 0; step < 200; step++) {
      const errors = rows.map(([a, b, y]) =>
        fire(
          out,
          hidden.map((each) => fire(each, [a!, b!])),
        )
          .sub(y!)
          .square(),
      )
      const loss = errors.reduce((sum, each) => sum.add(each))
      for (const parameter of parameters) parameter.zeroGrad()
      loss.backward()
      for (const parameter of parameters) parameter.value -= 0.1 * parameter.grad
      last = loss.value
    }
    expect(last).toBeLessThan(0.05)
  })
})

describe('values meet the other kinds', () => {
  test('as arguments of transforms, which give values again: so there are higher orders', () => {
    const a = value(2)
    const slope = scalar.grad((x: Num) => x.pow(4))(a) as unknown as Value
    expect(slope.value).toBe(32)
    slope.backward()
    expect(a.grad).toBe(48)
    const b = value(3)
    const [along] = [scalar.jvp((x: Num) => x.mul(b).square(), [a], [1])[1] as unknown as Value]
    expect(along.value).toBe(2 * 2 * 9)
    b.zeroGrad()
    along.backward()
    expect(b.grad).toBe(2 * 2 * 2 * 3)
  })

  test('and are refused where a derivative would be lost', () => {
    const a = value(2)
    expect(() => scalar.grad((x: Num) => x.mul(a))(3)).toThrow(/outer differentiation.*constant/)
    expect(() => scalar.elementwise((x) => x.mul(a))(tensor([1]))).toThrow(/from outside.*operand/)
    expect(() => {
      a.square().value = 3
    }).toThrow(/was computed.*set that/)
    expect(() => {
      a.value = 'x' as unknown as number
    }).toThrow(/use a number/)
    expect(() => tensor([1]).mul(a as never)).toThrow(/scalar\(2\).*no tensor/)
  })

  test('in one graph with tensors: what reaches the tensor reaches the values', () => {
    const [a, b] = [value(3), value(4)]
    const w = parameter(tensor([1, 2], { dtype: 'float64' }))
    const length = a.hypot(b)
    w.mul(length.toTensor()).sum().backward()
    expect(w.grad.toArray()).toEqual([5, 5])
    expect(a.grad).toBeCloseTo(3 * 0.6, 12)
    length.backward()
    expect(a.grad).toBeCloseTo(4 * 0.6, 12)
    a.value = 5
    expect(a.toTensor().item()).toBe(5)
    a.zeroGrad()
    expect(a.grad).toBe(0)
    const x = tensor(2, { dtype: 'float64' })
    expect(gradOfTensors((x: Tensor) => x.mul(b.toTensor()))(x).item()).toBe(4)
  })

  test('and every view of graphs shows them', () => {
    const [a, b] = [value(2), value(-3)]
    const { nodes } = trace(a.mul(b).add(10).tanh().toTensor())
    expect(nodes.flatMap(({ op }) => op ?? [])).toEqual(['mul', 'add', 'tanh'])
    expect(nodes.map((node) => node.value)).toEqual(expect.arrayContaining([2, -3, -6, 10, 4]))
  })
})
