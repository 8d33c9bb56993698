import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../../../src/execution/reference/index.js'
import { createEager } from '../../../src/execution/wasm/eager/index.js'
import { createRuntime } from '../../../src/execution/wasm/runtime.js'
import { allocate, type DType } from '../../../src/graph/dtype.js'
import type { Kernel, Monoid } from '../../../src/graph/kernel.js'
import { type Shape, sizeOf } from '../../../src/graph/shape.js'
import { denseValue, type Spec, type Value } from '../../../src/graph/value.js'
import { reduces } from '../cases.js'
import { cases, elementsOf, runOn } from '../values.js'
import { describeSums } from './sums.js'

const eager = createEager(createRuntime(false), true)
const run = (kernel: Kernel, inputs: readonly Value[], out: Spec) => eager(kernel, inputs, [out])?.[0] ?? null
const fold = (by: Monoid, x: Value, ...axes: number[]): number[] | null => {
  const shape = x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
  const result = run({ kind: 'reduce', by, axes }, [x], { shape, dtype: x.dtype })
  return result && elementsOf(result)
}
const byReference = (by: Monoid, x: Value, ...axes: number[]): number[] => {
  const shape = x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
  return elementsOf(runOn(reference, { kind: 'reduce', by, axes }, [x], { shape, dtype: x.dtype })!)
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
        const result = run(kernel, inputs, out)
        if (result === null) return
        served++
        expect(elementsOf(result)).toEqual(elementsOf(runOn(reference, kernel, inputs, out)!))
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

describeSums('sums', fold, () => denseValue(new Float32Array(2 ** 24).fill(1), [2 ** 20, 16], 'float32'))
