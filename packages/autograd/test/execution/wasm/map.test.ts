import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../../../src/execution/reference/index.js'
import { createEager } from '../../../src/execution/wasm/eager/index.js'
import { createRuntime } from '../../../src/execution/wasm/runtime.js'
import type { DType } from '../../../src/graph/dtype.js'
import type { Kernel } from '../../../src/graph/kernel.js'
import type { Spec, Value } from '../../../src/graph/value.js'
import type { Algebra } from '../../../src/rules/algebra.js'
import type { Expression } from '../../../src/rules/expression.js'
import { rules } from '../../../src/rules/index.js'
import { numbers } from '../../../src/rules/numbers.js'
import { constant, input } from '../../../src/rules/symbols.js'
import { inOrder, interpret } from '../../../src/rules/traverse.js'
import { type Case, maps } from '../cases.js'
import { cases, elementsOf, runOn, value, valuesOf } from '../values.js'

const eager = createEager(createRuntime(false), true)
const run = (kernel: Kernel, inputs: readonly Value[], out: Spec) => eager(kernel, inputs, [out])?.[0] ?? null
type MapCase = Case & { readonly kernel: Extract<Kernel, { kind: 'map' }> }

/** What rounds differently in vectors: it is held to bounds in vector.test.ts. */
const inexact = new Set(['exp', 'expm1', 'log', 'log1p', 'tanh', 'sin', 'cos', 'erf', 'pow'])
const isExact = (expression: Expression): boolean =>
  inOrder([expression]).every((node) => node.kind !== 'apply' || !inexact.has(node.rule.name))

/** The numbers, each result rounded to float32: what a computation in float32 gives. */
const singles = Object.fromEntries(
  Object.entries(numbers).map(([name, f]) => [
    name,
    (...operands: number[]) => Math.fround((f as (...all: number[]) => number)(...operands)),
  ]),
) as unknown as Algebra<number>

const inSingle = ({ kernel: { expression }, inputs, out }: MapCase): Value => {
  const elements = inputs.map(elementsOf)
  const size = out.shape.reduce((product, dim) => product * dim, 1)
  const results = Array.from({ length: size }, (_, i) => {
    const result = interpret([expression], singles, (index) => elements[index]![i]!)[0]!
    return out.dtype === 'bool' ? Number(result !== 0) : result
  })
  return value(out.shape, results, out.dtype)
}

const expected = (each: MapCase): Value | null => {
  const { kernel, inputs, out } = each
  const used = inOrder([kernel.expression]).flatMap((e) => (e.kind === 'input' ? [inputs[e.index]!.dtype] : []))
  if (out.dtype === 'int32' || out.shape.includes(0)) return null
  const dtypes: DType[] = [...used, out.dtype]
  const isSingle = dtypes.includes('float32') && !dtypes.includes('float64') && !dtypes.includes('int32')
  return isSingle ? inSingle(each) : runOn(reference, kernel, inputs, out)
}

