import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../../../../src/execution/reference/index.js'
import { defineReduce } from '../../../../src/execution/wasm/elementwise/reduce.js'
import { allocate, type DType } from '../../../../src/graph/dtype.js'
import { type Shape, sizeOf } from '../../../../src/graph/shape.js'
import { denseValue, type Value } from '../../../../src/graph/value.js'
import type { Expression } from '../../../../src/rules/expression.js'
import { type StraightLine, straightLine } from '../../../../src/rules/straight-line.js'
import { input, symbols } from '../../../../src/rules/symbols.js'
import { cases, elementsOf, runOn, value } from '../../values.js'
import { describeSums } from '../sums.js'
import { inputsOver, runKernel, someShapes, stridedOf } from './maps-harness.js'

type By = 'add' | 'max' | 'min'

const reducedShape = (shape: Shape, axes: readonly number[]): Shape =>
  shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))

const run = (
  by: By,
  axes: readonly number[],
  program: StraightLine | null,
  inputs: readonly Value[],
  shape: Shape,
  dtype: DType,
  stored: readonly DType[] = [],
): Value[] | null => {
  const out = { shape: reducedShape(shape, axes), dtype }
  return runKernel(
    (target) => defineReduce(target, { by, axes }, program, inputs.map(stridedOf), shape, out, stored),
    inputs,
    [out, ...stored.map((each) => ({ shape, dtype: each }))],
  )
}
const fold = (by: By, x: Value, ...axes: number[]): number[] | null => {
  const results = run(by, axes, null, [x], x.shape, x.dtype)
  return results && elementsOf(results[0]!)
}
const byReference = (by: By, axes: readonly number[], x: Value, dtype = x.dtype): number[] =>
  elementsOf(runOn(reference, { kind: 'reduce', by, axes }, [x], { shape: reducedShape(x.shape, axes), dtype })!)

/** What an expression gives, as float64. */
const elementwise = (expression: Expression, inputs: readonly Value[], shape: Shape, dtype: DType = 'float64'): Value =>
  runOn(reference, { kind: 'map', expression, arity: inputs.length }, inputs, { shape, dtype })!

/** Whole numbers without a pattern, from -8 to 8. */
const whole = (shape: Shape, dtype: DType): Value => {
  const data = allocate(dtype, sizeOf(shape))
  for (let i = 0; i < data.length; i++) data[i] = (((i * 7919 + 13) % 1009) % 17) - 8
  return denseValue(data, shape, dtype)
}
const transpose = (x: Value): Value => ({ ...x, shape: x.shape.toReversed(), strides: x.strides.toReversed() })

const [x, y] = [input(0), input(1)]
const monoids = fc.constantFrom<By>('add', 'max', 'min')
const axesOf = (shape: Shape, picks: number): number[] => [...shape.keys()].filter((axis) => (picks >> axis) & 1)

