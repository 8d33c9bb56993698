import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { canGenerate } from '../../src/execution/javascript/generate.js'
import { createJavaScript } from '../../src/execution/javascript/index.js'
import { reference } from '../../src/execution/reference/index.js'
import { IndexOutOfRangeError } from '../../src/graph/errors.js'
import type { Kernel } from '../../src/graph/kernel.js'
import { denseData, type Value } from '../../src/graph/value.js'
import type { Expression } from '../../src/rules/expression.js'
import { rules } from '../../src/rules/index.js'
import { numericOf } from '../../src/rules/numbers.js'
import { constant, input } from '../../src/rules/symbols.js'
import * as random from './cases.js'
import { cases, elementsOf, runOn, value } from './values.js'

const javascript = createJavaScript(() => true)
const interpreting = createJavaScript(() => false)

const expectSame = (backend: typeof javascript, { kernel, inputs, out }: random.Case): void => {
  const before = inputs.map(({ data }) => data.slice())
  const result = runOn(backend, kernel, inputs, out)!
  const expected = runOn(reference, kernel, inputs, out)!
  expect({ shape: result.shape, dtype: result.dtype }).toEqual({ shape: out.shape, dtype: out.dtype })
  expect(elementsOf(result)).toEqual(elementsOf(expected))
  expect(inputs.map(({ data }) => data)).toEqual(before)
  const isView = kernel.kind === 'layout' || kernel.kind === 'reshape'
  if (!isView) for (const { data } of inputs) expect(result.data.buffer).not.toBe(data.buffer)
}
const agrees = (backend: typeof javascript, arbitrary: fc.Arbitrary<random.Case>, runs?: number): void =>
  fc.assert(
    fc.property(arbitrary, (each) => expectSame(backend, each)),
    cases(runs),
  )

describe('agrees with the reference backend on random kernels, shapes, strides, dtypes and elements', () => {
  const few = fc.integer({ min: 0, max: 3 })
  test('map', () => agrees(javascript, random.maps(few), 600))
  test('map of many inputs', () => agrees(javascript, random.maps(fc.integer({ min: 11, max: 16 })), 60))
  test('map without generated code', () => agrees(interpreting, random.maps(few), 300))
  test('reduce', () => agrees(javascript, random.reduces, 500))
  test('argReduce', () => agrees(javascript, random.argReduces))
  test('argReduce with what stands there', () =>
    fc.assert(
      fc.property(random.argReduces, ({ kernel, inputs, out }) => {
        const both = { ...kernel, values: true } as Kernel
        const outs = [out, { shape: out.shape, dtype: inputs[0]!.dtype }]
        const [got, wanted] = [javascript, reference].map((backend) => backend.run(both, inputs, outs)!.map(elementsOf))
        expect(got).toEqual(wanted)
      }),
      cases(),
    ))
  test('cumulate', () => agrees(javascript, random.cumulates, 600))
  test.each([false, true])('sort, of long lines: %s', (long) =>
    fc.assert(
      fc.property(random.sorts(long), ({ kernel, inputs, outs }) => {
        const before = inputs.map(({ data }) => data.slice())
        const [got, wanted] = [javascript, reference].map((backend) =>
          backend.run(kernel, inputs, outs)!.map(({ shape, dtype, ...value }) => {
            return { shape, dtype, elements: elementsOf({ shape, dtype, ...value }) }
          }),
        )
        expect(got).toEqual(wanted)
        expect(inputs.map(({ data }) => data)).toEqual(before)
      }),
      cases(long ? 100 : 600),
    ),
  )
  test('search', () => agrees(javascript, random.searches, 400))
  test('contract of small matrices', () => agrees(javascript, random.contracts(fc.integer({ min: 0, max: 4 }))))
  test('contract of larger matrices', () => agrees(javascript, random.contracts(fc.integer({ min: 1, max: 13 })), 100))
  test('contract of deep matrices', () =>
    agrees(javascript, random.contracts(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 250, max: 600 })), 60))
  test('layout', () => agrees(javascript, random.layouts, 400))
  test('fold', () => agrees(javascript, random.folds, 200))
  test('reshape', () => agrees(javascript, random.reshapes, 400))
  test('assemble', () => agrees(javascript, random.assemblies))
  test('gather', () => agrees(javascript, random.gathers, 300))
  test('scatter', () => agrees(javascript, random.scatters, 300))
  test('random', () => agrees(javascript, random.draws, 300))
})

