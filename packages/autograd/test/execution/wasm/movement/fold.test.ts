import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../../../../src/execution/reference/index.js'
import { defineFold } from '../../../../src/execution/wasm/movement/fold.js'
import type { DType } from '../../../../src/graph/dtype.js'
import type { Fold } from '../../../../src/graph/kernel.js'
import type { Spec, Value } from '../../../../src/graph/value.js'
import { folds } from '../../cases.js'
import { cases, elementsOf, runOn } from '../../values.js'
import { numbered, permuted, runKernel } from '../harness.js'

const run = (kernel: Fold, x: Value, out: Spec) =>
  runKernel((target, inputs, spec) => defineFold(target, kernel, inputs, spec), [x], out)

const expectLikeReference = (kernel: Fold, x: Value, out: Spec) =>
  expect(elementsOf(run(kernel, x, out)!.result)).toEqual(elementsOf(runOn(reference, kernel, [x], out)!))

/** Whole numbers sum exactly in any order. */
const whole = (x: Value): Value => ({ ...x, data: numbered([x.data.length], x.dtype).data })

describe('folds', () => {
  test('agree with the reference backend', () => {
    fc.assert(
      fc.property(folds, fc.nat(), ({ kernel, inputs: [x], out }, turn) => {
        const { axes } = kernel as Fold
        const order = [...axes.keys()].map((_, i) => (i + turn) % axes.length)
        const turned: Fold = { kind: 'fold', axes: order.map((axis) => axes[axis]!) }
        const given = whole(permuted(x!, order))
        // truth values are folded in JavaScript
        if (out.dtype === 'bool') expect(run(turned, given, out)).toBeNull()
        else expectLikeReference(turned, given, out)
      }),
      cases(500),
    )
  })

  const floats: readonly DType[] = ['float32', 'float64', 'int32']
  test.each(floats)('lay the windows of %s convolutions and pools back', (dtype) => {
    for (const [size, stride, image] of [
      [3, 1, 16],
      [3, 2, 15],
      [2, 2, 12],
      [5, 1, 40],
    ] as const) {
      const count = (image - size) / stride + 1
      const walks = [
        { source: 0, start: 0, step: 1 },
        { source: 1, start: 0, step: stride },
        { source: 2, start: 0, step: stride },
        { source: 1, start: 0, step: 1 },
        { source: 2, start: 0, step: 1 },
      ]
      const out = { shape: [2, image, image], dtype }
      const pool = numbered([2, count, count, size, size], dtype)
      expectLikeReference({ kind: 'fold', axes: walks }, pool, out)
      expectLikeReference({ kind: 'fold', axes: walks }, { ...pool, strides: [count * count, count, 1, 0, 0] }, out)
      const columns = permuted(numbered([2, size, size, count, count], dtype), [0, 3, 4, 1, 2])
      expectLikeReference({ kind: 'fold', axes: walks }, columns, out)
    }
  })

  test('begin where they say, run backwards, and sum what no axis walks', () => {
    const axes = [
      { source: null, start: 0, step: 0 },
      { source: 1, start: 50, step: -1 },
      { source: 0, start: 1, step: 2 },
    ]
    expectLikeReference({ kind: 'fold', axes }, numbered([3, 40, 4]), { shape: [8, 60], dtype: 'float32' })
    const rows = [
      { source: null, start: 0, step: 0 },
      { source: 0, start: 3, step: 1 },
    ]
    const x = numbered([5, 150])
    expectLikeReference({ kind: 'fold', axes: rows }, x, { shape: [160], dtype: 'float32' })
    expectLikeReference({ kind: 'fold', axes: rows }, { ...x, strides: [150, 0] }, { shape: [160], dtype: 'float32' })
  })

  test('of truth values are left to others', () => {
    const kernel: Fold = { kind: 'fold', axes: [{ source: 0, start: 0, step: 1 }] }
    expect(run(kernel, numbered([3], 'bool'), { shape: [3], dtype: 'bool' })).toBe(null)
  })
})
