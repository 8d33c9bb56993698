import { describe, expect, test } from 'vitest'
import { reference } from '../../src/execution/reference/index.js'
import type { DType } from '../../src/graph/dtype.js'
import { IndexOutOfRangeError } from '../../src/graph/errors.js'
import type { Kernel } from '../../src/graph/kernel.js'
import type { Shape } from '../../src/graph/shape.js'
import type { Value } from '../../src/graph/value.js'
import type { Expression } from '../../src/rules/expression.js'
import { constant, input, symbols } from '../../src/rules/symbols.js'
import { elementsOf, runOn, value } from './values.js'

const run = (kernel: Kernel, inputs: readonly Value[], shape: Shape, dtype: DType = inputs[0]!.dtype): number[] => {
  const result = runOn(reference, kernel, inputs, { shape, dtype })!
  expect({ shape: result.shape, dtype: result.dtype }).toEqual({ shape, dtype })
  return elementsOf(result)
}
const map = (expression: Expression, arity = 1): Kernel => ({ kind: 'map', expression, arity })
const forward = (source: number | null) => ({ source, start: 0, step: 1 })

const matrix = value([2, 3], [1, 2, 3, 4, 5, 6])
const transposed: Value = { ...matrix, shape: [3, 2], strides: [1, 3] }

describe('map', () => {
  const square = map(symbols.mul(input(0), input(0)))
  test('computes each element at its own place, whatever the strides', () => {
    expect(run(square, [transposed], [3, 2])).toEqual([1, 16, 4, 25, 9, 36])
    expect(run(map(symbols.sub(input(0), input(1)), 2), [matrix, value([2, 3], [1, 1, 1, 2, 2, 2])], [2, 3])).toEqual([
      0, 1, 2, 2, 3, 4,
    ])
    expect(run(square, [value([], [-3])], [])).toEqual([9])
    expect(run(square, [value([0, 3], [])], [0, 3])).toEqual([])
    expect(run(map(constant(7), 0), [], [2], 'int32')).toEqual([7, 7])
  })
  test('computes in float64 and rounds the result only', () => {
    const x = value([1], [2 ** 24])
    expect(run(map(symbols.sub(symbols.add(input(0), constant(1)), input(0))), [x], [1])).toEqual([1])
    expect(run(map(symbols.add(input(0), constant(1))), [x], [1])).toEqual([2 ** 24])
  })
  test('stores integers by wrapping and truncating, truth values as 0 and 1', () => {
    const odd = value([6], [2.7, -2.7, 2 ** 31, NaN, Infinity, -0], 'float64')
    expect(run(map(input(0)), [odd], [6], 'int32')).toEqual([2, -2, -(2 ** 31), 0, 0, 0])
    expect(run(map(input(0)), [odd], [6], 'bool')).toEqual([1, 1, 1, 1, 1, 0])
  })
})

