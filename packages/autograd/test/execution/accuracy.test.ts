import { describe, expect, test } from 'vitest'
import { javascript } from '../../src/execution/javascript/index.js'
import type { DType } from '../../src/graph/dtype.js'
import { type Shape, sizeOf } from '../../src/graph/shape.js'
import { denseValue, type Value } from '../../src/graph/value.js'
import { elementsOf, runOn, value } from './values.js'

const sum = (x: Value, ...axes: number[]): number[] => {
  const shape = x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
  return elementsOf(runOn(javascript, { kind: 'reduce', by: 'add', axes }, [x], { shape, dtype: x.dtype })!)
}
/** Whole numbers without a pattern, from -8 to 8. */
const whole = (shape: Shape, dtype: DType = 'float64'): Value =>
  value(
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => (((i * 7919 + 13) % 1009) % 17) - 8),
    dtype,
  )
const transpose = (x: Value): Value => ({ ...x, shape: x.shape.toReversed(), strides: x.strides.toReversed() })

describe('sums', () => {
  test('of 2^24 ones in float32 are exact along any axis', () => {
    const ones = denseValue(new Float32Array(2 ** 24).fill(1), [2 ** 20, 16], 'float32')
    expect(sum(ones, 0, 1)).toEqual([2 ** 24])
    expect(sum(ones, 0)).toEqual(new Array(16).fill(2 ** 20))
    expect(sum({ ...ones, shape: [2 ** 24], strides: [0] }, 0)).toEqual([2 ** 24])
  })
  test('in float32 lose nothing to cancellation', () => {
    expect(sum(value([3], [1e8, 1, -1e8]), 0)).toEqual([1])
    const rows = value([3, 20], [...new Array(20).fill(1e8), ...new Array(20).fill(1), ...new Array(20).fill(-1e8)])
    expect(sum(rows, 0)).toEqual(new Array(20).fill(1))
  })
  test('of many rows in float64 stay near the last place', () => {
    const length = 300_000
    const tenths = value([length, 20], new Array(length * 20).fill(0.1), 'float64')
    const exact = 0.1 * length
    for (const total of sum(tenths, 0)) expect(Math.abs(total / exact - 1)).toBeLessThan(5e-14)
    expect(Math.abs(sum(tenths, 0, 1)[0]! / (exact * 20) - 1)).toBeLessThan(2e-15)
  })
  test('of many rows in float64 keep what large sums that cancel would swallow', () => {
    const block = new Array(2048 * 16)
    const rows = [...block.fill(2 ** 53), ...block.fill(1), ...block.fill(-(2 ** 53))]
    expect(sum(value([3 * 2048, 16], rows, 'float64'), 0)).toEqual(new Array(16).fill(2048))
  })
  test('of long lines and many rows, dense and strided, are those of whole numbers', () => {
    const x = whole([1500, 30])
    const column = (j: number) => elementsOf(x).reduce((total, e, i) => (i % 30 === j ? total + e : total), 0)
    const columns = Array.from({ length: 30 }, (_, j) => column(j))
    expect(sum(x, 0)).toEqual(columns)
    expect(sum(transpose(x), 1)).toEqual(columns)
    const backwards: Value = { ...x, strides: [-30, 1], offset: 1499 * 30 }
    expect(sum(backwards, 0)).toEqual(columns)
    expect(sum(transpose(x), 0)).toEqual(sum(x, 1))
    const spread: Value = { ...whole([1500, 30, 2]), shape: [1500, 30], strides: [60, 2] }
    const dense = value([1500, 30], elementsOf(spread), 'float64')
    for (const axes of [[0], [1], [0, 1]]) expect(sum(spread, ...axes)).toEqual(sum(dense, ...axes))
  })
})

