import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../../../src/execution/reference/index.js'
import { createReduce } from '../../../src/execution/wasm/reduce/index.js'
import { createRuntime } from '../../../src/execution/wasm/runtime.js'
import { allocate, type DType } from '../../../src/graph/dtype.js'
import type { Monoid } from '../../../src/graph/kernel.js'
import { type Shape, sizeOf } from '../../../src/graph/shape.js'
import { denseValue, type Value } from '../../../src/graph/value.js'
import { reduces } from '../cases.js'
import { cases, elementsOf, value } from '../values.js'

const run = createReduce(createRuntime(false), true)
const fold = (by: Monoid, x: Value, ...axes: number[]): number[] | null => {
  const shape = x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
  const result = run({ kind: 'reduce', by, axes }, [x], { shape, dtype: x.dtype })
  return result && elementsOf(result)
}
const byReference = (by: Monoid, x: Value, ...axes: number[]): number[] => {
  const shape = x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
  return elementsOf(reference.run({ kind: 'reduce', by, axes }, [x], { shape, dtype: x.dtype })!)
}
/** Whole numbers without a pattern, from -8 to 8. */
const whole = (shape: Shape, dtype: DType): Value => {
  const data = allocate(dtype, sizeOf(shape))
  for (let i = 0; i < data.length; i++) data[i] = (((i * 7919 + 13) % 1009) % 17) - 8
  return denseValue(data, shape, dtype)
}
const transpose = (x: Value): Value => ({ ...x, shape: x.shape.toReversed(), strides: x.strides.toReversed() })

describe('folds', () => {
  test('agree with the reference backend on any shape, strides and axes, or are left to others', () => {
    let served = 0
    fc.assert(
      fc.property(reduces, ({ kernel, inputs, out }) => {
        const before = inputs.map(({ data }) => data.slice())
        const result = run(kernel as Parameters<typeof run>[0], inputs, out)
        if (result === null) return
        served++
        expect(elementsOf(result)).toEqual(elementsOf(reference.run(kernel, inputs, out)!))
        expect(result.shape).toEqual(out.shape)
        expect(inputs.map(({ data }) => data)).toEqual(before)
      }),
      cases(1000),
    )
    expect(served).toBeGreaterThan(150)
  })

  test.each(['float32', 'float64'] as const)('of dense %s along any axes are all served', (dtype) => {
    for (const shape of [[3000], [7, 300], [300, 7], [45, 67], [5, 9, 41], [2, 3, 4, 35]]) {
      const x = whole(shape, dtype)
      const rank = shape.length
      for (let picks = 1; picks < 1 << rank; picks++) {
        const axes = [...shape.keys()].filter((axis) => (picks >> axis) & 1)
        // axes with others between them, of which the last is kept, do not lie in rows or lines
        const split = axes.some((axis, i) => i > 0 && axes[i - 1] !== axis - 1) && !axes.includes(rank - 1)
        for (const by of ['add', 'max', 'min'] as const) {
          const result = fold(by, x, ...axes)
          if (!(split && result === null)) expect(result).toEqual(byReference(by, x, ...axes))
        }
      }
      expect(fold('mul', x, 0)).toBe(null)
    }
  })

  test('of transposed and backward elements', () => {
    const x = whole([150, 30], 'float32')
    expect(fold('add', transpose(x), 1)).toEqual(byReference('add', x, 0))
    expect(fold('max', transpose(x), 0)).toEqual(byReference('max', x, 1))
    const backwards: Value = { ...x, strides: [-30, 1], offset: 149 * 30 }
    expect(fold('add', backwards, 0)).toEqual(byReference('add', x, 0))
    expect(fold('add', { ...x, shape: [4500], strides: [0] }, 0)).toEqual([x.data[0]! * 4500])
  })

  test('of NaN and infinities', () => {
    for (const dtype of ['float32', 'float64'] as const) {
      for (const [at, odd] of [
        [0, NaN],
        [50, Infinity],
        [99, -Infinity],
      ] as const) {
        const x = whole([100, 3], dtype)
        x.data[at] = odd
        for (const by of ['add', 'max', 'min'] as const) {
          expect(fold(by, x, 0)).toEqual(byReference(by, x, 0))
          expect(fold(by, x, 1)).toEqual(byReference(by, x, 1))
          expect(fold(by, x, 0, 1)).toEqual(byReference(by, x, 0, 1))
        }
      }
    }
  })
})

describe('sums', () => {
  test('of 2^24 ones in float32 are exact along any axis', () => {
    const ones = denseValue(new Float32Array(2 ** 24).fill(1), [2 ** 20, 16], 'float32')
    expect(fold('add', ones, 0, 1)).toEqual([2 ** 24])
    expect(fold('add', ones, 0)).toEqual(new Array(16).fill(2 ** 20))
  })
  test('in float32 lose nothing to cancellation', () => {
    expect(fold('add', value([3], [1e8, 1, -1e8]), 0)).toEqual([1])
    const rows = value([3, 20], [...new Array(20).fill(1e8), ...new Array(20).fill(1), ...new Array(20).fill(-1e8)])
    expect(fold('add', rows, 0)).toEqual(new Array(20).fill(1))
  })
  test('in float64 keep what large sums that cancel would swallow', () => {
    const block = 2048
    const line = [...new Array(block).fill(2 ** 53), ...new Array(block).fill(1), ...new Array(block).fill(-(2 ** 53))]
    expect(fold('add', value([3 * block], line, 'float64'), 0)).toEqual([block])
    const columns = line.flatMap((e) => [e, 2 * e, 3 * e])
    expect(fold('add', value([3 * block, 3], columns, 'float64'), 0)).toEqual([block, 2 * block, 3 * block])
  })
  test('in float64 stay within a few units of the last place', () => {
    const length = 100_000
    const tenths = value([length, 20], new Array(length * 20).fill(0.1), 'float64')
    const exact = 0.1 * length
    for (const total of fold('add', tenths, 0)!) expect(Math.abs(total / exact - 1)).toBeLessThan(2e-14)
    expect(Math.abs(fold('add', tenths, 0, 1)![0]! / (exact * 20) - 1)).toBeLessThan(2e-14)
  })
})