describe('reduce', () => {
  const by = (monoid: 'add' | 'mul' | 'max' | 'min', ...axes: number[]): Kernel => ({
    kind: 'reduce',
    by: monoid,
    axes,
  })
  test('folds over the axes and keeps them with size 1', () => {
    expect(run(by('add', 0), [matrix], [1, 3])).toEqual([5, 7, 9])
    expect(run(by('add', 1), [matrix], [2, 1])).toEqual([6, 15])
    expect(run(by('mul', 0, 1), [matrix], [1, 1])).toEqual([720])
    expect(run(by('max', 1), [transposed], [3, 1])).toEqual([4, 5, 6])
    expect(run(by('min', 0), [transposed], [1, 2])).toEqual([1, 4])
    expect(run(by('add'), [matrix], [2, 3])).toEqual([1, 2, 3, 4, 5, 6])
  })
  test('gives 0 and 1 for empty sums and products', () => {
    expect(run(by('add', 0), [value([0, 2], [])], [1, 2])).toEqual([0, 0])
    expect(run(by('mul', 0), [value([0, 2], [])], [1, 2])).toEqual([1, 1])
  })
  test('sums to the last bit', () => {
    expect(run(by('add', 0), [value([4], [1e16, 1, 1, -1e16], 'float64')], [1])).toEqual([2])
    expect(run(by('add', 0), [value([3], [1, 1e100, -1e100], 'float64')], [1])).toEqual([1])
  })
  test('lets NaN and infinities through', () => {
    const rows = value([3, 2], [1, NaN, Infinity, 2, Infinity, -Infinity])
    expect(run(by('add', 1), [rows], [3, 1])).toEqual([NaN, Infinity, NaN])
    expect(run(by('max', 1), [rows], [3, 1])).toEqual([NaN, Infinity, Infinity])
    expect(run(by('min', 1), [rows], [3, 1])).toEqual([NaN, 2, -Infinity])
  })
  test('wraps integer products exactly', () => {
    expect(run(by('mul', 0), [value([4], [65537, 65537, 3, 5], 'int32')], [1])).toEqual([
      Number(BigInt.asIntN(32, 65537n ** 2n * 15n)),
    ])
  })
})

test('argReduce finds the first extreme, and NaN is one', () => {
  const rows = value([4, 3], [1, 3, 3, -1, -1, 5, 2, NaN, NaN, -Infinity, -Infinity, -Infinity])
  expect(run({ kind: 'argReduce', by: 'max', axis: 1 }, [rows], [4, 1], 'int32')).toEqual([1, 2, 1, 0])
  expect(run({ kind: 'argReduce', by: 'min', axis: 1 }, [rows], [4, 1], 'int32')).toEqual([0, 0, 1, 0])
  expect(run({ kind: 'argReduce', by: 'max', axis: 0 }, [matrix], [1, 3], 'int32')).toEqual([1, 1, 1])
})

test('contract multiplies matrices batch by batch', () => {
  expect(run({ kind: 'contract', by: 'mul' }, [matrix, transposed], [2, 2])).toEqual([14, 32, 32, 77])
  const repeated: Value = { ...matrix, shape: [2, 2, 3], strides: [0, 3, 1] }
  const columns = value([2, 3, 1], [1, 0, 0, 0, 1, -1])
  expect(run({ kind: 'contract', by: 'mul' }, [repeated, columns], [2, 2, 1])).toEqual([1, 4, -1, -1])
  expect(run({ kind: 'contract', by: 'mul' }, [value([2, 0], []), value([0, 1], [])], [2, 1])).toEqual([0, 0])
})

describe('layout', () => {
  test('permutes, slices, flips, repeats, inserts and drops axes', () => {
    expect(run({ kind: 'layout', axes: [forward(1), forward(0)] }, [matrix], [3, 2])).toEqual([1, 4, 2, 5, 3, 6])
    const corner: Kernel = { kind: 'layout', axes: [forward(0), { source: 1, start: 2, step: -2 }] }
    expect(run(corner, [matrix], [2, 2])).toEqual([3, 1, 6, 4])
    const repeated: Kernel = { kind: 'layout', axes: [forward(null), forward(1)], fixed: [1, 0] }
    expect(run(repeated, [matrix], [2, 3])).toEqual([4, 5, 6, 4, 5, 6])
    expect(run({ kind: 'layout', axes: [forward(0)] }, [matrix], [2])).toEqual([1, 4])
  })
})

test('reshape keeps the row-major order', () => {
  expect(run({ kind: 'reshape' }, [transposed], [6])).toEqual([1, 4, 2, 5, 3, 6])
  expect(run({ kind: 'reshape' }, [transposed], [2, 1, 3])).toEqual([1, 4, 2, 5, 3, 6])
})

