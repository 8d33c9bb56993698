import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../../../../src/execution/reference/index.js'
import { defineArgReduce } from '../../../../src/execution/wasm/movement/argreduce.js'
import { isFloat } from '../../../../src/graph/dtype.js'
import type { ArgReduce } from '../../../../src/graph/kernel.js'
import type { Spec, Value } from '../../../../src/graph/value.js'
import { argReduces } from '../../cases.js'
import { cases, elementsOf, runOn, valuesOf } from '../../values.js'
import { numbered, permuted, runKernelOf } from '../harness.js'

const run = (kernel: ArgReduce, x: Value, ...outs: Spec[]) =>
  runKernelOf((target, inputs, specs) => defineArgReduce(target, kernel, inputs, specs), [x], outs)

/** Also what stands at the places. */
const expectLikeReference = (kernel: ArgReduce, x: Value) => {
  const shape = x.shape.with(kernel.axis, 1)
  const out: Spec = { shape, dtype: 'int32' }
  expect(elementsOf(run(kernel, x, out)!.result)).toEqual(elementsOf(runOn(reference, kernel, [x], out)!))
  const both: ArgReduce = { ...kernel, values: true }
  const outs: Spec[] = [out, { shape, dtype: x.dtype }]
  expect(run(both, x, ...outs)!.results.map(elementsOf)).toEqual(reference.run(both, [x], outs)!.map(elementsOf))
}

describe('places of extremes', () => {
  test('agree with the reference backend', () => {
    let served = 0
    fc.assert(
      fc.property(argReduces, ({ kernel, inputs: [x], out }) => {
        if (!isFloat(x!.dtype)) {
          expect(run(kernel as ArgReduce, x!, out)).toBe(null)
          return
        }
        served++
        expectLikeReference(kernel as ArgReduce, x!)
      }),
      cases(500),
    )
    expect(served).toBeGreaterThan(150)
  })

  const lengths = [1, 2, 3, 4, 5, 7, 8, 9, 12, 31, 32, 33, 50, 63, 64, 130]
  test.each(['float32', 'float64'] as const)('in lines of %s of any length, with ties, NaN and infinities', (dtype) => {
    const lines = fc
      .record({ length: fc.constantFrom(...lengths), count: fc.integer({ min: 1, max: 11 }), by: fc.boolean() })
      .chain(({ length, count, by }) =>
        valuesOf([count, length], dtype, 'extended').map((x) => ({ x, by: by ? ('max' as const) : ('min' as const) })),
      )
    fc.assert(
      fc.property(lines, ({ x, by }) => {
        expectLikeReference({ kind: 'argReduce', by, axis: 1 }, x)
        expectLikeReference({ kind: 'argReduce', by, axis: 0 }, x)
      }),
      cases(100),
    )
  })

  test('in dense and permuted tensors, along each axis', () => {
    for (const shape of [
      [5, 6, 4],
      [2, 3, 40],
      [40, 3, 5],
      [7, 33, 3],
    ]) {
      for (const dtype of ['float32', 'float64'] as const) {
        for (const axis of [0, 1, 2]) {
          const x = numbered(shape, dtype)
          x.data[17] = NaN
          expectLikeReference({ kind: 'argReduce', by: 'max', axis }, x)
          expectLikeReference({ kind: 'argReduce', by: 'min', axis }, permuted(x, [2, 0, 1]))
        }
      }
    }
  })

  test('zeros of either sign tie', () => {
    const x = numbered([100])
    x.data.fill(-9)
    x.data[40] = -0
    x.data[70] = 0
    expect(run({ kind: 'argReduce', by: 'max', axis: 0 }, x, { shape: [1], dtype: 'int32' })!.result.data[0]).toBe(40)
    expectLikeReference({ kind: 'argReduce', by: 'max', axis: 0 }, x)
  })
})
