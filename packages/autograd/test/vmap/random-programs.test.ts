import { grad, noGrad, stack, type Tensor, valueAndGrad } from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isFloat } from '../../src/graph/dtype.js'
import { difference } from '../compile/harness.js'
import { inputsOf, lossOf, type Program, programs, runProgram } from '../compile/programs.js'
import { byFloats, compiled, type Program as Fn, loop, mapped } from './programs.js'

/** Values, the gradient of their sum by the floats, and that of what the gradient adds up to. */
const toSecondOrder =
  (f: Fn): Fn =>
  (...inputs) => {
    const floats = inputs.filter(({ dtype }) => isFloat(dtype))
    const loss = (list: Tensor[]) => lossOf(byFloats(f, inputs)(list), list[0]!)
    const slope = (list: Tensor[]) => lossOf(grad(loss)(list), list[0]!)
    const [value, first] = valueAndGrad(loss)(floats)
    return [...noGrad(() => f(...inputs)), value, ...first, ...grad(slope)(floats)]
  }

const axes = (isBatched: readonly boolean[]) => isBatched.map((is) => (is ? 0 : null))

/** One for each input: the examples, or one of them where all have it in common. */
const batchOf = (sets: readonly (readonly Tensor[])[], isBatched: readonly boolean[], size: number): Tensor[] =>
  sets[0]!.map((x, j) => {
    if (!isBatched[j]) return x
    return size === 0
      ? (stack([x]).slice(0, 0, 0) as Tensor)
      : (stack(sets.slice(0, size).map((set) => set[j]!)) as Tensor)
  })

const sizes = [0, 1, 3]

/** A program, which of its inputs are batched (outside, and inside of that), and how many examples there are. */
const calls = programs('float64').chain((program) => {
  const mask = fc
    .array(fc.boolean(), { minLength: program.inputs.length, maxLength: program.inputs.length })
    .filter((all) => all.includes(true))
  return fc.record({ program: fc.constant(program), outer: mask, inner: mask, size: fc.constantFrom(...sizes, 3) })
})

const settings = { seed: 9, numRuns: 60 }
const ways: readonly (readonly [string, (f: Fn) => Fn])[] = [
  ['eager', (f) => f],
  ['compiled', compiled],
]

/** What a loop gives; for no examples, what it has of the shapes for one. */
const looped =
  (f: Fn, isBatched: readonly boolean[], size: number, one: readonly Tensor[]): Fn =>
  (...inputs) => {
    if (size > 0) return loop(f, inputs, isBatched, size)
    return f(...one).map((x) => stack([x]).slice(0, 0, 0) as Tensor)
  }

describe.each(ways)('random programs, %s, equal the loop over examples to second order', (_, way) => {
  const check = (got: Fn, wanted: Fn, inputs: Tensor[]) => {
    const expected = wanted(...inputs)
    const tolerance = expected.some((x) => x.dtype === 'float32') ? 1e-4 : 1e-9
    expect(difference(way(got)(...inputs), expected, tolerance)).toBeNull()
  }
  const examplesOf = (program: Program, count: number) =>
    Array.from({ length: count }, (_, i) => inputsOf(program, i + 1))

  test('differentiated inside', () => {
    fc.assert(
      fc.property(calls, ({ program, outer, size }) => {
        const f = toSecondOrder((...inputs) => runProgram(program, inputs))
        const sets = examplesOf(program, 3)
        check(mapped(f, { in: axes(outer) }), looped(f, outer, size, sets[0]!), batchOf(sets, outer, size))
      }),
      settings,
    )
  }, 60_000)

  test('differentiated outside', () => {
    fc.assert(
      fc.property(calls, ({ program, outer, size }) => {
        const f: Fn = (...inputs) => runProgram(program, inputs)
        const sets = examplesOf(program, 3)
        const wanted = toSecondOrder(looped(f, outer, size, sets[0]!))
        check(toSecondOrder(mapped(f, { in: axes(outer) })), wanted, batchOf(sets, outer, size))
      }),
      settings,
    )
  }, 60_000)

  test('at two levels, differentiated inside, between and outside', () => {
    fc.assert(
      fc.property(calls, fc.constantFrom('inside', 'between', 'outside'), ({ program, outer, inner, size }, where) => {
        const at = (place: string, f: Fn): Fn => (place === where ? toSecondOrder(f) : f)
        const f: Fn = at('inside', (...inputs) => runProgram(program, inputs))
        const sets = examplesOf(program, 6)
        const rows = [0, 1].map((i) => batchOf(sets.slice(3 * i), inner, size))
        const twice = at('outside', mapped(at('between', mapped(f, { in: axes(inner) })), { in: axes(outer) }))
        const wanted = at('outside', looped(at('between', looped(f, inner, size, sets[0]!)), outer, 2, rows[0]!))
        check(twice, wanted, batchOf(rows, outer, 2))
      }),
      settings,
    )
  }, 60_000)
})
