import { grad, jvp, type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { materialize } from '../../src/gradcheck/samples.js'
import { type DType, isFloat } from '../../src/graph/dtype.js'
import { sizeOf } from '../../src/graph/shape.js'
import { rebuild } from '../../src/graph/tree.js'
import type { Facts, Sample } from '../../src/ops/facts.js'
import { table } from '../../src/ops/index.js'
import { eachSample, inTurn } from '../ops/samples.js'
import { expectSame, tensorsOf, thrownBy, ways } from './harness.js'

const byName = table.map((op) => [op.opName, op] as const)
const differentiable = byName.filter(([, op]) => op.differentiable)

type OnTensors = (...tensors: Tensor[]) => Tensor

/** An op as a function of the tensors of a sample alone, and two lists of these. */
const called = (op: Facts, sample: Sample, dtype: DType = 'float64') => {
  const args = materialize(sample, 0, dtype)
  const f: OnTensors = (...tensors) =>
    (op as unknown as (...args: unknown[]) => Tensor)(...(rebuild(args, tensors) as unknown[]))
  return { f, args: [tensorsOf(args), tensorsOf(materialize(sample, 1, dtype))] as const }
}

/** A number that every element has a share of its own in. */
const weighted = (result: unknown): Tensor =>
  tensorsOf(result)
    .filter(({ dtype }) => isFloat(dtype))
    .map((y) => {
      const places = Array.from({ length: sizeOf(y.shape) }, (_, i) => Math.cos(i + 1))
      return y
        .ravel()
        .mul(tensor(places, { dtype: y.dtype }))
        .sum() as Tensor
    })
    .reduce((a, b) => a.add(b) as Tensor)

describe.each(ways)('compiled to run %s', (name, wrap) => {
  const isTurn = (op: Facts, sample: number) => inTurn(op, sample, ways).some(([each]) => each === name)

  test.each(byName)('%s gives what it gives eagerly, in both float dtypes', (_, op) => {
    eachSample(op, (sample, i) => {
      if (!isTurn(op, i)) return
      for (const [dtype, tolerance] of [
        ['float64', 1e-13],
        ['float32', 1e-5],
      ] as const) {
        const { f, args } = called(op, sample, dtype)
        const compiled = wrap(f)
        for (const tensors of args) expectSame(compiled(...tensors), f(...tensors), tolerance)
      }
    })
  })

  test.each(differentiable)('%s has the derivatives inside that it has eagerly, to the second order', (_, op) => {
    eachSample(op, (sample, i) => {
      if (!isTurn(op, i)) return
      const { f, args } = called(op, sample)
      const floats = args[0].flatMap(({ dtype }, i) => (isFloat(dtype) ? [i] : []))
      const withFloats = (tensors: readonly Tensor[], list: readonly Tensor[]) =>
        tensors.map((tensor, i) => (floats.includes(i) ? list[floats.indexOf(i)]! : tensor))
      const all = (...tensors: Tensor[]) => {
        const loss = (list: Tensor[]) => weighted(f(...withFloats(tensors, list)))
        const slope = (list: Tensor[]) =>
          (grad(loss)(list) as Tensor[])
            .map((gradient) => weighted(gradient.sin()))
            .reduce((a, b) => a.add(b) as Tensor)
        const list = floats.map((i) => tensors[i]!)
        const along = list.map((x) => x.cos())
        const [value, tangent] = jvp((...given: Tensor[]) => f(...withFloats(tensors, given)), list, along)
        return [value, tangent, grad(loss)(list), grad(slope)(list)]
      }
      const compiled = wrap(all)
      for (const tensors of args) expectSame(compiled(...tensors), all(...tensors), 1e-11)
    })
  })

  test.each(byName.filter(([, { errors }]) => errors.length > 0))(
    '%s: mistakes are named as they are eagerly',
    (_, op) => {
      for (const { args: sample, says } of op.errors) {
        const { f, args } = called(op, sample)
        const wanted = thrownBy(() => f(...args[0]))
        const compiled = wrap(f)
        for (let i = 0; i < 2; i++) expect(thrownBy(() => compiled(...args[0]))).toBe(wanted)
        for (const text of says) expect(wanted).toContain(text)
      }
    },
  )
})
