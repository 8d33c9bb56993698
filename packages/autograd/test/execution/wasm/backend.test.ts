import { afterEach, describe, expect, test, vi } from 'vitest'
import { runKernel } from '../../../src/execution/engine.js'
import { javascript } from '../../../src/execution/javascript/index.js'
import { createWasm } from '../../../src/execution/wasm/index.js'
import { Scratch } from '../../../src/execution/wasm/memory.js'
import type { Kernel } from '../../../src/graph/kernel.js'
import { denseValue, type Value } from '../../../src/graph/value.js'
import type { Expression } from '../../../src/rules/expression.js'
import { rules } from '../../../src/rules/index.js'
import { input } from '../../../src/rules/symbols.js'
import { elementsOf, runOn, value } from '../values.js'

const apply = (name: keyof typeof rules, ...args: Expression[]): Expression => ({
  kind: 'apply',
  rule: rules[name],
  args,
})
const map = (expression: Expression, arity = 1): Kernel => ({ kind: 'map', expression, arity })
const exp = map(apply('exp', input(0)))
const ones = (size: number): Value => denseValue(new Float32Array(size).fill(1), [size], 'float32')

describe('the WebAssembly backend', () => {
  const wasm = createWasm()
  test('serves what is large enough to gain by it', () => {
    const add = map(apply('add', input(0), input(1)), 2)
    expect(runOn(wasm, exp, [ones(10)], ones(10))).toBe(null)
    expect(runOn(wasm, exp, [ones(1000)], ones(1000))!.data[999]).toBeCloseTo(Math.E, 6)
    expect(runOn(wasm, add, [ones(100), ones(100)], ones(100))).toBe(null)
    expect(runOn(wasm, add, [ones(1e4), ones(1e4)], ones(1e4))!.data[9999]).toBe(2)
    const square = (n: number) => ({ ...ones(n * n), shape: [n, n], strides: [n, 1] })
    expect(runOn(wasm, { kind: 'contract', by: 'mul' }, [square(8), square(8)], square(8))).toBe(null)
    expect(runOn(wasm, { kind: 'contract', by: 'mul' }, [square(40), square(40)], square(40))!.data[0]).toBe(40)
    const sum: Kernel = { kind: 'reduce', by: 'add', axes: [0] }
    expect(runOn(wasm, sum, [ones(100)], { shape: [1], dtype: 'float32' })).toBe(null)
    expect(elementsOf(runOn(wasm, sum, [ones(1e6)], { shape: [1], dtype: 'float32' })!)).toEqual([1e6])
  })
  test('builds the function of a small step when it has come often', () => {
    const sum: Kernel = { kind: 'reduce', by: 'add', axes: [0] }
    const results = Array.from({ length: 300 }, () => runOn(wasm, sum, [ones(1e4)], { shape: [1], dtype: 'float32' }))
    expect(results[0]).toBe(null)
    expect(results.findLast((result) => result === null)).toBe(null)
    expect(elementsOf(results.at(-1)!)).toEqual([1e4])
  })
  test('leaves what only JavaScript does well to it', () => {
    const tan = map(apply('tan', input(0)))
    expect(runOn(wasm, tan, [ones(1e5)], ones(1e5))).toBe(null)
    expect(runOn(wasm, { kind: 'reshape' }, [ones(1e5)], ones(1e5))).toBe(null)
    const whole = denseValue(new Int32Array(1e4), [1e4], 'int32')
    expect(runOn(wasm, map(apply('neg', input(0))), [whole], whole)).toBe(null)
  })
  test('gives arrays of their own, which later runs leave alone', () => {
    const first = runOn(wasm, exp, [ones(1000)], ones(1000))!
    const before = first.data.slice()
    runOn(wasm, map(apply('neg', input(0))), [ones(1e6)], ones(1e6))
    expect(first.data).toEqual(before)
    expect(first.data.byteLength).toBe(first.data.buffer.byteLength)
  })
  test('deterministic, gives the same bits whatever the machine can fuse', () => {
    const x = value(
      [1000],
      Array.from({ length: 1000 }, (_, i) => i / 100 - 5),
    )
    const strict = runOn(createWasm({ deterministic: true }), exp, [x], x)!
    // the recipe of exp in JavaScript, each step rounded to float32
    const r = Math.fround
    const expected = x.data.map((e) => {
      const n = r(r(r(e * r(Math.LOG2E)) + 12582912) - 12582912)
      const rest = r(r(e - r(n * 0.693359375)) - r(n * r(-0.00021219444)))
      const tail = [0.0013981999507, 0.0083334519073, 0.041665795894, 0.16666665459, 0.50000001201].reduce(
        (sum, c) => r(r(sum * rest) + r(c)),
        r(0.000198756915),
      )
      return r(r(r(r(r(rest * rest) * tail) + rest) + 1) * 2 ** n)
    })
    expect(strict.data).toEqual(expected)
  })
})

describe('without WebAssembly', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })
  test.each([
    ['absent', undefined, 'there is no WebAssembly here'],
    [
      'forbidden by a policy',
      {
        validate: () => true,
        Module: class {
          constructor() {
            throw new EvalError('disallowed')
          }
        },
      },
      "WebAssembly is forbidden here.*'wasm-unsafe-eval'",
    ],
  ])('%s: the next backend serves, and where it matters one warning says so', (_, engine, says) => {
    vi.stubGlobal('WebAssembly', engine)
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const wasm = createWasm()
    expect(runOn(wasm, exp, [ones(10)], ones(10))).toBe(null)
    expect(runOn(wasm, { kind: 'reduce', by: 'add', axes: [0] }, [ones(10)], ones(1))).toBe(null)
    expect(runOn(wasm, { kind: 'reshape' }, [ones(1e6)], ones(1e6))).toBe(null)
    expect(warn).not.toHaveBeenCalled()
    expect(runOn(wasm, exp, [ones(1000)], ones(1000))).toBe(null)
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(says))
    expect(runKernel([wasm, javascript], exp, [ones(1000)], [ones(1000)])[0]!.data[5]).toBe(Math.fround(Math.E))
    expect(runOn(wasm, { kind: 'reduce', by: 'add', axes: [0] }, [ones(5000)], ones(1))).toBe(null)
    expect(
      runOn(wasm, { kind: 'contract', by: 'mul' }, [value([50, 50], []), value([50, 50], [])], value([50, 50], [])),
    ).toBe(null)
    expect(warn).toHaveBeenCalledTimes(1)
  })
})

describe('scratch memory', () => {
  test('grows, keeps its areas apart and their addresses aligned', () => {
    const scratch = new Scratch()
    const first = scratch.take(5)
    const second = scratch.take(3e6)
    expect(second % 16).toBe(0)
    expect(second - first).toBeGreaterThanOrEqual(5 + 16)
    scratch.open()
    expect(scratch.view('bool').length).toBeGreaterThanOrEqual(second + 3e6 + 16)
    scratch.view('float32').set([1, 2, 3], second / 4)
    expect(elementsOf(scratch.read({ shape: [3], dtype: 'float32' }, second))).toEqual([1, 2, 3])
    scratch.reset()
    expect(scratch.take(1)).toBe(first)
  })
  test('says where there is no more', () => {
    const scratch = new Scratch(2 ** 20)
    scratch.take(2 ** 21)
    vi.spyOn(scratch.memory, 'grow').mockImplementation(() => {
      throw new RangeError('Unable to grow')
    })
    expect(scratch.open()).toBe(false)
  })
})
