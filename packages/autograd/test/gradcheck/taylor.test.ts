import { customOp, type Tensor, tensor } from '@adjoint/autograd'
import { gradcheck, taylorTest } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'
import { alteredForward, alteredReverse, at, type F, normal, scaled } from './mutants/kit.js'

const smooth: [string, F][] = [
  ['exp', (x: Tensor) => x.exp()],
  ['a sum of products', (x: Tensor) => x.mul(x.sin()).sum()],
  ['several results', (x: Tensor) => ({ a: x.tanh(), b: [x.square().sum()] })],
  ['logSumExp', (x: Tensor) => x.logSumExp()],
]

describe('the Taylor remainder', () => {
  test.each(smooth)('is of second order where the derivative is right: %s', (_, f) => {
    for (const mode of ['reverse', 'forward'] as const) {
      for (let seed = 0; seed < 5; seed++) {
        const found = taylorTest(f, [normal(seed + 1, 4)], { seed, mode })
        expect(found.order, `${found}`).toBeGreaterThan(1.9)
        expect(found.order, `${found}`).toBeLessThan(2.2)
        expect(found).toMatchObject({ verdict: 'pass', mode })
      }
    }
  })

  test.each([-1, 0, 2, 1.01, 1 + 1e-4])(
    'is of first order where the derivative is %d times the right one',
    (factor) => {
      const found = taylorTest(
        scaled('exp', (x: Tensor) => x.exp(), factor),
        [normal(1, 4)],
      )
      expect(found.order, `${found}`).toBeLessThan(1.1)
      expect(found.order, `${found}`).toBeGreaterThan(0.9)
      expect(found.verdict).toBe('fail')
      expect(`${found}`).toMatch(/^Taylor remainder of reverse mode: order (1|0)\.\d\d where 2 belongs\n/)
    },
  )

  test('is of third order where the second derivative vanishes, and round-off where all do', () => {
    expect(taylorTest((x: Tensor) => x.sin(), [at(0)]).order).toBeGreaterThan(2.9)
    const linear = taylorTest((x: Tensor) => x.mul(3).sum(), [at(0.3, 2)])
    expect(linear).toMatchObject({ order: Number.POSITIVE_INFINITY, verdict: 'pass' })
    expect(`${linear}`).toContain('nothing but round-off')
  })

  test('tells modes apart', () => {
    const f = (x: Tensor) => x.exp() as Tensor
    const wrong = {
      reverse: alteredReverse('exp', f, (right) => right.map((g) => g.mul(2) as Tensor)),
      forward: alteredForward('exp', f, (right) => right.mul(2) as Tensor),
    }
    for (const mode of ['reverse', 'forward'] as const) {
      for (const other of ['reverse', 'forward'] as const) {
        const { verdict } = taylorTest(wrong[other], [normal(2, 3)], { mode })
        expect([mode, other, verdict]).toEqual([mode, other, mode === other ? 'fail' : 'pass'])
      }
    }
  })

  test('of an op without a vjp that could be had is that of forward mode', () => {
    const f = customOp({
      name: 'looking',
      forward: (x: Tensor) => x.exp(),
      jvp: ([dx]: [Tensor], [x]: [Tensor]) =>
        tensor(
          Float64Array.from(dx.data, (d, i) => d * Math.exp(x.data[i]!)),
          { dtype: 'float64' },
        ),
    } as never) as F
    expect(taylorTest(f, [normal(3, 2)])).toMatchObject({ mode: 'forward', verdict: 'pass' })
    expect(() => taylorTest(f, [normal(3, 2)], { mode: 'reverse' })).toThrow(/taylorTest: looking/)
  })

  test('stands in a report that fails, for each mode, and in no other', () => {
    const f = alteredReverse(
      'exp',
      (x: Tensor) => x.exp(),
      (right) => right.map((g) => g.mul(2) as Tensor),
    )
    const text = `${gradcheck(f, [normal(4, 3)])}`
    expect(text).toMatch(/note: Taylor remainder of reverse mode: order 1\.0\d where 2 belongs/)
    expect(text).toMatch(/note: Taylor remainder of forward mode: order (2\.0|1\.9)\d, as it should be/)
    expect(`${gradcheck((x: Tensor) => x.exp(), [normal(4, 3)])}`).not.toContain('Taylor')
  })
})
