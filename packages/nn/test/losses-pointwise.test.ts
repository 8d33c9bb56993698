import { compile, grad, ShapeError, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { assertGradients } from '@adjoint/autograd/gradcheck'
import { describe, expect, it } from 'vitest'
import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  gaussianNll,
  huber,
  klDivergence,
  l1,
  logCosh,
  OptionError,
  poissonNll,
  smoothL1,
} from '../src/index.js'

// Values and derivatives at ordinary points are held to PyTorch in losses-oracle.test.ts.

type Loss = (prediction: Tensor, target: Tensor) => Tensor
const inf = Number.POSITIVE_INFINITY
const none = { reduction: 'none' } as const
const dtypes = ['float32', 'float64'] as const
const float64 = { dtype: 'float64' } as const
const values = (data: number[] | number[][]): Tensor => tensor(data as number[], float64)
const list = (x: Tensor): number[] => [...x.data]
const slopes = (f: (x: Tensor) => Tensor, x: Tensor): number[] => list(grad((y: Tensor) => f(y).sum())(x) as Tensor)
const curvatures = (f: (x: Tensor) => Tensor, x: Tensor): number[] =>
  list(grad((y: Tensor) => (grad((z: Tensor) => f(z).sum())(y) as Tensor).sum())(x) as Tensor)

describe('derivatives by finite differences, to second order', () => {
  const [p, t] = [values([[0.3, -1.2, 2.5]]), values([[0.9, 0.1, -0.4]])]
  const [chance, share] = [values([[0.3, 0.6, 0.2]]), values([[0.5, 0.1, 0.9]])]
  const cases: readonly (readonly [string, Loss, Tensor, Tensor])[] = [
    ['l1', (a, b) => l1(a, b), p, t],
    ['smoothL1', (a, b) => smoothL1(a, b, { beta: 1.1 }), p, t],
    ['huber', (a, b) => huber(a, b, { delta: 1.1 }), p, t],
    ['logCosh', (a, b) => logCosh(a, b), p, t],
    ['poissonNll', (a, b) => poissonNll(a, b, { full: true }), p, values([[0.5, 2, 3]])],
    ['poissonNll of rates', (a, b) => poissonNll(a, b, { logInput: false }), chance, values([[0.5, 2, 3]])],
    ['gaussianNll', (a, v) => gaussianNll(a, t, v, { full: true }), p, values([[0.5, 2, 3]])],
    ['klDivergence', (a, b) => klDivergence(a, b), p, share],
    ['klDivergence of logarithms', (a, b) => klDivergence(a, b, { logTarget: true }), p, t],
    ['binaryCrossEntropy, weighted', (a, w) => binaryCrossEntropy(a, t.abs(), { weight: w }), chance, share],
    [
      'binaryCrossEntropyWithLogits, weighted',
      (a, w) => binaryCrossEntropyWithLogits(a, t.abs(), { positiveWeight: w, weight: 2 }),
      p,
      share,
    ],
  ]
  it.each(cases)('%s', (_, f, a, b) => assertGradients(f, [a, b]))
})

describe('where the prediction is right', () => {
  const zero = values([0, -0])
  it('the slope is 0, also of l1 and smoothL1 with a beta of 0', () => {
    for (const f of [l1, smoothL1, huber, logCosh, (a: Tensor, b: Tensor) => smoothL1(a, b, { beta: 0 })] as Loss[]) {
      expect(slopes((x) => f(x, zeros([2], float64)), zero).map(Math.abs)).toEqual([0, 0])
    }
  })

  it('the curvature is that of the square', () => {
    const target = zeros([2], float64)
    expect(curvatures((x) => smoothL1(x, target, { ...none, beta: 0.25 }), zero)).toEqual([4, 4])
    expect(curvatures((x) => huber(x, target, { ...none, delta: 0.25 }), zero)).toEqual([1, 1])
    expect(curvatures((x) => logCosh(x, target, none), zero)).toEqual([1, 1])
  })
})

