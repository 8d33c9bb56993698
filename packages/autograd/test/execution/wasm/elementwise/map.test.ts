import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../../../../src/execution/reference/index.js'
import { defineMap } from '../../../../src/execution/wasm/elementwise/map.js'
import type { DType } from '../../../../src/graph/dtype.js'
import { contiguousStrides, type Shape } from '../../../../src/graph/shape.js'
import type { Value } from '../../../../src/graph/value.js'
import type { Algebra } from '../../../../src/rules/algebra.js'
import type { Expression } from '../../../../src/rules/expression.js'
import { rules } from '../../../../src/rules/index.js'
import { numbers } from '../../../../src/rules/numbers.js'
import { straightLine } from '../../../../src/rules/straight-line.js'
import { constant, input, symbols } from '../../../../src/rules/symbols.js'
import { inOrder, interpret } from '../../../../src/rules/traverse.js'
import { cases, dtypes, elementsOf, expressions, runOn, value, valuesOf } from '../../values.js'
import { inputsOver, runKernel, someShapes, stridedOf } from './maps-harness.js'

const run = (
  roots: readonly Expression[],
  inputs: readonly Value[],
  shape: Shape,
  outs: readonly DType[],
  inPlace?: number,
): Value[] | null =>
  runKernel(
    (target) => defineMap(target, straightLine(roots), inputs.map(stridedOf), shape, outs),
    inputs,
    outs.map((dtype) => ({ shape, dtype })),
    inPlace,
  )

/** What rounds differently in vectors: it is held to bounds in vector.test.ts. */
const inexact = new Set(['exp', 'expm1', 'log', 'log1p', 'tanh', 'sin', 'cos', 'erf', 'pow'])
const isExact = (roots: readonly Expression[]): boolean =>
  inOrder(roots).every((node) => node.kind !== 'apply' || !inexact.has(node.rule.name))

/** The numbers, each result rounded to float32: what a computation in float32 gives. */
const singles = Object.fromEntries(
  Object.entries(numbers).map(([name, f]) => [
    name,
    (...operands: number[]) => Math.fround((f as (...all: number[]) => number)(...operands)),
  ]),
) as unknown as Algebra<number>

const expected = (
  root: Expression,
  inputs: readonly Value[],
  shape: Shape,
  dtype: DType,
  single: boolean,
): readonly number[] => {
  if (!single) {
    const kernel = { kind: 'map', expression: root, arity: inputs.length } as const
    return elementsOf(runOn(reference, kernel, inputs, { shape, dtype })!)
  }
  const elements = inputs.map(elementsOf)
  const size = shape.reduce((product, dim) => product * dim, 1)
  return Array.from({ length: size }, (_, i) => {
    const result = interpret([root], singles, (index) => elements[index]![i]!)[0]!
    return dtype === 'bool' ? Number(result !== 0) : result
  })
}

const isSingle = (roots: readonly Expression[], inputs: readonly Value[], outs: readonly DType[]): boolean => {
  const used = inOrder(roots).flatMap((node) => (node.kind === 'input' ? [inputs[node.index]!.dtype] : []))
  const all = [...used, ...outs]
  return all.includes('float32') && !all.includes('float64') && !all.includes('int32')
}

