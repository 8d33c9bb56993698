import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defineCopy } from '../../../../src/execution/wasm/movement/copy.js'
import type { DType } from '../../../../src/graph/dtype.js'
import { denseData, type Value } from '../../../../src/graph/value.js'
import { bytesOf, cases, dtypes, sameBytes, shapes, valuesOf } from '../../values.js'
import { numbered, permuted, runKernel, windowed } from '../harness.js'

const copy = (x: Value) => runKernel((target, [input], out) => defineCopy(target, input!, out), [x], x)
const expectCopy = (x: Value) => {
  expect(sameBytes(bytesOf(copy(x)!.result.data), bytesOf(denseData(x)))).toBe(true)
}

const wide = fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 6, max: 30 })), { maxLength: 3 })
const all: readonly DType[] = ['float32', 'float64', 'int32', 'bool']

describe('copies', () => {
  test('of any window are dense', () => {
    const windows = fc.tuple(fc.oneof(shapes(5), wide), dtypes).chain(([shape, dtype]) => valuesOf(shape, dtype))
    fc.assert(fc.property(windows, expectCopy), cases(600))
  })

  test.each(all)('of permuted %s, in whole blocks and with edges', (dtype) => {
    for (const shape of [
      [16, 16],
      [4, 4],
      [5, 23],
      [33, 18],
      [37, 6],
      [3, 50],
      [64, 2],
    ]) {
      const x = numbered(shape, dtype)
      expectCopy(permuted(x, [1, 0]))
      expectCopy({ ...permuted(x, [1, 0]), strides: [1, -shape[1]!], offset: (shape[0]! - 1) * shape[1]! })
    }
    for (const axes of [
      [0, 2, 1],
      [2, 0, 1],
      [1, 2, 0],
      [2, 1, 0],
    ]) {
      expectCopy(permuted(numbered([5, 6, 19], dtype), axes))
    }
  })

  test.each(all)('of %s windows, in the order of pooling and of convolution', (dtype) => {
    for (const [size, stride] of [
      [2, 2],
      [3, 1],
      [3, 2],
      [5, 1],
    ] as const) {
      for (const width of [8, 13, 30]) {
        const windows = windowed(numbered([2, 3, 9, width], dtype), size, stride)
        expectCopy(windows)
        expectCopy(permuted(windows, [0, 1, 4, 5, 2, 3]))
        expectCopy(permuted(windows, [1, 4, 5, 0, 2, 3]))
      }
    }
  })

  test.each(all)('of %s runs of any length and step', (dtype) => {
    for (const length of [1, 2, 3, 5, 7, 15, 16, 17, 31, 33, 64, 100, 255, 257, 600, 1025, 3000]) {
      const x = numbered([3, 2 * length], dtype)
      for (const [step, offset] of [
        [1, 0],
        [2, 0],
        [-1, length],
        [-2, 2 * length - 1],
        [0, 1],
      ] as const) {
        expectCopy({ ...x, shape: [3, length], strides: [2 * length, step], offset })
      }
    }
  })

  test.each(all)('of one %s everywhere, zero or not', (dtype) => {
    for (const element of [0, 1, -0, -3]) {
      const x = numbered([1], dtype)
      x.data[0] = element
      expectCopy({ ...x, shape: [40, 50], strides: [0, 0] })
    }
  })

  test('keep every bit', () => {
    const bits = new Uint32Array([0x7f800001, 0xffc12345, 0x80000000, 0x7fa00000, 1, 0xff800001, 0x7ff00000, 2, 3])
    const x = { ...numbered([9]), data: new Float32Array(bits.buffer) }
    for (const count of [1, 2, 3, 9]) {
      const { data } = copy({ ...x, shape: [count] })!.result
      expect([...new Uint32Array(data.buffer)]).toEqual([...bits.slice(0, count)])
    }
  })

  test('into another dtype are left to others', () => {
    const x = numbered([3])
    const define = (target: any, [input]: any, out: any) => defineCopy(target, input, out)
    expect(runKernel(define, [x], { shape: [3], dtype: 'float64' })).toBe(null)
  })
})
