import { customOp, random, type Tensor, tensor, where } from '@adjoint/autograd'
import { type DoubtKind, gradcheck } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'

type F = (x: Tensor) => Tensor
const f64 = { dtype: 'float64' } as const
const at = (...numbers: number[]): Tensor => tensor(numbers, f64)

describe('where there is no derivative to compare with, the report says why', () => {
  test.each<[string, F, Tensor, DoubtKind, RegExp]>([
    ['relu at 0', (x) => x.relu(), at(-1, 0, 2), 'kink', /input\[0\]\[1\].*slope is 0 on the left and 1 on the right/],
    ['abs at 0', (x) => x.abs(), at(0, 3), 'kink', /slope is -1 on the left and 1 on the right/],
    ['abs at 0 beside a large number', (x) => x.abs().add(1e7), at(0), 'kink', /-1 on the left/],
    ['clamp at a bound', (x) => x.clamp(-1, 1), at(1), 'kink', /slope is 1 on the left and 0 on the right/],
    ['a tie', (x) => x.max(), at(2, 2), 'kink', /slope is 0 on the left and 1 on the right/],
    ['the norm at 0', (x) => x.norm(), at(0, 0), 'kink', /-1 on the left and 1 on the right/],
    ['l1 at 0', (x) => x.abs().sum(), at(1, 0), 'kink', /-1 on the left/],
    ['sqrt at 0', (x) => x.sqrt(), at(0, 1), 'edge', /just below the point the value is NaN: this is the edge/],
    ['acos at 1', (x) => x.acos(), at(1), 'edge', /just above the point/],
    ['log at 0', (x) => x.log(), at(0, 1), 'not finite', /output\[0\]: the value is -Infinity/],
    ['1 / x at 0', (x) => x.reciprocal(), at(0), 'not finite', /the value is Infinity/],
    ['floor at an integer', (x) => x.floor(), at(1, 1.5), 'discontinuity', /a jump by 1: it is not continuous/],
    ['a step of a branch', (x) => where(x.less(0), x, x.add(0.5)), at(0), 'discontinuity', /a jump by 0.5/],
    ['one point apart', (x) => where(x.equal(0), 3, x.mul(0)), at(0), 'discontinuity', /a jump by 3/],
    ['dropout', (x) => x.mul(random.bernoulli([4])), at(1, 2, 3, 4), 'nondeterministic', /two calls.*dropout/],
    [
      'float32 inside',
      (x) => x.cast('float32').sin().cast('float64'),
      at(0.3, 3),
      'imprecise',
      /no more digits than float32/,
    ],
    ['a float32 result', (x) => x.cast('float32').exp(), at(1, 0.1), 'imprecise', /no more digits than float32/],
    ['cancellation', (x) => x.add(1e9).sub(1e9), at(0.3), 'imprecise', /cancellation/],
  ])('%s', (_, f, x, kind, says) => {
    const report = gradcheck(f, [x], { order: 1 })
    expect(report.verdict, `${report}`).toBe('inconclusive')
    expect(report.orders[0]!.doubts.map((doubt) => doubt.kind)).toContain(kind)
    expect(report.toString()).toMatch(says)
  })

  test('elements beside it are still checked', () => {
    const wrong = customOp({
      name: 'wrong',
      forward: (x: Tensor) => x.relu(),
      vjp: (g, [x]) => [g.mul(where(x.less(1), 0, 1.1))],
    })
    const report = gradcheck(wrong, [at(0, 2)])
    expect(report.verdict).toBe('fail')
    expect(report.orders[0]!.doubts).toHaveLength(1)
    expect(report.orders[0]!.comparisons[0]!.worst).toMatchObject({ input: 'input[0][1]', output: 'output[1]' })
  })

  test('a kink of the gradient is told at order 2', () => {
    const report = gradcheck((x: Tensor) => x.mul(x.abs()), [at(0, 1)])
    expect(report.orders.map(({ verdict }) => verdict)).toEqual(['pass', 'inconclusive'])
    expect(report.orders[1]!.doubts[0]).toMatchObject({
      kind: 'kink',
      input: 'input[0][0]',
      output: 'gradient by input[0][0]',
    })
  })

  test('NaN where the function is finite is wrong, also at a kink', () => {
    const absolute = customOp({
      name: 'absolute',
      forward: (x: Tensor) => x.abs(),
      vjp: (g, [x]) => [g.mul(x.div(x.abs()))],
    })
    const report = gradcheck(absolute, [at(0, 1)])
    expect(report.verdict).toBe('fail')
    expect(report.orders[0]!.doubts[0]!.kind).toBe('kink')
    expect(report.orders[0]!.comparisons[0]!.worst).toMatchObject({ input: 'input[0][0]', left: Number.NaN })
  })
})