test('assemble lays inputs into a filled result', () => {
  const joined: Kernel = {
    kind: 'assemble',
    fill: 9,
    starts: [
      [0, 1],
      [2, 0],
    ],
    steps: [
      [1, 2],
      [1, 3],
    ],
  }
  expect(run(joined, [value([2, 2], [1, 2, 3, 4]), value([1, 2], [5, 6])], [3, 4])).toEqual([
    9, 1, 9, 2, 9, 3, 9, 4, 5, 9, 9, 6,
  ])
  const over: Kernel = {
    kind: 'assemble',
    fill: 0,
    starts: [[0], [1]],
    steps: [[1], [2]],
  }
  expect(run(over, [value([4], [1, 2, 3, 4]), value([2], [5, 6])], [4])).toEqual([1, 5, 3, 6])
  const backwards: Kernel = { kind: 'assemble', fill: 0, starts: [[3]], steps: [[-1]] }
  expect(run(backwards, [value([3], [1, 2, 3])], [4])).toEqual([0, 3, 2, 1])
})

describe('gather and scatter', () => {
  const take = { op: 'take', mode: 'take', axis: 1 } as const
  const along = { op: 'takeAlongAxis', mode: 'along', axis: 1 } as const
  const picks = value([2, 2], [0, -1, 2, 0], 'int32')
  test('take replaces the axis by those of the indices', () => {
    expect(run({ kind: 'gather', ...take }, [matrix, picks], [2, 2, 2])).toEqual([1, 3, 3, 1, 4, 6, 6, 4])
    expect(run({ kind: 'gather', ...take, axis: 0 }, [matrix, value([], [-1], 'int32')], [3])).toEqual([4, 5, 6])
  })
  test('along picks from each line', () => {
    expect(run({ kind: 'gather', ...along }, [matrix, picks], [2, 2])).toEqual([1, 3, 6, 4])
  })
  test('scatter adds to the places read, also where one is read more than once', () => {
    const source = value([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8])
    const add = { kind: 'scatter', by: 'add' } as const
    expect(run({ ...add, ...take }, [matrix, picks, source], [2, 3])).toEqual([6, 2, 8, 17, 5, 19])
    const ones = value([2, 2], [10, 20, 30, 40])
    expect(run({ ...add, ...along }, [matrix, picks, ones], [2, 3])).toEqual([11, 2, 23, 44, 5, 36])
  })
  test('scatter writes to the places read, and the last to one that is read more than once', () => {
    const source = value([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8])
    const set = { kind: 'scatter', by: 'set' } as const
    expect(run({ ...set, ...take }, [matrix, picks, source], [2, 3])).toEqual([4, 2, 3, 8, 5, 7])
    const few = value([2, 2], [10, 20, 30, 40])
    expect(run({ ...set, ...along }, [matrix, picks, few], [2, 3])).toEqual([10, 2, 20, 40, 5, 30])
  })
  test('an index out of range is named with its place, the axis and what is allowed', () => {
    const wrong = value([2, 2], [0, 1, -4, 2], 'int32')
    const message =
      'takeAlongAxis: index -4, at [1, 0] of the indices, is out of range for axis 1 of size 3: use integers from -3 to 2.'
    for (const kind of [{ kind: 'gather' }, { kind: 'scatter', by: 'add' }, { kind: 'scatter', by: 'set' }] as const) {
      const attempt = () => run({ ...kind, ...along }, [matrix, wrong, value([2, 2], [1, 1, 1, 1])], [2, 2])
      expect(attempt).toThrow(IndexOutOfRangeError)
    }
    expect(() => run({ kind: 'gather', ...along }, [matrix, wrong], [2, 2])).toThrow(message)
    const scalar = () => run({ kind: 'gather', ...take }, [matrix, value([], [3], 'int32')], [2])
    expect(scalar).toThrow('take: index 3 is out of range for axis 1 of size 3')
    const nothing = () => run({ kind: 'gather', ...take }, [value([2, 0], []), value([1], [0], 'int32')], [2, 1])
    expect(nothing).toThrow('has no elements')
  })
})