describe('maps of compiled programs', () => {
  const scenario = (kinds: fc.Arbitrary<DType>) =>
    fc
      .tuple(someShapes, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 3 }))
      .chain(([shape, arity, count]) =>
        fc.record({
          shape: fc.constant(shape),
          roots: fc.array(expressions(arity), { minLength: count, maxLength: count }),
          outs: fc.array(kinds, { minLength: count, maxLength: count }),
          inputs: inputsOver(shape, arity, kinds),
        }),
      )

  test.each([
    ['of any dtypes', dtypes],
    ['of float32 and truth values', fc.constantFrom<DType>('float32', 'float32', 'bool')],
  ])('%s are exact where the arithmetic is, over any shape and strides', (_, kinds) => {
    let served = 0
    fc.assert(
      fc.property(scenario(kinds), ({ shape, roots, outs, inputs }) => {
        fc.pre(isExact(roots))
        const results = run(roots, inputs, shape, outs)
        const single = isSingle(roots, inputs, outs)
        expect(results).not.toBe(null)
        roots.forEach((root, i) => {
          expect(elementsOf(results![i]!)).toEqual(expected(root, inputs, shape, outs[i]!, single))
        })
        served++
      }),
      { ...cases(300), ignoreEqualValues: true },
    )
    expect(served).toBeGreaterThan(100)
  })

  const [x, y, z] = [input(0), input(1), input(2)]

  test('write whole rows of every length and number', () => {
    const total = symbols.sub(symbols.mul(x, 2), symbols.add(y, z))
    for (const dtype of ['float32', 'float64'] as const) {
      for (const rows of [1, 2, 3, 8, 21]) {
        for (let columns = 1; columns < 40; columns++) {
          const shape = [rows, columns]
          const dense = value(
            shape,
            Array.from({ length: rows * columns }, (_, i) => i),
            dtype,
          )
          const bias: Value = { ...dense, strides: [0, 1] }
          const perRow: Value = { ...dense, strides: [1, 0] }
          const inputs = [dense, bias, perRow]
          const wanted = Array.from({ length: rows * columns }, (_, i) => {
            return 2 * i - (i % columns) - Math.floor(i / columns)
          })
          expect(elementsOf(run([total], inputs, shape, [dtype])![0]!)).toEqual(wanted)
        }
      }
    }
  })

  test('of smooth expressions are within a few units, each result', () => {
    const gate = symbols.div(1, symbols.add(1, symbols.exp(symbols.neg(x))))
    const smooth = symbols.add(
      symbols.mul(symbols.tanh(symbols.add(symbols.mul(2, x), 1)), gate),
      symbols.mul(
        symbols.exp(symbols.neg(symbols.mul(x, x))),
        symbols.add(symbols.sin(y), symbols.log1p(symbols.mul(y, y))),
      ),
    )
    for (const [dtype, bound] of [
      ['float32', 3e-6],
      ['float64', 1e-14],
    ] as const) {
      for (const shape of [[3], [37], [5, 7], [2, 30, 2]]) {
        const pair = fc.tuple(valuesOf(shape, dtype, 'whole'), valuesOf(shape, dtype, 'whole'))
        fc.assert(
          fc.property(pair, (inputs) => {
            const scaled = inputs.map((each) => ({ ...each, data: each.data.map((e) => e / 4) }))
            const results = run([smooth, gate], scaled, shape, [dtype, dtype])!
            for (const [i, root] of [smooth, gate].entries()) {
              const wanted = expected(root, scaled, shape, 'float64', false)
              elementsOf(results[i]!).forEach((e, j) => {
                expect(Math.abs(e - wanted[j]!)).toBeLessThanOrEqual(bound * (1 + Math.abs(wanted[j]!)))
              })
            }
          }),
          cases(20),
        )
      }
    }
  })

  test('may put a result in the place of an input', () => {
    for (const size of [1, 3, 4, 17, 100, 1001]) {
      for (const dtype of ['float32', 'float64', 'bool'] as const) {
        const elements = Array.from({ length: size }, (_, i) => (dtype === 'bool' ? i % 2 : i))
        const inputs = [value([size], elements, dtype), { ...value([1], [1], dtype), shape: [size], strides: [0] }]
        const roots =
          dtype === 'bool' ? [symbols.logicalAnd(symbols.logicalNot(x), y)] : [symbols.sub(symbols.mul(x, 2), y)]
        const wanted = elements.map((e) => (dtype === 'bool' ? 1 - e : 2 * e - 1))
        const more = [...roots, symbols.neg(x)]
        const results = run(more, inputs, [size], [dtype, 'float64'], 0)!
        expect(elementsOf(results[0]!)).toEqual(wanted)
        expect(elementsOf(results[1]!)).toEqual(elements.map((e) => -e))
      }
    }
  })

  test('wrap integers as JavaScript does', () => {
    const odd = [2 ** 31 - 1, -(2 ** 31), 123456789, -987654321, 0, 7, -1]
    const inputs = [value([7], odd, 'int32'), value([7], odd.toReversed(), 'int32')]
    const floats = [value([7], [NaN, Infinity, -Infinity, 1e20, -1e20, 2.9, -2.9], 'float64'), inputs[0]!]
    for (const root of [symbols.mul(x, y), symbols.add(x, y), symbols.sub(x, y), symbols.neg(x), x]) {
      for (const operands of [inputs, floats]) {
        expect(elementsOf(run([root], operands, [7], ['int32'])![0]!)).toEqual(
          expected(root, operands, [7], 'int32', false),
        )
      }
    }
    expect(run([symbols.exp(x)], floats, [7], ['int32'])).toBe(null)
  })

  test('that are too long are left to others', () => {
    let expression: Expression = x
    for (let i = 0; i < 1000; i++) expression = { kind: 'apply', rule: rules.mul, args: [expression, constant(i)] }
    expect(run([expression], [value([4], [1, 2, 3, 4])], [4], ['float32'])).toBe(null)
  })

  test('over nothing write nothing', () => {
    expect(run([x], [value([0, 3], [])], [0, 3], ['float32'])!.map(elementsOf)).toEqual([[]])
    const transposed = { ...value([3, 0], []), shape: [0, 3], strides: contiguousStrides([3, 0]).toReversed() }
    expect(run([x, constant(1)], [transposed], [0, 3], ['float32', 'bool'])!.map(elementsOf)).toEqual([[], []])
  })
})
