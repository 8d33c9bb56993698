import { checkpoint, stack, type Tensor } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { materialize } from '../../src/gradcheck/samples.js'
import { leavesOf, rebuild } from '../../src/graph/tree.js'
import { table } from '../../src/ops/index.js'
import { tensorsOf } from '../compile/harness.js'
import { inJavaScript } from '../execution/tiers.js'
import { eachSample, inTurn } from '../ops/samples.js'
import { compiled, mapped, type Program, withDerivatives } from '../vmap/programs.js'

const numbers = (all: readonly Tensor[]) => all.map((x) => ({ is: String(x), elements: Array.from(x.data) }))

/** Where three cotangents meet, which are added in the order of the walk: that is another one. */
const inAnotherOrder = ['batchNorm', 'scaledDotProductAttention']

/** What runs in one loop may be rounded otherwise. */
const expectClose = (got: readonly Tensor[], wanted: readonly Tensor[]): void => {
  expect(got.map(String)).toEqual(wanted.map(String))
  const off = got.flatMap((x, result) =>
    Array.from(x.data).flatMap((a, place) => {
      const b = wanted[result]!.data[place]!
      return Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(b))
        ? []
        : [{ result, place, got: a, wanted: b }]
    }),
  )
  expect(off).toEqual([])
}

const call = (op: unknown, args: readonly unknown[]): unknown =>
  (op as (...given: readonly unknown[]) => unknown)(...args)

describe('every op in a checkpoint gives the same as without, values and derivatives to second order', () => {
  test.each(table.map((op) => [op.opName, op] as const))('%s', (_, op) => {
    eachSample(op, (sample, index) => {
      const args = materialize(sample)
      const inputs = leavesOf(args, 'sample').map(({ node }) => node as Tensor)
      if (inputs.length === 0) return
      const f: Program = (...tensors) => tensorsOf(call(op, rebuild(args, tensors) as unknown[]))
      const plain = withDerivatives(f, op.differentiable)
      const checkpointed = withDerivatives(checkpoint(f), op.differentiable)
      const closing: Program = (...tensors) => checkpoint(() => f(...tensors))()
      const same = (program: Program) => () => {
        const [got, wanted] = inJavaScript(() => [program(...inputs), plain(...inputs)])
        if (inAnotherOrder.includes(op.opName)) expectClose(got, wanted)
        else expect(numbers(got)).toEqual(numbers(wanted))
      }
      const ways = [
        same(checkpointed),
        () => {
          const batch = inputs.map((input) => stack([input, input]))
          expectClose(mapped(checkpointed, {})(...batch), mapped(plain, {})(...batch))
        },
        same(checkpoint(plain)),
        () => expectClose(compiled(checkpointed)(...inputs), compiled(plain)(...inputs)),
        same(withDerivatives(closing, op.differentiable)),
        same(withDerivatives(checkpoint(checkpoint(f)), op.differentiable)),
      ]
      for (const attempt of inTurn(op, index, ways)) attempt()
    })
  })
})
