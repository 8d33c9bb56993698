import { grad, Random, scaledDotProductAttention, type Tensor } from '@adjoint/autograd'
import { gradcheck } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'
import { withRandomRounding } from '../../src/execution/random-rounding.js'
import { altered, at, type F, normal, op } from './mutants/kit.js'

const seeds = [0, 1, 2, 3, 4]
const tenPercentOff = (f: F): F => altered('off', f, (right) => right.map((each) => each.mul(1.1)))

/** Functions whose derivatives, or whose values, lose digits on the way. */
const losing: [string, F, (seed: number) => Tensor[]][] = [
  ['a quotient of small differences', (x: Tensor) => x.exp().sub(1).div(x), () => [at(1e-5, 0.5)]],
  ['(1 - cos x) / x^2', (x: Tensor) => x.cos().neg().add(1).div(x.square()), () => [at(1e-3)]],
  ['large terms that cancel', (x: Tensor) => x.mul(500).exp().sub(x.mul(500).exp()).add(x), () => [at(0.1)]],
  ['sin x + 1e12 - 1e12', (x: Tensor) => x.sin().add(1e12).sub(1e12), (seed) => [normal(seed, 5)]],
  ['a saturated softmax', (x: Tensor) => x.softmax(-1), (seed) => [normal(seed, 2, 3).mul(30) as Tensor]],
  ['a saturated logSoftmax', (x: Tensor) => x.logSoftmax(-1), (seed) => [normal(seed, 1, 5).mul(50) as Tensor]],
  [
    'attention over large logits',
    (q: Tensor, k: Tensor, v: Tensor) => scaledDotProductAttention(q, k, v),
    (seed) => [normal(seed, 3, 2).mul(4) as Tensor, normal(seed + 50, 3, 2).mul(4) as Tensor, normal(seed + 90, 3, 2)],
  ],
]

describe('what is no more than rounding is not called wrong, and hides no wrong rule', () => {
  test.each(losing)('%s', (_, f, make) => {
    for (const seed of seeds) {
      const report = gradcheck(f, make(seed), { seed })
      expect(report.verdict, `${report}`).not.toBe('fail')
    }
  })

  test.each(losing)('%s, 10 %% off', (_, f, make) => {
    for (const seed of seeds) {
      const report = gradcheck(tenPercentOff(f), make(seed), { seed, order: 1, nearby: 0 })
      expect(report.verdict, `${report}`).not.toBe('pass')
    }
  })

  test('float32 within a rule is no rounding of float64', () => {
    const narrow = altered(
      'exp',
      (x: Tensor) => x.exp(),
      (right) => right.map((each) => each.cast('float32').cast('float64')),
    )
    expect(gradcheck(narrow, [normal(1, 4)]).verdict).toBe('fail')
  })
})

describe('what moves values less than they are rounded is not taken for right', () => {
  const verdicts = (f: F, make: (seed: number) => Tensor[]) =>
    new Set(seeds.map((seed) => gradcheck(f, make(seed), { seed, order: 1 }).verdict))
  const pairs = (seed: number) => [normal(seed, 2), normal(seed + 50, 2)]

  test.each<[string, F]>(
    [1e13, 1e14, 1e15, 1e16, 1e18].flatMap((large): [string, F][] => [
      [`sin x + ${large}`, (x: Tensor) => x.sin().add(large)],
      [`the sum of sin x and ${large}`, (x: Tensor) => x.sin().sum().add(large)],
      [`sin x + ${large} + exp y`, (x: Tensor, y: Tensor) => x.sin().add(large).add(y.exp())],
    ]),
  )('%s', (_, f) => {
    const make = (seed: number) => pairs(seed).slice(0, f.length)
    expect(verdicts(f, make)).toEqual(new Set(['inconclusive']))
    expect(verdicts(tenPercentOff(f), make)).not.toContain('pass')
    expect(gradcheck(tenPercentOff(f), make(0), { order: 1, budget: 1 }).verdict).not.toBe('pass')
  })

  test.each([1e8, 1e11])('sin x + %s is seen, by longer steps if need be', (large) => {
    const f = (x: Tensor) => x.sin().add(large)
    expect(verdicts(f, (seed) => [normal(seed, 2)])).toEqual(new Set(['pass']))
    expect(verdicts(tenPercentOff(f), (seed) => [normal(seed, 2)])).toEqual(new Set(['fail']))
  })

  test('a rule that loses nothing has to be seen where the function is saturated', () => {
    // sech^2, by exp alone
    const slope = (x: Tensor) => x.abs().neg().exp().mul(2).div(x.abs().mul(-2).exp().add(1)).square() as Tensor
    const tanh = op('tanh', (x: Tensor) => x.tanh(), { vjp: (g, [x]) => [g.mul(slope(x!)).mul(1.1)] })
    for (const x of [17, 18, -17]) expect(verdicts(tanh, () => [at(x)])).toEqual(new Set(['inconclusive']))
  })
})

describe('where there is nothing to see, nothing is missed', () => {
  test.each<[string, F, Tensor[]]>([
    ['1 - tanh^2 far out, which is mostly rounding itself', (x: Tensor) => x.tanh(), [at(18, -19, 25)]],
    ['the sigmoid likewise', (x: Tensor) => x.sigmoid(), [at(36, 40)]],
    ['a sum that is always 1', (x: Tensor) => x.softmax(-1).sum(), [normal(3, 5)]],
    ['one that is always 1e13', (x: Tensor) => x.mul(0).add(1e13), [normal(3, 5)]],
    ['the second derivative of a steep line', (x: Tensor) => x.mul(1e13), [normal(3, 5)]],
    ['that of means', (x: Tensor) => x.reshape([3, 3]).mean(1).div(7), [normal(3, 9)]],
    ['a square near 0', (x: Tensor) => x.square(), [at(1e-100, -2e-100)]],
  ])('%s', (_, f, inputs) => {
    for (const seed of seeds) {
      const report = gradcheck(f, inputs, { seed })
      expect(report.verdict, `${report}`).toBe('pass')
    }
  })
})

describe('random rounding', () => {
  const error = (f: (x: Tensor) => Tensor, x: Tensor, seed: number): number => {
    const [here, other] = [f(x).data, withRandomRounding(seed, () => f(x)).data]
    return Math.max(...Array.from(here, (y, i) => Math.abs(Number(y) - Number(other[i]))))
  }

  test.each<[string, (x: Tensor) => Tensor, number]>([
    ['a sum', (x) => x.exp().sum() as Tensor, 2 ** -50],
    ['what is left of large numbers', (x) => x.add(1e8).sub(1e8), 1e8 * 2 ** -52],
    ['a matrix product', (x) => x.matmul(x.transpose()), 2 ** -50],
  ])('shows what %s loses', (_, f, size) => {
    const lost = seeds.map((seed) => error(f, normal(seed, 3, 3), seed + 1))
    expect(Math.max(...lost)).toBeLessThan(16 * size)
    expect(Math.max(...lost)).toBeGreaterThan(size / 16)
  })

  test.each<[string, (x: Tensor) => Tensor]>([
    ['moved', (x) => x.transpose().reshape([9]).at(2)],
    ['chosen', (x) => x.relu().max(1)],
    ['counted', (x) => x.floor().add(3)],
    ['handed back by a choice', (x) => grad((y: Tensor) => y.max() as Tensor)(x) as Tensor],
  ])('leaves what is %s', (_, f) => {
    for (const seed of seeds) expect(error(f, new Random(seed).normal([3, 3], { dtype: 'float64' }), seed + 1)).toBe(0)
  })
})