describe.each([
  ['generated', javascript],
  ['interpreted', interpreting],
])('%s loops', (_, backend) => {
  const operands = [0, -0, 1, -1, 0.5, -2.5, 3, 1e-300, 1e300, NaN, Infinity, -Infinity]
  const pairs = operands.flatMap((a) => operands.flatMap((b) => operands.map((c) => [a, b, c] as const)))
  const inputs = [0, 1, 2].map((place) =>
    value(
      [pairs.length],
      pairs.map((list) => list[place]!),
      'float64',
    ),
  )

  test.each(Object.values(rules).filter((rule) => rule.primitive))('$name is that of the numbers', (rule) => {
    const args = Array.from({ length: rule.arity }, (_, i) => input(i))
    const kernel: Kernel = { kind: 'map', expression: { kind: 'apply', rule, args }, arity: 3 }
    const result = runOn(backend, kernel, inputs, { shape: [pairs.length], dtype: 'float64' })!
    const f = numericOf(rule)
    expect(elementsOf(result)).toEqual(pairs.map((list) => f(...list.slice(0, rule.arity))))
  })

  test('serve deep expressions', () => {
    let expression: Expression = input(0)
    for (let i = 0; i < 2000; i++) {
      expression = { kind: 'apply', rule: rules.add, args: [expression, i % 2 === 0 ? constant(i) : input(1)] }
    }
    const x = value([2], [1, 2], 'float64')
    const y: Value = { ...x, strides: [0] }
    const result = runOn(backend, { kind: 'map', expression, arity: 2 }, [x, y], x)!
    expect(elementsOf(result)).toEqual([1, 2].map((e) => e + 1000 + 999 * 1000))
  })

  test('serve long rows, dense, strided and backwards', () => {
    const expression: Expression = { kind: 'apply', rule: rules.sub, args: [input(0), input(1)] }
    const counted = value([2, 3000], [...new Array(6000).keys()], 'float64')
    const x: Value = { ...counted, shape: [2, 1000], strides: [3000, 1] }
    const y: Value = { ...counted, shape: [2, 1000], strides: [1, -3], offset: 2999 }
    const result = runOn(backend, { kind: 'map', expression, arity: 2 }, [x, y], {
      shape: [2, 1000],
      dtype: 'float64',
    })!
    const row = (i: number) => Array.from({ length: 1000 }, (_, j) => 3000 * i + j - (2999 + i - 3 * j))
    expect(elementsOf(result)).toEqual([...row(0), ...row(1)])
  })
})

test('more kernels than the cache holds, twice', () => {
  const x = value([2], [1, 2])
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 1100; i++) {
      const expression: Expression = { kind: 'apply', rule: rules.mul, args: [input(0), constant(i)] }
      const result = runOn(javascript, { kind: 'map', expression, arity: 1 }, [x], x)!
      expect(elementsOf(result)[1]).toBe(2 * i)
    }
  }
})

describe('where generated code is forbidden', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })
  test('maps run all the same', () => {
    expect(canGenerate()).toBe(true)
    vi.stubGlobal('Function', () => {
      throw new EvalError('Code generation from strings disallowed for this context')
    })
    expect(canGenerate()).toBe(false)
    const expression: Expression = { kind: 'apply', rule: rules.tanh, args: [input(0)] }
    const x = value([2], [0.5, -1], 'float64')
    const result = runOn(createJavaScript(), { kind: 'map', expression, arity: 1 }, [x], x)!
    expect(elementsOf(result)).toEqual([Math.tanh(0.5), Math.tanh(-1)])
  })
})

