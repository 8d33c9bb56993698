import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { runKernel } from '../../../src/execution/engine.js'
import { javascript } from '../../../src/execution/javascript/index.js'
import { reference } from '../../../src/execution/reference/index.js'
import { createEager } from '../../../src/execution/wasm/eager/index.js'
import { createWasm } from '../../../src/execution/wasm/index.js'
import { createRuntime } from '../../../src/execution/wasm/runtime.js'
import { IndexOutOfRangeError } from '../../../src/graph/errors.js'
import type { Kernel } from '../../../src/graph/kernel.js'
import { denseValue, type Value } from '../../../src/graph/value.js'
import { input } from '../../../src/rules/symbols.js'
import { rules } from '../../../src/rules/table.js'
import * as random from '../cases.js'
import { cases, elementsOf, runOn } from '../values.js'

const mebibyte = 2 ** 20
const always = createWasm({ always: true })
const numbered = (size: number): Value =>
  denseValue(
    Float32Array.from({ length: size }, (_, i) => (i % 17) - 8),
    [size],
    'float32',
  )
const sum: Kernel = { kind: 'reduce', by: 'add', axes: [0] }
const one = { shape: [1], dtype: 'float32' } as const

describe('one step agrees with the reference backend on random shapes, strides, dtypes and elements', () => {
  test.each([
    ['reshape', random.reshapes, 20],
    ['assemble', random.assemblies, 100],
    ['fold', random.folds, 100],
    ['argReduce', random.argReduces, 20],
    ['gather', random.gathers, 100],
    ['scatter', random.scatters, 50],
    ['random', random.draws, 50],
  ] as const)('%s', (_, arbitrary, fewest) => {
    let served = 0
    fc.assert(
      fc.property(arbitrary as fc.Arbitrary<random.Case>, ({ kernel, inputs, out }) => {
        const before = inputs.map(({ data }) => data.slice())
        const result = runOn(always, kernel, inputs, out)
        expect(inputs.map(({ data }) => data)).toEqual(before)
        if (result === null) return
        served++
        expect(elementsOf(result)).toEqual(elementsOf(runOn(reference, kernel, inputs, out)!))
        for (const { data } of inputs) expect(result.data.buffer).not.toBe(data.buffer)
      }),
      cases(200),
    )
    expect(served).toBeGreaterThanOrEqual(fewest)
  })

  test('maps of more elements than are worked on at a time', () => {
    const size = 300_001
    const x = numbered(size)
    const bias: Value = { ...numbered(3), shape: [size], strides: [0], offset: 2 }
    const kernel: Kernel = {
      kind: 'map',
      arity: 2,
      expression: { kind: 'apply', rule: rules.sub, args: [input(0), input(1)] },
    }
    expect(runOn(always, kernel, [x, bias], x)!.data).toEqual(x.data.map((e) => e + 6))
    expect(runOn(always, kernel, [bias, x], x)!.data).toEqual(x.data.map((e) => -6 - e))
  })
})

describe('the memory', () => {
  test('of a large step is given back, and the functions go on over the next', () => {
    const runtime = createRuntime(false)
    const eager = createEager(runtime, true)
    const product: Kernel = { kind: 'contract', by: 'mul' }
    const x = denseValue(new Float32Array(17 * mebibyte).fill(1), [17 * mebibyte], 'float32')
    const matrices = [numbered(12), numbered(12)].map((each, i) => ({ ...each, shape: i === 0 ? [3, 4] : [4, 3] }))
    const square = { shape: [3, 3], dtype: 'float32' } as const
    const dense = [
      { ...matrices[0]!, strides: [4, 1] },
      { ...matrices[1]!, strides: [3, 1] },
    ]
    const before = elementsOf(eager(product, dense, [square])![0]!)
    expect(elementsOf(eager(sum, [numbered(1000)], [one])![0]!)).toEqual(
      elementsOf(runOn(reference, sum, [numbered(1000)], one)!),
    )
    expect(elementsOf(eager(sum, [x], [one])![0]!)).toEqual([17 * mebibyte])
    expect(runtime.scratch.memory.buffer.byteLength).toBeLessThan(mebibyte)
    expect(elementsOf(eager(sum, [numbered(1000)], [one])![0]!)).toEqual(
      elementsOf(runOn(reference, sum, [numbered(1000)], one)!),
    )
    expect(elementsOf(eager(product, dense, [square])![0]!)).toEqual(before)
    const tanh: Kernel = { kind: 'map', arity: 1, expression: { kind: 'apply', rule: rules.neg, args: [input(0)] } }
    expect(eager(tanh, [x], [x])![0]!.data.at(-1)).toBe(-1)
    expect(runtime.scratch.memory.buffer.byteLength).toBeLessThan(4 * mebibyte)
  })
  test('where there is not enough, the next backend serves', () => {
    const runtime = createRuntime(false)
    const eager = createEager(runtime, true)
    vi.spyOn(runtime.scratch.memory, 'grow').mockImplementation(() => {
      throw new RangeError('Unable to grow')
    })
    expect(eager(sum, [numbered(1e5)], [one])).toBe(null)
    expect(eager(sum, [numbered(1e3)], [one])).not.toBe(null)
  })
})

describe('a step that cannot be', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })
  test('for an index is out of range: JavaScript says which', () => {
    const kernel: Kernel = { kind: 'gather', op: 'take', mode: 'take', axis: 0 }
    const indices = denseValue(Int32Array.from([0, 5, 1]), [3], 'int32')
    const out = { shape: [3], dtype: 'float32' } as const
    expect(runOn(always, kernel, [numbered(5), indices], out)).toBe(null)
    expect(() => runKernel([always, javascript], kernel, [numbered(5), indices], [out])).toThrow(IndexOutOfRangeError)
    expect(() => runKernel([always, javascript], kernel, [numbered(5), indices], [out])).toThrow('index 5, at [1]')
  })
  test('for the engine refuses its module is left to the next backend, and asked for once', () => {
    const Module = vi.spyOn(WebAssembly, 'Module').mockImplementation(function refuse() {
      throw new RangeError('WebAssembly.Module is disallowed on the main thread, if the buffer size is larger')
    })
    const eager = createEager(createRuntime(false), true)
    expect(eager(sum, [numbered(100)], [one])).toBe(null)
    expect(eager(sum, [numbered(100)], [one])).toBe(null)
    expect(Module).toHaveBeenCalledTimes(1)
  })
  test('more signatures than are kept come and go', () => {
    const eager = createEager(createRuntime(false), true)
    for (let round = 0; round < 2; round++) {
      for (let size = 1; size <= 2100; size += 1 + (size >> 6)) {
        expect(elementsOf(eager(sum, [numbered(size)], [one])![0]!)).toEqual(
          elementsOf(runOn(reference, sum, [numbered(size)], one)!),
        )
      }
    }
  })
})
