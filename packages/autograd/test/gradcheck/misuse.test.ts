import { type Tensor, tensor, treeProtocol } from '@adjoint/autograd'
import { assertGradients, gradcheck } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'
import { normal, scaled } from './mutants/kit.js'

const square = (x: Tensor) => x.square()
const untyped = gradcheck as (f: unknown, inputs: unknown, options?: unknown) => { verdict: string }

describe('what would compare nothing, or let everything pass, is refused by name', () => {
  test.each<[object, RegExp]>([
    [{ budget: 0 }, /budget is 0; use a number of at least 1/],
    [{ budget: -3 }, /budget is -3/],
    [{ budget: Number.NaN }, /budget is NaN/],
    [{ directions: 0 }, /directions is 0; use an integer of at least 1: without directions nothing is compared/],
    [{ directions: 1.5 }, /directions is 1.5/],
    [{ directions: Number.POSITIVE_INFINITY }, /directions is Infinity/],
    [{ tolerance: 0 }, /tolerance is 0; use a positive number of error bars/],
    [{ tolerance: -10 }, /tolerance is -10/],
    [{ tolerance: Number.POSITIVE_INFINITY }, /tolerance is Infinity.*everything passes/],
    [{ tolerance: Number.NaN }, /tolerance is NaN/],
    [{ order: 0 }, /order is 0; use 1 or 2/],
    [{ order: 3 }, /order is 3; use 1 or 2/],
    [{ ordr: 1 }, /unknown option ordr: did you mean order\?/],
    [{ eps: 1e-6 }, /unknown option eps/],
  ])('%o', (options, says) => {
    for (const check of [untyped, assertGradients as typeof untyped]) {
      expect(() => check(square, [normal(1, 2)], options)).toThrow(says)
    }
  })

  test('an infinite budget is the whole Jacobian', () => {
    const report = gradcheck((x) => x.sin(), [normal(2, 60)], { budget: Number.POSITIVE_INFINITY, order: 1 })
    expect(report.orders[0]!.coverage).toContain('all 3600 elements')
  })

  test('an instance that holds tensors and is no tree, whose tensors would be constants', () => {
    class Scale {
      constructor(readonly weight: Tensor) {}
    }
    const scale = new Scale(normal(3, 2))
    const f = (s: Scale, x: Tensor) => s.weight.mul(x)
    expect(() => gradcheck(f, [scale, normal(4, 2)])).toThrow(/input\[0\] is an instance of Scale.*treeProtocol/)
    expect(() =>
      gradcheck((...[s, x]: [Date, Tensor]) => x.mul(s.getTime()), [new Date(3), normal(4, 2)]),
    ).not.toThrow()
  })
})

const worstOf = (report: ReturnType<typeof gradcheck>) =>
  report.orders[0]!.comparisons.filter(({ agrees }) => !agrees).map(({ worst }) => worst!.input)

describe('an instance that is a tree', () => {
  test('is varied if any class says that its instances are trees', () => {
    class Spring {
      constructor(
        readonly length: Tensor,
        readonly rest: Tensor,
      ) {}
      [treeProtocol]() {
        const rebuild = (children: { length: Tensor }, buffers: { rest: Tensor }) =>
          new Spring(children.length, buffers.rest)
        return { children: { length: this.length }, buffers: { rest: this.rest }, rebuild }
      }
    }
    const energy = scaled('energy', (a: Tensor, b: Tensor) => a.sub(b).square().sum(), -1)
    const spring = new Spring(normal(8, 2), tensor([1, 2], { dtype: 'float64' }) as Tensor)
    const report = gradcheck((s: Spring) => energy(s.length, s.rest), [spring])
    expect(report.verdict).toBe('fail')
    expect(worstOf(report).every((name) => name.startsWith('input[0].length['))).toBe(true)
  })
})
