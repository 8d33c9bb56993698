import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../../../../src/execution/reference/index.js'
import { defineGather } from '../../../../src/execution/wasm/kernels/gather.js'
import { defineScatter } from '../../../../src/execution/wasm/kernels/scatter.js'
import type { Gather, Scatter } from '../../../../src/graph/kernel.js'
import type { Spec, Value } from '../../../../src/graph/value.js'
import { gathers, scatters } from '../../cases.js'
import { cases, elementsOf, value } from '../../values.js'
import { numbered, permuted, runKernel } from './harness.js'

const runGather = (kernel: Gather, inputs: readonly Value[], out: Spec) =>
  runKernel((target, operands, spec) => defineGather(target, kernel, operands, spec), inputs, out)
const runScatter = (kernel: Scatter, inputs: readonly Value[], out: Spec) =>
  runKernel((target, operands, spec) => defineScatter(target, kernel, operands, spec), inputs, out)

const run = (kernel: Gather | Scatter, inputs: readonly Value[], out: Spec) =>
  kernel.kind === 'gather' ? runGather(kernel, inputs, out) : runScatter(kernel, inputs, out)

const expectLikeReference = (kernel: Gather | Scatter, inputs: readonly Value[], out: Spec) => {
  const { result, code } = run(kernel, inputs, out)!
  expect(code).toBe(0)
  expect(elementsOf(result)).toEqual(elementsOf(reference.run(kernel, inputs, out)!))
}

const int32 = (shape: readonly number[], elements: readonly number[]) => value(shape, elements, 'int32')
const indicesBelow = (dim: number, shape: readonly number[]): Value => {
  const x = numbered(shape, 'int32')
  for (let i = 0; i < x.data.length; i++) x.data[i] = ((i * 7919 + 3) % (2 * dim)) - dim
  return x
}
const take = (axis: number): Gather => ({ kind: 'gather', op: 'take', mode: 'take', axis })
const along = (axis: number): Gather => ({ kind: 'gather', op: 'gather', mode: 'along', axis })
const adjoint = (kernel: Gather): Scatter => ({ ...kernel, kind: 'scatter' })
const zeros = (shape: readonly number[], dtype: Value['dtype'] = 'float32'): Value => ({
  ...value([1], [0], dtype),
  shape,
  strides: shape.map(() => 0),
})

describe('gathers', () => {
  test('agree with the reference backend', () => {
    fc.assert(
      fc.property(gathers, ({ kernel, inputs, out }) => expectLikeReference(kernel as Gather, inputs, out)),
      cases(500),
    )
  })

  test('look up rows of any length', () => {
    for (const length of [1, 3, 4, 17, 64, 130, 300]) {
      for (const dtype of ['float32', 'float64', 'int32', 'bool'] as const) {
        const table = numbered([11, length], dtype)
        expectLikeReference(take(0), [table, indicesBelow(11, [4, 5])], { shape: [4, 5, length], dtype })
        const turned = permuted(numbered([length, 11], dtype), [1, 0])
        expectLikeReference(take(0), [turned, indicesBelow(11, [9])], { shape: [9, length], dtype })
      }
    }
  })

  test('pick along an axis, with the same index for a whole row too', () => {
    const x = numbered([6, 5, 40])
    const indices = indicesBelow(5, [6, 2, 1])
    const broadcast = { ...indices, shape: [6, 2, 40], strides: [2, 1, 0] }
    expectLikeReference(along(1), [x, broadcast], { shape: [6, 2, 40], dtype: 'float32' })
    expectLikeReference(along(2), [x, indicesBelow(40, [6, 5, 3])], { shape: [6, 5, 3], dtype: 'float32' })
  })

  test.each([
    [4, 4],
    [4, -5],
    [4, 2 ** 31 - 1],
    [4, -(2 ** 31)],
    [0, 0],
    [0, -1],
  ])('from an axis of size %d refuse the index %d', (dim, index) => {
    const x = numbered([dim, 3])
    expect(runGather(take(0), [x, int32([3], [0, index, 0])], { shape: [3, 3], dtype: 'float32' })!.code).toBe(1)
    expect(runGather(along(0), [x, int32([1, 3], [0, 0, index])], { shape: [1, 3], dtype: 'float32' })!.code).toBe(1)
    const source = numbered([1, 3])
    const inputs = [x, int32([1, 3], [index, 0, 0]), source]
    expect(runScatter(adjoint(along(0)), inputs, { shape: [dim, 3], dtype: 'float32' })!.code).toBe(1)
  })

  test('by indices that are no integers are left to others', () => {
    expect(runGather(take(0), [numbered([3]), numbered([2])], { shape: [2], dtype: 'float32' })).toBe(null)
  })
})

describe('scatters', () => {
  test('agree with the reference backend', () => {
    let served = 0
    fc.assert(
      fc.property(scatters, ({ kernel, inputs, out }) => {
        if (out.dtype === 'bool') {
          expect(run(kernel as Scatter, inputs, out)).toBe(null)
          return
        }
        served++
        expectLikeReference(kernel as Scatter, inputs, out)
      }),
      cases(500),
    )
    expect(served).toBeGreaterThan(250)
  })

  test('add rows up where indices repeat', () => {
    for (const length of [1, 3, 4, 17, 64, 130, 300]) {
      for (const dtype of ['float32', 'float64', 'int32'] as const) {
        const out = { shape: [11, length], dtype }
        const source = numbered([30, length], dtype)
        const indices = indicesBelow(11, [30])
        expectLikeReference(adjoint(take(0)), [zeros(out.shape, dtype), indices, source], out)
        expectLikeReference(adjoint(take(0)), [numbered([11, length], dtype), indices, source], out)
        const turned = permuted(numbered([length, 30], dtype), [1, 0])
        expectLikeReference(adjoint(take(0)), [zeros(out.shape, dtype), indices, turned], out)
        expectLikeReference(adjoint(take(0)), [zeros(out.shape, dtype), indices, { ...source, strides: [1, 0] }], out)
      }
    }
  })

  test('put the cotangents of a pool at its maxima', () => {
    const inputs = [zeros([300, 4]), indicesBelow(4, [300, 1]), numbered([300, 1])]
    expectLikeReference(adjoint(along(1)), inputs, { shape: [300, 4], dtype: 'float32' })
  })
})
