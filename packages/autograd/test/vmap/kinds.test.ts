import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../../src/execution/reference/index.js'
import type { Kernel } from '../../src/graph/kernel.js'
import { sizeOf } from '../../src/graph/shape.js'
import { denseData, denseValue, emptyValue, type Spec, type Value } from '../../src/graph/value.js'
import type { Batch } from '../../src/program/batching/batch.js'
import { runBatched } from '../../src/program/batching/kinds.js'
import * as random from '../execution/cases.js'
import { cases, elementsOf } from '../execution/values.js'

const batchOf = (size: number): Batch => {
  const runAll: Batch['runAll'] = (kernel, inputs, outs) => reference.run(kernel, inputs, outs)!
  return { size, runAll, run: (kernel, inputs, out) => runAll(kernel, inputs, [out])[0]! }
}

/** The elements of a value moved on: other examples of the same shape, of the same elements. */
const moved = (value: Value, by: number): Value => {
  const { shape, dtype } = value
  const elements = denseData(value)
  return denseValue(
    elements.map((_, i) => elements[(i + 3 * by) % elements.length]!),
    shape,
    dtype,
  )
}

const stacked = (rows: readonly Value[], { shape, dtype }: Spec): Value => {
  const all = emptyValue({ shape: [rows.length, ...shape], dtype })
  rows.forEach((row, i) => {
    all.data.set(denseData(row), i * sizeOf(shape))
  })
  return all
}

/** What a kernel gives, or the error that it throws. */
const attempt = (f: () => readonly Value[]): unknown => {
  try {
    return f().map((value) => ({ shape: value.shape, dtype: value.dtype, elements: elementsOf(value) }))
  } catch (error) {
    // where in the indices of one example differs from where in those of all
    return `${error}`.replace(/, at \[.*\] of the indices,/, '')
  }
}

/** Runs a case in all ways to batch at least one of the inputs that may be, against each example by itself. */
const equalsLoop = (
  { kernel, inputs, outs }: random.SeveralCase,
  mayDiffer: (index: number) => boolean = () => true,
): void => {
  const places = [...inputs.keys()].filter(mayDiffer)
  for (const size of [0, 1, 3]) {
    for (let choice = 1; choice < 2 ** places.length; choice++) {
      const isBatched = inputs.map((_, i) => places.includes(i) && ((choice >> places.indexOf(i)) & 1) === 1)
      const examples = Array.from({ length: size }, (_, example) =>
        inputs.map((value, i) => (isBatched[i] ? moved(value, example) : value)),
      )
      const given = inputs.map((value, i) => ({
        value: isBatched[i]
          ? stacked(
              examples.map((row) => row[i]!),
              value,
            )
          : value,
        areEqual: !isBatched[i],
      }))
      const got = attempt(() => runBatched(kernel, given, outs, batchOf(size)))
      const wanted = attempt(() => {
        const rows = examples.map((example) => reference.run(kernel, example, outs)!)
        return outs.map((out, i) =>
          stacked(
            rows.map((row) => row[i]!),
            out,
          ),
        )
      })
      expect({ size, isBatched, result: got }).toEqual({ size, isBatched, result: wanted })
    }
  }
}

const walk = (arbitrary: fc.Arbitrary<random.Case>, runs?: number, mayDiffer?: (index: number) => boolean): void =>
  fc.assert(
    fc.property(arbitrary, ({ kernel, inputs, out }) => equalsLoop({ kernel, inputs, outs: [out] }, mayDiffer)),
    cases(runs),
  )

const few = fc.integer({ min: 0, max: 3 })

describe('a kernel of many examples equals the loop over them, whichever inputs differ', () => {
  test('map', () => walk(random.maps(fc.integer({ min: 1, max: 3 }))))
  test('reduce', () => walk(random.reduces, 300))
  test('argReduce', () => walk(random.argReduces))
  test('argReduce with what stands there', () =>
    fc.assert(
      fc.property(random.argReduces, ({ kernel, inputs, out }) => {
        const outs = [out, { shape: out.shape, dtype: inputs[0]!.dtype }]
        equalsLoop({ kernel: { ...kernel, values: true } as Kernel, inputs, outs })
      }),
      cases(),
    ))
  test('cumulate', () => walk(random.cumulates, 300))
  test('sort', () =>
    fc.assert(
      fc.property(random.sorts(), (each) => equalsLoop(each)),
      cases(),
    ))
  test('search', () => walk(random.searches, 300, (index) => index === 1))
  test('search of lines that differ', () => {
    const line = (list: readonly number[]) => denseValue(Float64Array.from(list), [list.length], 'float64')
    const lines = denseValue(Float64Array.of(1, 2, 3, -1, 5, 9), [2, 3], 'float64')
    for (const isShared of [true, false]) {
      const elements = isShared ? line([2, 6]) : denseValue(Float64Array.of(2, 6, 2, 6), [2, 2], 'float64')
      const given = [
        { value: lines, areEqual: false },
        { value: elements, areEqual: isShared },
      ]
      const [found] = runBatched({ kind: 'search', orEqual: true }, given, [{ shape: [2], dtype: 'int32' }], batchOf(2))
      expect(elementsOf(found!)).toEqual([2, 3, 1, 2])
    }
  })
  test('contract', () => walk(random.contracts(few)))
  test('layout', () => walk(random.layouts, 300))
  test('fold', () => walk(random.folds))
  test('reshape', () => walk(random.reshapes))
  test('assemble', () => walk(random.assemblies))
  test('gather', () => walk(random.gathers, 400))
  test('scatter', () => walk(random.scatters, 250))
  // the key is that of a generator, which is the same for all
  test('random', () => walk(random.draws, 200, (index) => index === 1))
})

/** Indices of which some are out of range, or negative where that is refused. */
const withWrongIndices = (all: fc.Arbitrary<random.Case>): fc.Arbitrary<random.Case> =>
  fc
    .tuple(all, fc.constantFrom(-100, 100, -1), fc.nat(), fc.boolean())
    .filter(([{ inputs }]) => sizeOf(inputs[1]!.shape) > 0)
    .map(([{ kernel, inputs, out }, wrong, place, isStrict]) => {
      const indices = Int32Array.from(denseData(inputs[1]!))
      indices[place % indices.length] = wrong
      const given = inputs.with(1, denseValue(indices, inputs[1]!.shape, 'int32'))
      return { kernel: isStrict ? ({ ...kernel, negatives: 'refused' } as Kernel) : kernel, inputs: given, out }
    })

describe('indices that a loop refuses are refused, and by the same words', () => {
  test('gather', () => walk(withWrongIndices(random.gathers), 300))
  test('scatter', () => walk(withWrongIndices(random.scatters), 300))
})
