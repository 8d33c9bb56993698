import { stack } from '@adjoint/autograd'
import { describe, test } from 'vitest'
import { materialize } from '../../src/gradcheck/operators.js'
import { rebuild } from '../../src/graph/tree.js'
import { table } from '../../src/ops/index.js'
import { tensorsOf } from '../compile/harness.js'
import { eachSample } from '../ops/samples.js'
import { call, examples, expectClose, positions } from './examples.js'
import { compiled, loop, mapped, type Program, withDerivatives } from './programs.js'

const axes = (isBatched: readonly boolean[]) => isBatched.map((is) => (is ? 0 : null))

describe('every op under vmap equals the loop over examples, values and derivatives to second order', () => {
  const size = 3
  test.each(table.map((op) => [op.opName, op] as const))('%s', (_, op) => {
    eachSample(op, (sample) => {
      const args = materialize(sample)
      const sets = examples(sample, 2 * size)
      const first = sets[0]!
      if (first.length === 0) return
      const f: Program = (...tensors) => tensorsOf(call(op, rebuild(args, tensors) as unknown[]))
      const g = withDerivatives(f, op.differentiable)
      for (const isBatched of positions(first.length)) {
        const inputs = first.map((x, j) => (isBatched[j] ? stack(sets.slice(0, size).map((set) => set[j]!)) : x))
        const wanted = loop(g, inputs, isBatched, size)
        const batched = mapped(g, { in: axes(isBatched) })
        expectClose(batched(...inputs), wanted)
        expectClose(compiled(batched)(...inputs), wanted)
        // differentiated from outside
        const outside = withDerivatives(mapped(f, { in: axes(isBatched) }), op.differentiable)
        const looped = withDerivatives((...given) => loop(f, given, isBatched, size), op.differentiable)
        const wantedOutside = looped(...inputs)
        expectClose(outside(...inputs), wantedOutside)
        expectClose(compiled(outside)(...inputs), wantedOutside)
      }
      // two levels: all are batched outside, and one after the other also inside
      const deep = first.map((_, j) =>
        stack([0, 1].map((i) => (j % 2 === 0 ? stack([0, 1, 2].map((k) => sets[3 * i + k]![j]!)) : sets[i]![j]!))),
      )
      const inner = first.map((_, j) => j % 2 === 0)
      const twice = mapped(mapped(g, { in: axes(inner) }), {})
      const wantedTwice = loop(
        (...given) => loop(g, given, inner, size),
        deep,
        first.map(() => true),
        2,
      )
      expectClose(twice(...deep), wantedTwice)
      expectClose(compiled(twice)(...deep), wantedTwice)
    })
  })
})