describe('maps', () => {
  const few = fc.integer({ min: 0, max: 3 })
  test('are exact where the arithmetic is, over any shape, strides and dtypes', () => {
    let served = 0
    fc.assert(
      fc.property(maps(few) as fc.Arbitrary<MapCase>, (each) => {
        fc.pre(isExact(each.kernel.expression))
        const before = each.inputs.map(({ data }) => data.slice())
        const result = run(each.kernel, each.inputs, each.out)
        const wanted = expected(each)
        expect(result && elementsOf(result)).toEqual(wanted && elementsOf(wanted))
        expect(result?.dtype).toBe(wanted?.dtype)
        expect(each.inputs.map(({ data }) => data)).toEqual(before)
        if (result) served++
      }),
      { ...cases(500), ignoreEqualValues: true },
    )
    expect(served).toBeGreaterThan(100)
  })

  test('keep a number that is also looked at as a truth value', () => {
    const isTrue: Expression = { kind: 'apply', rule: rules.logicalOr, args: [input(0), constant(0)] }
    const expression: Expression = { kind: 'apply', rule: rules.select, args: [isTrue, input(0), isTrue] }
    const x = value([3], [0, 0.5, -2])
    expect(elementsOf(run({ kind: 'map', expression, arity: 1 }, [x], x)!)).toEqual([0, 0.5, -2])
  })

  test('bounded by constants keep NaN and the signs of zeros', () => {
    const elements = [0, -0, 1, -1, 1e-46, NaN, Infinity, -Infinity]
    for (const dtype of ['float32', 'float64'] as const) {
      const x = value([elements.length], elements, dtype)
      for (const bound of [...elements, -1e-46]) {
        for (const name of ['maximum', 'minimum'] as const) {
          for (const args of [
            [input(0), constant(bound)],
            [constant(bound), input(0)],
          ]) {
            const kernel = { kind: 'map', expression: { kind: 'apply', rule: rules[name], args }, arity: 1 } as const
            expect(elementsOf(run(kernel, [x], x)!)).toEqual(elementsOf(runOn(reference, kernel, [x], x)!))
          }
        }
      }
    }
  })

  test('of smooth fused expressions are within a few units', () => {
    const wave = rules.tanh.value
    const smooth = (m: Algebra<Expression>): Expression => {
      const [x, y] = [input(0), input(1)]
      const gate = m.div(1, m.add(1, m.exp(m.neg(x))))
      const part = m.add(m.sin(y), m.log1p(m.mul(x, x)))
      return m.add(m.mul(wave(m, m.add(m.mul(2, x), 1)), gate), m.mul(m.exp(m.neg(m.mul(x, x))), part))
    }
    const algebra = Object.fromEntries(
      Object.keys(numbers).map((name) => [
        name,
        (...args: (Expression | number)[]) => ({
          kind: 'apply',
          rule: rules[name as 'add'],
          args: args.map((arg) => (typeof arg === 'number' ? constant(arg) : arg)),
        }),
      ]),
    ) as unknown as Algebra<Expression>
    const kernel = { kind: 'map', expression: smooth(algebra), arity: 2 } as const
    const pair = (dtype: DType) => fc.tuple(valuesOf([5, 7], dtype, 'whole'), valuesOf([5, 7], dtype, 'whole'))
    for (const [dtype, bound] of [
      ['float32', 3e-6],
      ['float64', 1e-14],
    ] as const) {
      fc.assert(
        fc.property(pair(dtype), (inputs) => {
          const scaled = inputs.map((x) => ({ ...x, data: x.data.map((e) => e / 4) }))
          const out = { shape: [5, 7], dtype }
          const actual = elementsOf(run(kernel, scaled, out)!)
          const wanted = elementsOf(runOn(reference, kernel, scaled, { ...out, dtype: 'float64' })!)
          actual.forEach((e, i) => {
            expect(Math.abs(e - wanted[i]!)).toBeLessThanOrEqual(bound * (1 + Math.abs(wanted[i]!)))
          })
        }),
        cases(50),
      )
    }
  })

  test('of large arrays with a bias, transposed, and beside each other', () => {
    const [rows, columns] = [301, 203]
    const data = Float32Array.from({ length: rows * columns }, (_, i) => ((i * 7919) % 1013) - 500)
    const x: Value = { data, shape: [rows, columns], dtype: 'float32', strides: [1, rows], offset: 0, shared: false }
    const bias: Value = { data, shape: [rows, columns], dtype: 'float32', strides: [0, 1], offset: 9, shared: false }
    const expression: Expression = { kind: 'apply', rule: rules.sub, args: [input(0), input(1)] }
    const out = { shape: [rows, columns], dtype: 'float32' } as const
    const kernel = { kind: 'map', expression, arity: 2 } as const
    expect(elementsOf(run(kernel, [x, bias], out)!)).toEqual(elementsOf(runOn(reference, kernel, [x, bias], out)!))
    expect(elementsOf(run(kernel, [bias, x], out)!)).toEqual(elementsOf(runOn(reference, kernel, [bias, x], out)!))
  })

  test('that are too long are left to others', () => {
    let expression: Expression = input(0)
    for (let i = 0; i < 1000; i++) expression = { kind: 'apply', rule: rules.mul, args: [expression, constant(i)] }
    const x = value([4], [1, 2, 3, 4])
    expect(run({ kind: 'map', expression, arity: 1 }, [x], x)).toBe(null)
  })

  test('come and go: more kernels than are kept', () => {
    const x = value([2], [1, 2])
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 520; i++) {
        const expression: Expression = { kind: 'apply', rule: rules.mul, args: [input(0), constant(i)] }
        expect(run({ kind: 'map', expression, arity: 1 }, [x], x)!.data[1]).toBe(2 * i)
      }
    }
  })
})
