import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../../../../src/execution/reference/index.js'
import { defineAssemble } from '../../../../src/execution/wasm/movement/assemble.js'
import type { Assemble } from '../../../../src/graph/kernel.js'
import type { Spec, Value } from '../../../../src/graph/value.js'
import { assemblies } from '../../cases.js'
import { cases, elementsOf, runOn } from '../../values.js'
import { numbered, permuted, runKernel } from '../harness.js'

const run = (kernel: Assemble, inputs: readonly Value[], out: Spec) =>
  runKernel((target, operands, spec) => defineAssemble(target, kernel, operands, spec), inputs, out)

const expectLikeReference = (kernel: Assemble, inputs: readonly Value[], out: Spec) => {
  const outcome = run(kernel, inputs, out)
  expect(elementsOf(outcome!.result)).toEqual(elementsOf(runOn(reference, kernel, inputs, out)!))
}
const ones = (rank: number) => new Array<number>(rank).fill(1)

describe('assembling', () => {
  test('agrees with the reference backend', () => {
    let served = 0
    fc.assert(
      fc.property(assemblies, ({ kernel, inputs, out }) => {
        if (inputs.some(({ dtype }) => dtype !== out.dtype)) {
          expect(run(kernel as Assemble, inputs, out)).toBe(null)
          return
        }
        served++
        expectLikeReference(kernel as Assemble, inputs, out)
      }),
      cases(500),
    )
    expect(served).toBeGreaterThan(350)
  })

  test.each(['float32', 'float64', 'int32', 'bool'] as const)('pads %s images', (dtype) => {
    for (const fill of [0, 1, -1, Number.NEGATIVE_INFINITY]) {
      const kernel: Assemble = { kind: 'assemble', fill, starts: [[0, 0, 1, 2]], steps: [ones(4)] }
      for (const size of [3, 14, 28]) {
        const x = numbered([2, 3, size, size], dtype)
        const shape = [2, 3, size + 2, size + 3]
        expectLikeReference(kernel, [x], { shape, dtype })
        expectLikeReference(kernel, [permuted(x, [0, 1, 3, 2])], { shape, dtype })
      }
    }
  })

  test('joins along any axis, without a background', () => {
    for (const axis of [0, 1, 2]) {
      const lengths = [1, 5, 20]
      const starts = [0, 1, 6].map((start) => [0, 0, 0].with(axis, start))
      const inputs = lengths.map((length) => numbered([3, 4, 7].with(axis, length)))
      const kernel: Assemble = { kind: 'assemble', fill: 9, starts, steps: starts.map(() => ones(3)) }
      expectLikeReference(kernel, inputs, { shape: [3, 4, 7].with(axis, 26), dtype: 'float32' })
    }
  })

  test('fills the background where inputs only seem to lie everywhere', () => {
    const kernel: Assemble = { kind: 'assemble', fill: 7, starts: [[0], [1]], steps: [[1], [1]] }
    expectLikeReference(kernel, [numbered([2]), numbered([2])], { shape: [4], dtype: 'float32' })
  })

  test('lays inputs apart and backwards', () => {
    const kernel: Assemble = { kind: 'assemble', fill: 0, starts: [[1, 60, 0]], steps: [[2, -3, 2]] }
    const x = permuted(numbered([9, 20, 3]), [2, 1, 0])
    expectLikeReference(kernel, [x], { shape: [6, 61, 17], dtype: 'float32' })
    const turned: Assemble = { kind: 'assemble', fill: 0, starts: [[20, 0]], steps: [[-1, 1]] }
    expectLikeReference(turned, [permuted(numbered([18, 21]), [1, 0])], { shape: [21, 18], dtype: 'float32' })
  })

  test('stacks many', () => {
    const many = Array.from({ length: 100 }, () => numbered([3, 5]))
    const starts = many.map((_, i) => [0, i, 0])
    const kernel: Assemble = { kind: 'assemble', fill: 0, starts, steps: many.map(() => ones(3)) }
    const inputs = many.map((x) => ({ ...x, shape: [3, 1, 5], strides: [5, 5, 1] }))
    expectLikeReference(kernel, inputs, { shape: [3, 100, 5], dtype: 'float32' })
  })

  test('of more inputs than a function takes is left to others', () => {
    const many = Array.from({ length: 1000 }, () => numbered([1]))
    const kernel: Assemble = { kind: 'assemble', fill: 0, starts: many.map((_, i) => [i]), steps: many.map(() => [1]) }
    expect(run(kernel, many, { shape: [1000], dtype: 'float32' })).toBe(null)
  })
})
