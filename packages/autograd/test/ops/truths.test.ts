import { DTypeError, type Tensor } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { eagerBackends, withBackends } from '../../src/execution/eager.js'
import { reference } from '../../src/execution/reference/index.js'
import { materialize } from '../../src/gradcheck/samples.js'
import type { DType } from '../../src/graph/dtype.js'
import { rebuild } from '../../src/graph/tree.js'
import type { Facts, Sample } from '../../src/ops/facts.js'
import { table } from '../../src/ops/index.js'
import { tensorsOf } from '../compile/harness.js'
import { eachSample } from './samples.js'

// Sums of truth values that are truth values say whether any is true, products whether all are. Integers are the oracle.

/** Of truth values in the place of floats, as they are or as 0 and 1; null where such are refused. */
const resultsOf = (op: Facts, sample: Sample, dtype: DType): Tensor[] | null => {
  const args = materialize(sample)
  const given = tensorsOf(args).map((x) =>
    x.dtype === 'float64' ? (x.mul(3).cast('int32').cast('bool').cast(dtype) as Tensor) : x,
  )
  const call = op as unknown as (...given: readonly unknown[]) => unknown
  try {
    return tensorsOf(call(...(rebuild(args, given) as unknown[])))
  } catch (error) {
    if (error instanceof DTypeError) return null
    throw error
  }
}

const sums = 'einsum matmul tensordot inner dot scatterAdd indexAdd im2col col2im conv1d conv2d conv3d convTranspose1d convTranspose2d convTranspose3d'.split(' ') // biome-ignore format: a list

test('walks what sums', () => {
  expect(table.map(({ opName }) => opName)).toEqual(expect.arrayContaining(sums))
})

describe.each([
  ['by default', eagerBackends()],
  ['by the reference', [reference]],
])('what is bool of truth values is so of 0 and 1 in int32, %s', (_, backends) => {
  test.each(table.map((op) => [op.opName, op] as const))('%s', (name, op) => {
    withBackends(backends, () =>
      eachSample(op, (sample) => {
        const truths = resultsOf(op, sample, 'bool')
        if (sums.includes(name)) expect(truths!.map(({ dtype }) => dtype)).toEqual(['bool'])
        if (!truths?.some(({ dtype }) => dtype === 'bool')) return
        const numbers = resultsOf(op, sample, 'int32') ?? []
        for (const [i, found] of truths.entries()) {
          if (found.dtype !== 'bool' || numbers[i]?.dtype !== 'int32') continue
          expect([...found.data]).toEqual([...numbers[i].cast('bool').data])
        }
      }),
    )
  })
})
