import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../../../src/execution/reference/index.js'
import { defineCumulate } from '../../../src/execution/wasm/cumulate.js'
import { isFloat } from '../../../src/graph/dtype.js'
import type { Cumulate } from '../../../src/graph/kernel.js'
import type { Spec, Value } from '../../../src/graph/value.js'
import { cumulates } from '../cases.js'
import { cases, elementsOf, runOn, value } from '../values.js'
import { numbered, permuted, runKernel } from './harness.js'

const run = (kernel: Cumulate, inputs: readonly Value[], out: Spec) =>
  runKernel((target, operands, spec) => defineCumulate(target, kernel, operands, spec), inputs, out)

const expectLikeReference = (kernel: Cumulate, inputs: readonly Value[], out: Spec) =>
  expect(elementsOf(run(kernel, inputs, out)!.result)).toEqual(elementsOf(runOn(reference, kernel, inputs, out)!))

const all: readonly Cumulate['by'][] = ['add', 'mul', 'max', 'min', 'argmax', 'argmin', 'affine']
/** Small enough for their products to be exact. */
const signs = (x: Value): Value => ({ ...x, data: x.data.map((element) => Math.sign(element)) })

describe('what elements come to along an axis', () => {
  test('agrees with the reference backend, and of integers is left to JavaScript', () => {
    let served = 0
    fc.assert(
      fc.property(cumulates, ({ kernel, inputs, out }) => {
        if (!inputs.every(({ dtype }) => isFloat(dtype))) {
          expect(run(kernel as Cumulate, inputs, out)).toBe(null)
          return
        }
        served++
        expectLikeReference(kernel as Cumulate, inputs, out)
      }),
      cases(600),
    )
    expect(served).toBeGreaterThan(250)
  })

  test.each(all)('%s of dense and permuted tensors, along each axis, either way', (by) => {
    for (const dtype of ['float32', 'float64'] as const) {
      for (const axes of [
        [0, 1, 2],
        [2, 1, 0],
        [1, 2, 0],
      ]) {
        const x = signs(permuted(numbered([9, 5, 13], dtype), axes))
        const inputs = by === 'affine' ? [x, permuted(numbered([9, 5, 13], dtype), axes)] : [x]
        const out: Spec = { shape: x.shape, dtype: by.startsWith('arg') ? 'int32' : dtype }
        for (const axis of [0, 1, 2]) {
          for (const reverse of [false, true]) expectLikeReference({ kind: 'cumulate', by, axis, reverse }, inputs, out)
        }
      }
    }
  })

  test('keeps the digits of float64 sums that cancel', () => {
    const x = value(
      [2000],
      Array.from({ length: 2000 }, (_, i) => (i < 1000 ? 1 : -1) * 10 ** (i % 17)),
      'float64',
    )
    const out: Spec = { shape: [2000], dtype: 'float64' }
    const { result } = run({ kind: 'cumulate', by: 'add', axis: 0, reverse: false }, [x], out)!
    let sum = 0n
    x.data.forEach((element, i) => {
      sum += BigInt(element)
      expect(result.data[i]).toBe(Number(sum))
    })
  })
})
