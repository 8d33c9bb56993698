import { grad as gradOfTensors, hvp as hvpOfTensors, jvp as jvpOfTensors, type Tensor, tensor } from '@adjoint/autograd'
import * as scalar from '@adjoint/autograd/scalar'
import fc from 'fast-check'
import { expect, test } from 'vitest'

type N = scalar.Num

/** What programs are made of, bounded so that no value runs off: methods that scalars and tensors have alike. */
interface Value<T> {
  add(other: T | number): T
  sub(other: T | number): T
  mul(other: T | number): T
  div(other: T | number): T
  sin(): T
  tanh(): T
  exp(): T
  sqrt(): T
  square(): T
  erf(): T
  softplus(): T
  maximum(other: T | number): T
}
type Step = <T extends Value<T>>(a: T, b: T, k: number) => T
const steps: readonly Step[] = [
  (a, b) => a.add(b),
  (a, b, k) => a.mul(k).sub(b),
  (a, b) => a.mul(b).tanh(),
  (a, b) => a.div(b.square().add(1)),
  (a) => a.sin(),
  (a) => a.tanh().exp(),
  (a) => a.square().add(0.5).sqrt(),
  (a, b) => a.erf().mul(b.softplus()),
  (a, b) => a.maximum(b.mul(0.5)),
  (a, _, k) => a.mul(a).mul(k).tanh(),
]

interface Program {
  readonly x: readonly number[]
  readonly v: readonly number[]
  readonly steps: readonly { readonly step: number; readonly a: number; readonly b: number; readonly k: number }[]
}
const numberIn = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true })
const programs: fc.Arbitrary<Program> = fc.integer({ min: 1, max: 4 }).chain((size) =>
  fc.record({
    x: fc.array(numberIn(-2, 2), { minLength: size, maxLength: size }),
    v: fc.array(numberIn(-1, 1), { minLength: size, maxLength: size }),
    steps: fc.array(
      fc.record({ step: fc.nat(steps.length - 1), a: fc.nat(40), b: fc.nat(40), k: numberIn(-1.5, 1.5) }),
      { minLength: 1, maxLength: 25 },
    ),
  }),
)

const run =
  ({ steps: list }: Program) =>
  <T extends Value<T>>(x: readonly T[]): T => {
    const values = [...x]
    for (const { step, a, b, k } of list) {
      values.push(steps[step]!(values[a % values.length]!, values[b % values.length]!, k))
    }
    return values.slice(x.length).reduce((sum, value) => sum.add(value))
  }

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, each, i) => sum + each * b[i]!, 0)

/** Equal but for rounding that adds up in other orders. */
const expectClose = (what: string, found: readonly number[], wanted: readonly number[]) => {
  expect(found.length, what).toBe(wanted.length)
  const scale = 1 + Math.max(...wanted.map(Math.abs))
  found.forEach((each, i) => {
    expect(Math.abs(each - wanted[i]!) / scale, `${what}, element ${i}: ${each} and ${wanted[i]}`).toBeLessThan(1e-11)
  })
}

const check = (property: (program: Program) => void) =>
  fc.assert(fc.property(programs, property), { seed: 16, numRuns: 150 })

test('random programs: tape, duals, symbols and tensors give one gradient', () => {
  check((program) => {
    const f = run(program)
    const { x, v } = program
    const [value, byTape] = scalar.valueAndGrad((nums: N[]) => f(nums))([...x])
    const bySymbols = scalar.hessian((s: N) => scalar.grad((nums: N[]) => f(nums))(x.map((each) => s.mul(each)))[0]!)
    expect(Number.isFinite(bySymbols(1))).toBe(true)
    const followed = scalar.jvp(
      (s: N) => scalar.grad((nums: N[]) => f(nums))(x.map((each) => s.mul(each))),
      [1],
      [0],
    )[0]
    const byDuals = x.map((_, i) => scalar.jvp((nums: N[]) => f(nums), [[...x]], [x.map((_, k) => Number(i === k))])[1])
    const leaves = x.map((each) => tensor(each, { dtype: 'float64' }) as Tensor)
    const byTensors = gradOfTensors((nums: readonly Tensor[]) => f(nums))(leaves as never) as unknown as Tensor[]
    expectClose('duals', byDuals, byTape)
    expectClose('symbols', followed, byTape)
    expectClose(
      'tensors',
      byTensors.map((each) => each.item()),
      byTape,
    )
    expect(f(leaves).item()).toBeCloseTo(value, 10)
    const { 1: pullback } = scalar.vjp((nums: N[]) => f(nums), [...x])
    expectClose(
      'vjp',
      pullback(2)[0],
      byTape.map((each) => 2 * each),
    )
    expect(dot(byTape, v)).toBeCloseTo(scalar.jvp((nums: N[]) => f(nums), [[...x]], [[...v]])[1], 9)
  })
})

test('random programs: second derivatives by hvp, hessian, nested gradients, nested duals and tensors are one', () => {
  check((program) => {
    const f = (nums: readonly N[]) => run(program)(nums)
    const { x, v } = program
    const wanted = scalar.hvp((nums: N[]) => f(nums), [...x], [...v])
    const matrix = scalar.hessian((nums: N[]) => f(nums))([...x])
    expectClose(
      'hessian',
      matrix.map((row) => dot(row, v)),
      wanted,
    )
    matrix.forEach((row, i) => {
      expectClose(
        `column ${i}`,
        row,
        matrix.map((other) => other[i]!),
      )
    })
    const overDuals = scalar.jvp((nums: N[]) => scalar.grad((inner: N[]) => f(inner))(nums), [[...x]], [[...v]])[1]
    expectClose('duals over symbols', overDuals, wanted)
    const overTape = scalar.grad((nums: N[]) => scalar.jvp((inner: N[]) => f(inner), [nums], [[...v]])[1])([...x])
    expectClose('tape over duals', overTape, wanted)
    const leaves = x.map((each) => tensor(each, { dtype: 'float64' }) as Tensor)
    const along = v.map((each) => tensor(each, { dtype: 'float64' }))
    const byTensors = hvpOfTensors((nums: readonly Tensor[]) => run(program)(nums), leaves as never, along as never)
    expectClose(
      'tensors',
      (byTensors as unknown as Tensor[]).map((each) => each.item()),
      wanted,
    )
  })
})

test('random programs: third derivatives along a line by three duals, three gradients and three tensors are one', () => {
  check((program) => {
    const { x, v } = program
    const line = <T extends Value<T>>(t: T): T => run(program)(x.map((each, i) => t.mul(v[i]!).add(each)))
    const up = (g: (t: N) => N) => (t: N) => scalar.grad((s: N) => g(s))(t)
    const along = (g: (t: N) => N) => (t: N) => scalar.jvp((s: N) => g(s), [t], [1])[1]
    const byGradients = scalar.grad((t: N) => up(up(line))(t))(0.25)
    const byDuals = scalar.jvp((t: N) => along(along(line))(t), [0.25], [1])[1]
    const pushed = (g: (t: Tensor) => Tensor) => (t: Tensor) =>
      jvpOfTensors(g, [t], [tensor(1, { dtype: 'float64' })] as never)[1] as Tensor
    const byTensors = pushed(pushed(pushed((t) => line<Tensor>(t))))(
      tensor(0.25, { dtype: 'float64' }) as Tensor,
    ).item()
    expectClose('duals', [byDuals], [byGradients])
    expectClose('tensors', [byTensors], [byGradients])
  })
})
