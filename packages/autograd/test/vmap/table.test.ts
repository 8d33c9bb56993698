import { stack, type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { materialize } from '../../src/gradcheck/operators.js'
import { leavesOf, rebuild } from '../../src/graph/tree.js'
import { table } from '../../src/ops/index.js'
import { tensorsOf } from '../compile/harness.js'
import { eachSample } from '../ops/samples.js'
import { compiled, loop, mapped, type Program, withDerivatives } from './programs.js'

/** Tensors of one form for some examples: floats differ, other elements change their places. */
const examples = (sample: readonly unknown[], count: number): Tensor[][] =>
  Array.from({ length: count }, (_, i) =>
    leavesOf(materialize(sample, i), 'sample').map(({ node }) => rotated(node as Tensor, i)),
  )

const rotated = (x: Tensor, by: number): Tensor => {
  const elements = [...x.data]
  const turned = elements.map((_, i) => elements[(i + by) % elements.length]!)
  return tensor(turned, { dtype: x.dtype }).reshape(x.shape) as Tensor
}

/** Which tensors are batched: each alone, and all of them. */
const positions = (count: number): boolean[][] => {
  const alone = Array.from({ length: count }, (_, i) => Array.from({ length: count }, (_, j) => i === j))
  const all = new Array<boolean>(count).fill(true)
  return count === 1 ? [all] : [...alone, all]
}

const expectClose = (got: readonly Tensor[], wanted: readonly Tensor[]): void => {
  expect(got.map(String)).toEqual(wanted.map(String))
  got.forEach((x, i) => {
    const other = wanted[i]!.data
    const off = Array.from(x.data).flatMap((a, place) => {
      const b = other[place]!
      return Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-11 * Math.max(1, Math.abs(b))
        ? []
        : [{ result: i, place, got: a, wanted: b }]
    })
    expect(off).toEqual([])
  })
}

const call = (op: unknown, args: readonly unknown[]): unknown =>
  (op as (...given: readonly unknown[]) => unknown)(...args)

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