test('products of integers wrap exactly, along lines and rows', () => {
  const odd = value(
    [20, 20],
    Array.from({ length: 400 }, (_, i) => 2 * i + 40001),
    'int32',
  )
  const expected = Array.from({ length: 20 }, (_, i) =>
    Number(
      BigInt.asIntN(
        32,
        elementsOf(odd)
          .slice(20 * i, 20 * i + 20)
          .reduce((a, e) => a * BigInt(e), 1n),
      ),
    ),
  )
  const product = (x: Value, axis: number, shape: Shape): number[] =>
    elementsOf(runOn(javascript, { kind: 'reduce', by: 'mul', axes: [axis] }, [x], { shape, dtype: 'int32' })!)
  expect(product(odd, 1, [20, 1])).toEqual(expected)
  expect(product(value([20, 20], elementsOf(transpose(odd)), 'int32'), 0, [1, 20])).toEqual(expected)
  expect(product(transpose(odd), 0, [1, 20])).toEqual(expected)
})

describe('matrix products', () => {
  /** As integers, the plain way. */
  const product = (a: Value, b: Value): number[] => {
    const [m, k] = a.shape as [number, number]
    const n = b.shape[1]!
    const [x, y] = [elementsOf(a), elementsOf(b)]
    const out = new Array<number>(m * n).fill(0)
    for (let i = 0; i < m; i++) {
      for (let l = 0; l < k; l++) for (let j = 0; j < n; j++) out[i * n + j]! += x[i * k + l]! * y[l * n + j]!
    }
    return out
  }
  const multiply = (a: Value, b: Value): number[] =>
    elementsOf(
      runOn(javascript, { kind: 'contract', by: 'mul' }, [a, b], {
        shape: [a.shape[0]!, b.shape[1]!],
        dtype: a.dtype,
      })!,
    )

  test.each([
    [67, 131, 45],
    [1, 300, 50],
    [50, 300, 1],
    [3, 61, 130],
    [130, 61, 2],
    [9, 500, 7],
    [64, 64, 64],
  ])('of whole numbers are exact: %i x %i x %i, in every dtype and orientation', (m, k, n) => {
    for (const dtype of ['float32', 'float64', 'int32'] as const) {
      const a = whole([m, k], dtype)
      const b = whole([k, n], dtype)
      const expected = product(a, b)
      const aFlipped = transpose(value([k, m], elementsOf(transpose(a)), dtype))
      const bFlipped = transpose(value([n, k], elementsOf(transpose(b)), dtype))
      for (const left of [a, aFlipped])
        for (const right of [b, bFlipped]) expect(multiply(left, right)).toEqual(expected)
    }
  })

  test('share one right factor among a batch', () => {
    const a = whole([6, 20, 30], 'float32')
    const b = whole([30, 10], 'float32')
    const repeated: Value = { ...b, shape: [6, 30, 10], strides: [0, 10, 1] }
    const out = { shape: [6, 20, 10], dtype: 'float32' } as const
    const expected = product({ ...a, shape: [120, 30], strides: [30, 1] }, b)
    expect(elementsOf(runOn(javascript, { kind: 'contract', by: 'mul' }, [a, repeated], out)!)).toEqual(expected)
    const uneven: Value = { ...whole([6, 20, 40], 'float32'), shape: [6, 20, 30] }
    const rows = value([120, 30], elementsOf(uneven), 'float32')
    expect(elementsOf(runOn(javascript, { kind: 'contract', by: 'mul' }, [uneven, repeated], out)!)).toEqual(
      product(rows, b),
    )
    const gapped: Value = { ...whole([12, 20, 30], 'float32'), shape: [6, 20, 30], strides: [1200, 30, 1] }
    const kept = value([120, 30], elementsOf(gapped), 'float32')
    expect(elementsOf(runOn(javascript, { kind: 'contract', by: 'mul' }, [gapped, repeated], out)!)).toEqual(
      product(kept, b),
    )
  })

  test('keep NaN and infinities in their own rows and columns', () => {
    const a = value([5, 40], new Array(200).fill(1))
    const b = value([40, 6], new Array(240).fill(1))
    a.data[0] = NaN
    b.data[0] = Infinity
    const result = multiply(a, b)
    for (let i = 0; i < 5; i++) {
      for (let j = 0; j < 6; j++) expect(result[i * 6 + j]).toBe(i === 0 ? NaN : j === 0 ? Infinity : 40)
    }
  })
})