describe('what is lost beyond the largest number is not held against a derivative', () => {
  test.each<[string, F, Tensor]>([
    ['log x^2', (x) => x.square().log(), at(1e100)],
    ['log x^2 farther out', (x) => x.square().log(), at(1e150, 1)],
    ['log x^2 near 0', (x) => x.square().log(), at(1e-100)],
    ['1 / sqrt x^2', (x) => x.square().rsqrt(), at(1e90)],
    ['x / x^2 near 0', (x) => x.div(x.square()), at(1e-100)],
    ['log(1 + exp x)', (x) => x.exp().log1p(), at(500, 700)],
    ['log exp x', (x) => x.exp().log(), at(500, -500)],
    ['exp next to the largest', (x) => x.exp(), at(709)],
    ['x^4', (x) => x.pow(4), at(1e80)],
    ['1 / x^3', (x) => x.pow(3).reciprocal(), at(1e-110, 1e-100)],
  ])('%s', (_, f, x) => {
    for (const order of [1, 2] as const) {
      const report = gradcheck(f, [x], { order })
      expect(report.verdict, `${report}`).not.toBe('fail')
      for (const { verdict, doubts } of report.orders) {
        if (verdict === 'inconclusive') expect(doubts.map(({ kind }) => kind)).toContain('not finite')
      }
    }
  })

  test('a wrong second derivative among numbers that have their place fails', () => {
    const log = customOp({
      name: 'log',
      forward: (x: Tensor) => x.log(),
      vjp: (g, [x]) => [g.div(x.detach())],
    })
    expect(gradcheck((x: Tensor) => log(x.square()), [at(3)]).verdict).toBe('fail')
  })
})

describe('no false alarms', () => {
  const infinite = Number.NEGATIVE_INFINITY
  test.each<[string, F, Tensor]>([
    ['close to a kink', (x) => x.relu(), at(1e-7, -1e-7)],
    ['close to the edge of a domain', (x) => x.log(), at(1e-3, 1e-6, 1e-9)],
    ['close to a pole', (x) => x.reciprocal(), at(1e-3, -1e-5)],
    ['a narrow bend', (x) => x.mul(1000).softplus(), at(0.001, 0)],
    ['many oscillations', (x) => x.mul(1000).sin(), at(0.3, 2)],
    ['the safe branch', (x) => where(x.less(0), 0, x.log()), at(-1, 2)],
    ['huge equal logits', (x) => x.logSumExp(), at(1e4, 1e4, -1e4)],
    ['a huge norm', (x) => x.norm(), at(3e100, 4e100)],
    ['a tiny norm', (x) => x.norm(), at(3e-5, 4e-5)],
    ['a row of -Infinity', (x) => x.softmax(), at(infinite, infinite)],
    ['a masked logit', (x) => x.logSumExp(), at(infinite, 1, 2)],
    ['saturation', (x) => x.tanh(), at(30, -18, 0.5)],
    ['underflow', (x) => x.exp(), at(-800, -30)],
    ['zeros in a product', (x) => x.prod(), at(0, 2, 0, 3)],
    ['whole numbers', (x) => x.mul(3).sum(), at(1, 2, 3)],
    ['a constant', (x) => x.mul(0).add(1), at(1, 2)],
    ['a large offset', (x) => x.sin().add(1e6), at(1, 2)],
    ['a steep polynomial', (x) => x.pow(9), at(7, -3, 0)],
    ['a large argument', (x) => x.sin(), at(1e4)],
    ['a flat point', (x) => x.pow(4), at(0, 1e-3)],
    ['zeros of every order but one', (x) => x.square(), at(0)],
  ])('%s', (_, f, x) => {
    const report = gradcheck(f, [x])
    expect(report.verdict, `${report}`).toBe('pass')
    expect(report.toString()).not.toContain('NaN')
  })

  test('a relu network, though kinks are everywhere around', () => {
    random.seed(3)
    const x = random.normal([16, 20], f64) as Tensor
    const net = (p: { w: Tensor; v: Tensor }) => x.matmul(p.w).relu().matmul(p.v).relu().sum(0)
    const params = { w: random.normal([20, 30], f64) as Tensor, v: random.normal([30, 10], f64) as Tensor }
    const report = gradcheck(net, [params])
    expect(report.verdict, `${report}`).toBe('pass')
    expect(report.orders[0]!.coverage).toContain('12 random directions')
  })
})
