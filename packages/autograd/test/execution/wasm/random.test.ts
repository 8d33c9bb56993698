import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../../../src/execution/reference/index.js'
import { defineRandom } from '../../../src/execution/wasm/random.js'
import type { Random } from '../../../src/graph/kernel.js'
import type { Spec, Value } from '../../../src/graph/value.js'
import { draws } from '../cases.js'
import { cases, elementsOf, runOn, value } from '../values.js'
import { runKernel } from './harness.js'

const run = (kernel: Random, inputs: readonly Value[], out: Spec) =>
  runKernel((target, operands, spec) => defineRandom(target, kernel, operands, spec), inputs, out)

describe('draws', () => {
  test('are those of the reference backend, bit for bit', () => {
    fc.assert(
      fc.property(draws, ({ kernel, inputs, out }) => {
        const outcome = run(kernel as Random, inputs, out)
        if ((kernel as Random).distribution === 'permutation') expect(outcome).toBe(null)
        else expect(elementsOf(outcome!.result)).toEqual(elementsOf(runOn(reference, kernel, inputs, out)!))
      }),
      cases(400),
    )
  })

  test('begin with the words that Random123 gives for key 0 and counter 0', () => {
    const zeros = [value([2], [0, 0], 'int32'), value([], [0], 'float64')]
    const { result } = run({ kind: 'random', distribution: 'uniform' }, zeros, { shape: [5], dtype: 'float64' })!
    expect(result.data[0]).toBe(((0x6b200159 >>> 5) * 2 ** 26 + (0x99ba4efe >>> 6)) / 2 ** 53)
  })
})