describe('folds of compiled programs', () => {
  test('agree with the reference backend on any shape, strides, dtypes and axes', () => {
    fc.assert(
      fc.property(
        someShapes.chain((shape) => inputsOver(shape, 1, undefined, 'extended')),
        monoids,
        fc.nat(15),
        fc.constantFrom<DType | null>(null, null, 'float64', 'float32', 'int32', 'bool'),
        ([operand], by, picks, dtype) => {
          const axes = axesOf(operand!.shape, picks)
          const results = run(by, axes, null, [operand!], operand!.shape, dtype ?? operand!.dtype)
          expect(results).not.toBe(null)
          expect(elementsOf(results![0]!)).toEqual(byReference(by, axes, operand!, dtype ?? operand!.dtype))
        },
      ),
      { ...cases(500), ignoreEqualValues: true },
    )
  })

  test('fold and store what is computed from windows of any strides', () => {
    const squared = symbols.mul(symbols.sub(x, y), symbols.sub(x, y))
    const roots = [squared, squared, symbols.sub(x, y), symbols.less(x, y)]
    const kinds = fc.constantFrom<DType>('float32', 'float64')
    fc.assert(
      fc.property(
        someShapes.chain((shape) => fc.tuple(fc.constant(shape), inputsOver(shape, 2, kinds, 'whole'))),
        monoids,
        fc.nat(15),
        kinds,
        fc.integer({ min: 0, max: 3 }),
        ([shape, inputs], by, picks, dtype, count) => {
          const axes = axesOf(shape, picks)
          const stored = [dtype, dtype, 'bool' as const].slice(0, count)
          const program = straightLine(roots.slice(0, count + 1))
          const [folded, ...others] = run(by, axes, program, inputs, shape, dtype, stored)!
          expect(elementsOf(folded!)).toEqual(byReference(by, axes, elementwise(squared, inputs, shape), dtype))
          others.forEach((other, i) => {
            expect(elementsOf(other)).toEqual(elementsOf(elementwise(roots[i + 1]!, inputs, shape, stored[i]!)))
          })
        },
      ),
      { ...cases(300), ignoreEqualValues: true },
    )
  })

  test('of rows of every length, stored as they are computed', () => {
    for (const dtype of ['float32', 'float64'] as const) {
      for (let columns = 1; columns < 80; columns += columns < 20 ? 1 : 7) {
        const operand = whole([5, columns], dtype)
        const twice = straightLine([symbols.mul(x, 2), symbols.mul(x, 2)])
        for (const axis of [0, 1]) {
          for (const by of ['add', 'max'] as const) {
            const [folded, stored] = run(by, [axis], twice, [operand], operand.shape, dtype, [dtype])!
            const doubled = value(
              operand.shape,
              elementsOf(operand).map((e) => 2 * e),
              dtype,
            )
            expect(elementsOf(stored!)).toEqual(elementsOf(doubled))
            expect(elementsOf(folded!)).toEqual(byReference(by, [axis], doubled))
          }
        }
      }
    }
  })

  test.each(['float32', 'float64'] as const)('of large %s along any axes', (dtype) => {
    for (const shape of [[30000], [7, 300], [300, 7], [45, 67], [5, 9, 41], [2, 3, 4, 35], [6, 1000, 2]]) {
      const operand = whole(shape, dtype)
      for (let picks = 1; picks < 1 << shape.length; picks++) {
        const axes = axesOf(shape, picks)
        for (const by of ['add', 'max', 'min'] as const) {
          expect(fold(by, operand, ...axes)).toEqual(byReference(by, axes, operand))
          const turned = transpose(operand)
          expect(fold(by, turned, ...axes)).toEqual(byReference(by, axes, turned))
        }
      }
    }
  })

  test('of NaN and infinities', () => {
    for (const dtype of ['float32', 'float64'] as const) {
      for (const [at, odd] of [
        [0, NaN],
        [3000, Infinity],
        [9999, -Infinity],
      ] as const) {
        const operand = whole([2500, 4], dtype)
        operand.data[at] = odd
        for (const by of ['add', 'max', 'min'] as const) {
          for (const axes of [[0], [1], [0, 1]]) {
            expect(fold(by, operand, ...axes)).toEqual(byReference(by, axes, operand))
          }
        }
      }
    }
  })

  test('over nothing give the identity', () => {
    for (const dtype of ['float32', 'float64', 'int32'] as const) {
      const nothing = value([3, 0, 2], [], dtype)
      for (const by of ['add', 'max', 'min'] as const) {
        for (const axes of [[1], [0, 1], [0, 1, 2], [0]]) {
          expect(fold(by, nothing, ...axes)).toEqual(byReference(by, axes, nothing))
        }
      }
    }
  })

  test('of exp(x - max) along rows, stored: as a softmax has it', () => {
    const [rows, columns] = [37, 65]
    const operand = value(
      [rows, columns],
      Array.from({ length: rows * columns }, (_, i) => ((i * 7919) % 101) / 8),
    )
    const [largest] = run('max', [1], null, [operand], operand.shape, 'float32')!
    const window = { ...largest!, shape: operand.shape, strides: [1, 0] }
    const powers = symbols.exp(symbols.sub(x, y))
    const inputs = [operand, window]
    const [sums, stored] = run('add', [1], straightLine([powers, powers]), inputs, operand.shape, 'float32', [
      'float32',
    ])!
    const wanted = elementwise(powers, inputs, operand.shape)
    elementsOf(stored!).forEach((e, i) => {
      expect(Math.abs(e / wanted.data[i]! - 1)).toBeLessThan(2 ** -22)
    })
    byReference('add', [1], wanted).forEach((e, i) => {
      expect(Math.abs(sums!.data[i]! / e - 1)).toBeLessThan(2 ** -22)
    })
  })

  test('of integers wrap as JavaScript does; of what is not exact they are left to others', () => {
    const operand = value([2, 3], [2 ** 31 - 1, 7, -5, 2 ** 31 - 1, 9, 2], 'int32')
    expect(fold('add', operand, 0)).toEqual(byReference('add', [0], operand))
    expect(fold('add', operand, 0, 1)).toEqual(byReference('add', [0, 1], operand))
    expect(run('add', [0], straightLine([symbols.exp(x)]), [operand], [2, 3], 'int32')).toBe(null)
  })
})

describeSums('sums of compiled programs', fold, () => ({
  ...value([16], new Array(16).fill(1)),
  shape: [2 ** 20, 16],
  strides: [0, 1],
}))