test('what is drawn is written to its own elements, among those of others', () => {
  const key = value([2], [3, 4], 'int32')
  const counter = value([], [5], 'float64')
  for (const distribution of ['uniform', 'normal', 'permutation'] as const) {
    for (let size = 1; size <= 9; size++) {
      const dtype = distribution === 'permutation' ? 'int32' : 'float64'
      const { data, offset } = runOn(javascript, { kind: 'random', distribution }, [key, counter], {
        shape: [size],
        dtype,
      })!
      // nobody has been given it yet; at the end of the array there is none
      expect(data[offset + size] ?? 0, `${distribution} of ${size}`).toBe(0)
    }
  }
})

test('nothing comes of an input without elements', () => {
  const nothing: Value = { ...value([8], new Array(8).fill(5)), shape: [0, 2, 2], strides: [1, 4, 2] }
  const kernel: Kernel = { kind: 'assemble', fill: 3, starts: [[0, 0, 0]], steps: [[2, 2, 2]] }
  const result = runOn(javascript, kernel, [nothing], { shape: [1, 3, 3], dtype: 'float32' })!
  expect(elementsOf(result)).toEqual(new Array(9).fill(3))
})

test('layout and reshape show the same memory where they can', () => {
  const x = value([2, 3], [1, 2, 3, 4, 5, 6])
  const axes = [1, 0].map((source) => ({ source, start: 0, step: 1 }))
  const transposed = runOn(javascript, { kind: 'layout', axes }, [x], { shape: [3, 2], dtype: 'float32' })!
  expect(transposed.data).toBe(x.data)
  const split = runOn(javascript, { kind: 'reshape' }, [transposed], { shape: [3, 1, 2], dtype: 'float32' })!
  expect(split.data).toBe(x.data)
  const flat = runOn(javascript, { kind: 'reshape' }, [transposed], { shape: [6], dtype: 'float32' })!
  expect(flat.data).not.toBe(x.data)
  expect(elementsOf(flat)).toEqual([1, 4, 2, 5, 3, 6])
})

test('an index out of range is named like in the reference backend', () => {
  const x = value([2, 3], [1, 2, 3, 4, 5, 6])
  const indices = value([2, 1], [0, 3], 'int32')
  const kernel: Kernel = { kind: 'gather', op: 'takeAlongAxis', mode: 'along', axis: 1 }
  const attempt = () => runOn(javascript, kernel, [x, indices], { shape: [2, 1], dtype: 'float32' })
  expect(attempt).toThrow(IndexOutOfRangeError)
  expect(attempt).toThrow('takeAlongAxis: index 3, at [1, 0] of the indices, is out of range for axis 1 of size 3')
})

test('small results lie in windows of small arrays, which never overlap', () => {
  const double: Kernel = {
    kind: 'map',
    expression: { kind: 'apply', rule: rules.add, args: [input(0), input(0)] },
    arity: 1,
  }
  const results: Value[] = []
  for (let i = 0; i < 1000; i++) {
    const x = value([1 + (i % 16)], new Array(16).fill(i).slice(0, 1 + (i % 16)))
    results.push(runOn(javascript, double, [x], x)!)
  }
  results.forEach((result, i) => {
    expect(elementsOf(result)).toEqual(new Array(1 + (i % 16)).fill(2 * i))
    expect(result.data.byteLength).toBeLessThanOrEqual(2048)
    // what is handed out keeps nothing else
    expect(denseData(result).buffer.byteLength).toBe(4 * (1 + (i % 16)))
  })
})

test('a kernel that does not look at all of its inputs is another one than with fewer inputs', () => {
  const run = (...inputs: Value[]) => {
    const kernel: Kernel = {
      kind: 'map',
      expression: { kind: 'apply', rule: rules.add, args: [input(0), input(0)] },
      arity: inputs.length,
    }
    return elementsOf(runOn(javascript, kernel, inputs, { shape: [3], dtype: 'float32' })!)
  }
  const [row, number] = [value([3], [1, 2, 3]), { ...value([3], [5]), strides: [0] }]
  expect([run(row), run(number, row), run(row, number), run(number)]).toEqual([
    [2, 4, 6],
    [10, 10, 10],
    [2, 4, 6],
    [10, 10, 10],
  ])
})
