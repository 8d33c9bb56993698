import { stack, type Tensor } from '@adjoint/autograd'
import { describe, test } from 'vitest'
import { materialize } from '../../src/gradcheck/samples.js'
import { rebuild } from '../../src/graph/tree.js'
import { table } from '../../src/ops/index.js'
import { tensorsOf } from '../compile/harness.js'
import { eachSample, inTurn } from '../ops/samples.js'
import { call, examples, expectClose, positions } from './examples.js'
import { compiled, loop, mapped, type Program, withDerivatives } from './programs.js'

/** A program, and what gives the same. */
type Pair = readonly [Program, Program]

/** Eager, and compiled. */
const bothWays = ([program, wanted]: Pair, inputs: readonly Tensor[]) => [
  () => expectClose(program(...inputs), wanted(...inputs)),
  () => expectClose(compiled(program)(...inputs), wanted(...inputs)),
]

const axes = (isBatched: readonly boolean[]) => isBatched.map((is) => (is ? 0 : null))

describe('every op under vmap equals the loop over examples, values and derivatives to second order', () => {
  const size = 3
  test.each(table.map((op) => [op.opName, op] as const))('%s', (_, op) => {
    eachSample(op, (sample, index) => {
      const args = materialize(sample)
      const sets = examples(sample, 2 * size)
      const first = sets[0]!
      if (first.length === 0) return
      const f: Program = (...tensors) => tensorsOf(call(op, rebuild(args, tensors) as unknown[]))
      const g = withDerivatives(f, op.differentiable)
      const ways = positions(first.length).flatMap((isBatched, k) => {
        const inputs = first.map((x, j) => (isBatched[j] ? stack(sets.slice(0, size).map((set) => set[j]!)) : x))
        const inside: Pair = [mapped(g, { in: axes(isBatched) }), (...given) => loop(g, given, isBatched, size)]
        // differentiated from outside
        const outside: Pair = [
          withDerivatives(mapped(f, { in: axes(isBatched) }), op.differentiable),
          withDerivatives((...given) => loop(f, given, isBatched, size), op.differentiable),
        ]
        const all = [...bothWays(inside, inputs), ...bothWays(outside, inputs)]
        // where one is batched, eager inside and compiled outside, or the other way round
        return isBatched.includes(false) ? [all[k % 2]!, all[3 - (k % 2)]!] : all
      })
      // two levels: all are batched outside, and one after the other also inside
      const deep = first.map((_, j) =>
        stack([0, 1].map((i) => (j % 2 === 0 ? stack([0, 1, 2].map((k) => sets[3 * i + k]![j]!)) : sets[i]![j]!))),
      )
      const inner = first.map((_, j) => j % 2 === 0)
      const twice: Pair = [
        mapped(mapped(g, { in: axes(inner) }), {}),
        (...given) =>
          loop(
            (...each) => loop(g, each, inner, size),
            given,
            first.map(() => true),
            2,
          ),
      ]
      for (const attempt of inTurn(op, index, [...ways, ...bothWays(twice, deep)])) attempt()
    })
  })
})
