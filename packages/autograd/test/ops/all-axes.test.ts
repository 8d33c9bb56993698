import * as a from '@adjoint/autograd'
import { type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'

type Reduction = (x: Tensor, axis?: null, options?: { keepDims?: boolean }) => Tensor

const x = tensor(
  [
    [0.5, -1, 2],
    [3, 0.25, -4],
  ],
  { dtype: 'float64' },
) as Tensor
const reductions: Readonly<Record<string, Reduction>> = {
  sum: a.sum,
  mean: a.mean,
  prod: a.prod,
  max: a.max,
  min: a.min,
  all: a.all,
  any: a.any,
  argmax: a.argmax,
  argmin: a.argmin,
  variance: a.variance,
  standardDeviation: a.standardDeviation,
  norm: a.norm,
  logSumExp: a.logSumExp,
  nanSum: a.nanSum,
  nanMean: a.nanMean,
  countNonzero: a.countNonzero,
  median: a.median,
  quantile: (x, axis, options) => a.quantile(x, 0.3, axis, options) as Tensor,
}

describe('null says all axes, as it does when none is given', () => {
  test.each(Object.entries(reductions))('%s', (_, reduce) => {
    expect([reduce(x, null).shape, reduce(x, null).data]).toEqual([[], reduce(x).data])
    const kept = reduce(x, null, { keepDims: true })
    expect([kept.shape, kept.data]).toEqual([[1, 1], reduce(x).data])
  })

  test('as a method, and what needs one axis names the remedy', () => {
    expect(x.sum(null).item()).toBe(0.75)
    expect(() => x.softmax(null as never)).toThrow('axis is null; use an integer')
  })
})
