import { describe, expect, test } from 'vitest'
import type { Value } from '../../../src/graph/value.js'
import { value } from '../values.js'

/** How accurate sums are, whichever kernels make them. @param ones 2^24 of them, [2^20, 16] */
export const describeSums = (
  title: string,
  fold: (by: 'add', operand: Value, ...axes: number[]) => readonly number[] | null,
  ones: () => Value,
) =>
  describe(title, () => {
    test('of 2^24 ones in float32 are exact along any axis', () => {
      expect(fold('add', ones(), 0, 1)).toEqual([2 ** 24])
      expect(fold('add', ones(), 0)).toEqual(new Array(16).fill(2 ** 20))
    })
    test('in float32 lose nothing to cancellation', () => {
      expect(fold('add', value([3], [1e8, 1, -1e8]), 0)).toEqual([1])
      const rows = value([3, 20], [...new Array(20).fill(1e8), ...new Array(20).fill(1), ...new Array(20).fill(-1e8)])
      expect(fold('add', rows, 0)).toEqual(new Array(20).fill(1))
    })
    test('in float64 keep what large sums that cancel would swallow', () => {
      const block = 2048
      const line = [
        ...new Array(block).fill(2 ** 53),
        ...new Array(block).fill(1),
        ...new Array(block).fill(-(2 ** 53)),
      ]
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
