import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../../../../src/execution/reference/index.js'
import { defineGather } from '../../../../src/execution/wasm/movement/gather.js'
import { defineScatter, scatterWorkspace } from '../../../../src/execution/wasm/movement/scatter.js'
import type { Gather, Scatter } from '../../../../src/graph/kernel.js'
import { sizeOf } from '../../../../src/graph/shape.js'
import type { Spec, Value } from '../../../../src/graph/value.js'
import { gathers, scatters } from '../../cases.js'
import { cases, elementsOf, runOn, value } from '../../values.js'
import { numbered, permuted, runKernel } from '../harness.js'

const runGather = (kernel: Gather, inputs: readonly Value[], out: Spec) =>
  runKernel((target, operands, spec) => defineGather(target, kernel, operands, spec), inputs, out)
const runScatter = (kernel: Scatter, inputs: readonly Value[], out: Spec) =>
  runKernel(
    (target, operands, spec, workspace) => defineScatter(target, kernel, operands, spec, workspace),
    inputs,
    out,
    scatterWorkspace(kernel, inputs, out),
  )

const run = (kernel: Gather | Scatter, inputs: readonly Value[], out: Spec) =>
  kernel.kind === 'gather' ? runGather(kernel, inputs, out) : runScatter(kernel, inputs, out)

const expectLikeReference = (kernel: Gather | Scatter, inputs: readonly Value[], out: Spec) => {
  const { result, code } = run(kernel, inputs, out)!
  expect(code).toBe(0)
  expect(elementsOf(result)).toEqual(elementsOf(runOn(reference, kernel, inputs, out)!))
}

const int32 = (shape: readonly number[], elements: readonly number[]) => value(shape, elements, 'int32')
const indicesBelow = (dim: number, shape: readonly number[]): Value => {
  const x = numbered(shape, 'int32')
  for (let i = 0; i < x.data.length; i++) x.data[i] = ((i * 7919 + 3) % (2 * dim)) - dim
  return x
}
const take = (axis: number): Gather => ({ kind: 'gather', op: 'take', mode: 'take', axis })
const along = (axis: number): Gather => ({ kind: 'gather', op: 'gather', mode: 'along', axis })
const adjoint = (kernel: Gather): Scatter => ({ ...kernel, kind: 'scatter', by: 'add' })
const inverse = (kernel: Gather): Scatter => ({ ...kernel, kind: 'scatter', by: 'set' })
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
        if (out.dtype === 'bool' && (kernel as Scatter).by === 'add') {
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

  test('write rows, of several for one place the last', () => {
    for (const length of [1, 3, 4, 17, 130]) {
      for (const dtype of ['float32', 'float64', 'int32', 'bool'] as const) {
        const out = { shape: [11, length], dtype }
        const inputs = [numbered(out.shape, dtype), indicesBelow(11, [30]), numbered([30, length], dtype)]
        expectLikeReference(inverse(take(0)), inputs, out)
        const turned = permuted(numbered([length, 30], dtype), [1, 0])
        expectLikeReference(inverse(take(0)), [zeros(out.shape, dtype), indicesBelow(11, [30]), turned], out)
        const along1 = [numbered([length, 5], dtype), indicesBelow(5, [length, 9]), numbered([length, 9], dtype)]
        expectLikeReference(inverse(along(1)), along1, { shape: [length, 5], dtype })
      }
    }
  })

  test('put the cotangents of a pool at its maxima', () => {
    const inputs = [zeros([300, 4]), indicesBelow(4, [300, 1]), numbered([300, 1])]
    expectLikeReference(adjoint(along(1)), inputs, { shape: [300, 4], dtype: 'float32' })
  })

  test('of many picks add up rows along any axis, of indices of any shape and operands of any strides', () => {
    for (const [dim, before, behind, picks] of [
      [5, [], [], [70]],
      [5, [], [3], [7, 11]],
      [5, [2], [4, 3], [70]],
      [300, [], [], [70]],
      [300, [], [64], [70]],
      [300, [], [3, 5], [7, 11]],
      [300, [3, 2], [5], [70]],
      [300, [2], [], [7, 11]],
    ] as const) {
      const kernel = adjoint(take(before.length))
      const out = { shape: [...before, dim, ...behind], dtype: 'float32' } as const
      const source = numbered([...before, ...picks, ...behind])
      const turned = permuted(numbered(source.shape.toReversed()), [...source.shape.keys()].toReversed())
      const repeated = { ...source, strides: source.shape.map((_, axis) => Number(axis === before.length)) }
      const hot = int32(
        picks,
        Array.from({ length: sizeOf(picks) }, (_, i) => (i % 3 ? 4 : (i % dim) - dim)),
      )
      for (const indices of [indicesBelow(dim, picks), hot]) {
        for (const added of [source, turned, repeated]) {
          expectLikeReference(kernel, [zeros(out.shape), indices, added], out)
          expectLikeReference(
            kernel,
            [permuted(numbered(out.shape.toReversed()), [...out.shape.keys()].toReversed()), indices, added],
            out,
          )
        }
      }
      for (const wrong of [dim, -dim - 1]) {
        const indices = int32(picks, new Array(sizeOf(picks)).fill(0).with(-1, wrong))
        expect(run(kernel, [zeros(out.shape), indices, source], out)!.code).toBe(1)
      }
    }
  })

  test('of many picks along an axis add up in each line', () => {
    const x = numbered([3, 5, 4])
    const indices = indicesBelow(5, [3, 70, 4])
    const out = { shape: x.shape, dtype: 'float32' } as const
    expectLikeReference(adjoint(along(1)), [x, indices, numbered([3, 70, 4])], out)
    const broadcast = { ...indicesBelow(5, [3, 70, 1]), shape: [3, 70, 4], strides: [70, 1, 0] }
    expectLikeReference(adjoint(along(1)), [zeros(x.shape), broadcast, numbered([3, 70, 4])], out)
    const wrong = { ...broadcast, data: broadcast.data.with(-1, 5) }
    expect(run(adjoint(along(1)), [x, wrong, numbered([3, 70, 4])], out)!.code).toBe(1)
  })

  test('sum float32 accurately, however many picks meet', () => {
    const picks = 100_000
    const tenths = (shape: readonly number[]) => ({ ...value([1], [0.1]), shape, strides: shape.map(() => 0) })
    for (const [mode, dim, inner] of [
      ['take', 4, 3],
      ['take', 200_000, 3],
      ['along', 4, 1],
    ] as const) {
      const kernel = adjoint(mode === 'take' ? take(0) : along(0))
      const indices = int32(
        mode === 'take' ? [picks] : [picks, inner],
        Array.from({ length: picks }, (_, i) => (i % 10 ? 2 : i % dim)),
      )
      const out = { shape: [dim, inner], dtype: 'float32' } as const
      const { result } = run(kernel, [zeros(out.shape), indices, tenths([picks, inner])], out)!
      const expected = new Float64Array(dim * inner)
      for (const index of indices.data) for (let j = 0; j < inner; j++) expected[index * inner + j]! += Math.fround(0.1)
      expect(elementsOf(result)).toEqual(Array.from(expected, Math.fround))
    }
  })
})