describe.each(dtypes)('errors of any size, in %s', (dtype) => {
  const [tiny, huge] = dtype === 'float32' ? [1e-12, 1e30] : [1e-150, 1e300]
  const errors = [0, tiny, 1e-5, 0.3, 0.999, 1.001, 5, 40, 800, huge, inf]
  const x = tensor([...errors, ...errors.map((e) => -e)], { dtype }) as Tensor
  const target = x.isNaN().cast(dtype) as Tensor
  const precision = dtype === 'float32' ? 1e-6 : 1e-14
  const expectNear = (got: readonly number[], wanted: (size: number, sign: number) => number) =>
    got.forEach((y, i) => {
      const [e, sign] = [Math.abs(x.data[i]!), Math.sign(x.data[i]!)]
      const w = wanted(e, sign)
      const isNear = y === w || Math.abs(y - w) <= precision * Math.abs(w)
      expect(isNear, `${y} instead of ${w} at ${x.data[i]}`).toBe(true)
    })
  const ways: readonly (readonly [string, <F extends (x: Tensor) => Tensor>(f: F) => F])[] = [
    ['eagerly', (f) => f],
    ['compiled', (f) => compile(f as never) as unknown as typeof f],
  ]

  it.each(ways)('logCosh and its slope have all their digits, %s', (_, wrap) => {
    const half = (e: number) => Math.sinh(e / 2)
    expectNear(list(wrap((y: Tensor) => logCosh(y, target, none))(x)), (e) =>
      e < 1 ? Math.log1p(2 * half(e) ** 2) : e - Math.LN2 + Math.log1p(Math.exp(-2 * e)),
    )
    const slope = wrap((y: Tensor) => grad((z: Tensor) => logCosh(z, target).mul(x.shape[0]!))(y) as Tensor)
    expectNear(list(slope(x)), (e, sign) => sign * Math.tanh(e))
  })

  it.each(ways)('huber and smoothL1 as well, %s', (_, wrap) => {
    expectNear(list(wrap((y: Tensor) => huber(y, target, { ...none, delta: 2 }))(x)), (e) =>
      e <= 2 ? (e * e) / 2 : 2 * (e - 1),
    )
    expectNear(list(wrap((y: Tensor) => smoothL1(y, target, { ...none, beta: 2 }))(x)), (e) =>
      e < 2 ? (e / 2) * (e / 2) : e - 1,
    )
    for (const f of [l1, huber, smoothL1] as Loss[]) {
      const bound = (e: number) => (f === l1 ? Math.min(e * inf || 0, 1) : Math.min(e, 1))
      expectNear(
        slopes((y) => f(y, target).mul(x.shape[0]!), x),
        (e, sign) => sign * bound(e),
      )
    }
  })
})

describe('poissonNll', () => {
  it('of infinite rates and their logarithms: no difference of infinities', () => {
    const counts = values([0, 2, 0, 2])
    expect(list(poissonNll(values([-inf, -inf, inf, inf]), counts, none))).toEqual([0, inf, inf, inf])
    const rates = { ...none, logInput: false, epsilon: 0 }
    expect(list(poissonNll(values([0, 0, inf, inf]), counts, rates))).toEqual([0, inf, inf, inf])
    expect(slopes((x) => poissonNll(x, counts, none), values([-inf, -inf, 0, 0]))).toEqual([0, -2, 1, -1])
    expect(slopes((x) => poissonNll(x, counts, rates), values([0, 1, 2, 4]))).toEqual([1, -1, 1, 0.5])
  })

  it('refuses an epsilon that would not be used, and rates below 0', () => {
    const [x, t] = [values([1, -2]), values([1, 1])]
    expect(() => poissonNll(x, t, { epsilon: 1e-3 })).toThrow(
      new OptionError(
        'poissonNll: epsilon is added to rates, and the input is their logarithm; pass logInput: false with rates, or leave ' +
          'it out.',
      ),
    )
    expect(() => poissonNll(x, t, { logInput: false })).toThrow(
      new OptionError(
        'poissonNll: rates hold -2 at [1], which is below 0; pass logarithms of rates with logInput: true.',
      ),
    )
  })
})

describe('gaussianNll', () => {
  it('has a variance of no less than epsilon, and no slope by it below', () => {
    const [mean, target] = [values([1, 1]), values([1, 1.5])]
    const loss = (v: Tensor) => gaussianNll(mean, target, v, { ...none, epsilon: 0.5 })
    expect(list(loss(values([0, 0.1])))).toEqual([Math.log(0.5) / 2, (Math.log(0.5) + 0.5) / 2])
    expect(slopes(loss, values([0, 0.1]))).toEqual([0, 0])
    expect(slopes(loss, values([0.5, 0.5]))).toEqual([1, 0.5])
  })

  it('is exact where a squared error would be out of range', () => {
    const far = gaussianNll(values([1e200]), values([0]), values([1e300]), { reduction: 'sum' })
    expect(far.item() / 5e99).toBeCloseTo(1, 12)
  })

  it('refuses variances below 0 and of another shape', () => {
    const x = zeros([2, 3]) as Tensor
    expect(() => gaussianNll(x, x, zeros([2]))).toThrow(
      new ShapeError(
        'gaussianNll: variances [2] do not fit means [2, 3]; give each its own, or each row one with a last axis of 1: use ' +
          'reshape, expandDims or broadcastTo.',
      ),
    )
    expect(() => gaussianNll(x, x, x.sub(1))).toThrow(
      'gaussianNll: variances hold -1 at [0, 0], which is below 0; pass the exponential',
    )
  })
})

