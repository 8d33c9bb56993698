import { allocate } from '../../graph/dtype.js'
import type { Gather, Scatter } from '../../graph/kernel.js'
import { contiguousStrides, type Shape, sizeOf, unravel } from '../../graph/shape.js'
import { denseData, denseValue, emptyValue, type Spec, type Value } from '../../graph/value.js'
import { indexOutOfRange } from '../indexing.js'
import { copyInto } from './copy.js'

/**
 * How `take` and `along` meet: the tensor read is [outer, dim, inner], the indices give the place in dim, and the
 * result is [outer, picks, inner]. `take` has one list of picks for all, `along` one for each place of outer and inner.
 */
interface Plan {
  readonly outer: number
  readonly dim: number
  readonly inner: number
  readonly picks: number
}

const planOf = ({ mode, axis }: Gather | Scatter, x: Shape, indices: Value): Plan => ({
  outer: sizeOf(x.slice(0, axis)),
  dim: x[axis]!,
  inner: sizeOf(x.slice(axis + 1)),
  picks: mode === 'along' ? indices.shape[axis]! : sizeOf(indices.shape),
})

/** The indices, dense, checked and counted from the start of the axis. */
const positions = ({ op, axis }: Gather | Scatter, dim: number, indices: Value): Int32Array => {
  const checked = new Int32Array(sizeOf(indices.shape))
  const given = denseData(indices)
  for (let i = 0; i < checked.length; i++) {
    const index = given[i]!
    if (index < -dim || index >= dim) throw indexOutOfRange(op, index, unravel(i, indices.shape), axis, dim)
    checked[i] = index < 0 ? index + dim : index
  }
  return checked
}

export const gather = (kernel: Gather, [x, indices]: readonly Value[], out: Spec): Value => {
  const value = emptyValue(out)
  const plan = planOf(kernel, x!.shape, indices!)
  const { outer, dim, inner, picks } = plan
  const at = positions(kernel, dim, indices!)
  const from = denseData(x!)
  const to = value.data
  if (kernel.mode === 'along') {
    let i = 0
    for (let block = 0; block < outer; block++) {
      for (let pick = 0; pick < picks; pick++) {
        const start = block * dim * inner
        for (let j = 0; j < inner; j++, i++) to[i] = from[start + at[i]! * inner + j]!
      }
    }
    return value
  }
  let position = 0
  for (let block = 0; block < outer; block++) {
    for (let pick = 0; pick < picks; pick++, position += inner) {
      const start = (block * dim + at[pick]!) * inner
      if (inner >= 32) to.set(from.subarray(start, start + inner), position)
      else for (let i = 0; i < inner; i++) to[position + i] = from[start + i]!
    }
  }
  return value
}

export const scatter = (kernel: Scatter, [base, indices, source]: readonly Value[], out: Spec): Value => {
  const { outer, dim, inner, picks } = planOf(kernel, out.shape, indices!)
  const at = positions(kernel, dim, indices!)
  const sums = denseValue(allocate('float64', sizeOf(out.shape)), out.shape, 'float64')
  copyInto(sums.data, 0, sums.strides, base!)
  const from = denseData(source!)
  if (kernel.mode === 'along') {
    let i = 0
    for (let block = 0; block < outer; block++) {
      for (let pick = 0; pick < picks; pick++) {
        const start = block * dim * inner
        for (let j = 0; j < inner; j++, i++) sums.data[start + at[i]! * inner + j]! += from[i]!
      }
    }
  } else {
    let position = 0
    for (let block = 0; block < outer; block++) {
      for (let pick = 0; pick < picks; pick++, position += inner) {
        const start = (block * dim + at[pick]!) * inner
        for (let i = 0; i < inner; i++) sums.data[start + i]! += from[position + i]!
      }
    }
  }
  const value = emptyValue(out)
  copyInto(value.data, 0, contiguousStrides(out.shape), sums)
  return value
}