describe('klDivergence', () => {
  it('is the mean divergence of rows unless a reduction is given', () => {
    const logQ = values([
      [0.5, 0.5],
      [0.25, 0.75],
    ]).log()
    const p = values([
      [0.5, 0.5],
      [1, 0],
    ])
    expect(klDivergence(logQ as Tensor, p).item()).toBeCloseTo(Math.log(4) / 2, 14)
    expect(() => klDivergence(tensor(-1) as Tensor, tensor(0.5) as Tensor)).toThrow(
      "a scalar has no axis of examples for the reduction 'batchMean'; use 'sum', 'mean' or 'none'.",
    )
  })

  it('what cannot be and is not costs 0 without a slope, what cannot be and is costs Infinity', () => {
    const logQ = values([-inf, -1, -inf])
    expect(list(klDivergence(logQ, values([0, 0, 0.5]), none))).toEqual([0, 0, inf])
    expect(slopes((x) => klDivergence(x, values([0, 0, 0.5]), { reduction: 'sum' }), logQ).map(Math.abs)).toEqual([
      0, 0, 0.5,
    ])
    const byLogs = { ...none, logTarget: true } as const
    expect(list(klDivergence(logQ, values([-inf, -inf, -1]), byLogs))).toEqual([0, 0, inf])
    expect(slopes((x) => klDivergence(values([-inf, -1]), x, byLogs), values([-inf, -inf]))).toEqual([0, 0])
  })

  it('refuses targets that are no probabilities', () => {
    expect(() => klDivergence(values([-1]), values([-1]))).toThrow(
      new OptionError(
        'klDivergence: targets hold -1 at [0], which is no probability; targets lie between 0 and 1. Pass logTarget: true ' +
          'for log-probabilities.',
      ),
    )
  })
})

describe('weights of the binary cross entropies', () => {
  const z = values([
    [inf, -inf],
    [3, -2],
  ])
  const t = values([
    [1, 0],
    [1, 1],
  ])

  it('a weight of 0 leaves out what would cost Infinity', () => {
    const weight = values([
      [0, 0],
      [1, 2],
    ])
    const loss = (x: Tensor) =>
      binaryCrossEntropyWithLogits(x, t.mul(-1).add(1) as Tensor, { weight, reduction: 'sum' })
    expect(loss(z).item()).toBeCloseTo(Math.log1p(Math.exp(3)) + 2 * Math.log1p(Math.exp(-2)), 13)
    expect(slopes(loss, z).slice(0, 2).map(Math.abs)).toEqual([0, 0])
    const positiveWeight = 0
    const inverse = values([
      [-inf, -inf],
      [-inf, -inf],
    ])
    expect(binaryCrossEntropyWithLogits(inverse, t, { positiveWeight }).item()).toBe(0)
  })

  it('has the shape of the predictions or of their last axes', () => {
    const p = zeros([4, 2]) as Tensor
    for (const weight of [1, tensor(1), zeros([2]), p]) binaryCrossEntropy(p, p, { weight, positiveWeight: weight })
    expect(() => binaryCrossEntropyWithLogits(p, p, { positiveWeight: zeros([4]) })).toThrow(
      new ShapeError(
        'binaryCrossEntropyWithLogits: positiveWeight [4] does not fit predictions [4, 2]; give it their shape or that of ' +
          'their last axes: use reshape or broadcastTo.',
      ),
    )
    expect(() => binaryCrossEntropy(p, p, { weight: zeros([4, 1]) })).toThrow('weight [4, 1] does not fit')
  })
})

it('options out of range are refused by name', () => {
  const x = values([1])
  expect(() => smoothL1(x, x, { beta: -1 })).toThrow('smoothL1: beta is -1; use a number of at least 0.')
  expect(() => huber(x, x, { delta: 0 })).toThrow('huber: delta is 0; use a positive number.')
  expect(() => gaussianNll(x, x, x, { epsilon: 0 })).toThrow('gaussianNll: epsilon is 0; use a positive number.')
  expect(() => l1(x, zeros([2]) as Tensor)).toThrow('l1: predictions [1] and targets [2] need one shape')
})
