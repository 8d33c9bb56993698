import type { DType, TypedArray } from '../../graph/dtype.js'
import type { Gather, Scatter } from '../../graph/kernel.js'
import { type Shape, sizeOf, unravel } from '../../graph/shape.js'
import { denseData, emptyValue, type Spec, type Value } from '../../graph/value.js'
import { indexOutOfRange, positionOf } from '../indexing.js'
import { copyInto } from './copy.js'
import { createScratch } from './scratch.js'

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
const positions = (kernel: Gather | Scatter, dim: number, indices: Value): Int32Array => {
  const checked = new Int32Array(sizeOf(indices.shape))
  const given = denseData(indices)
  for (let i = 0; i < checked.length; i++) {
    const index = given[i]!
    const position = positionOf(kernel, index, dim)
    if (position < 0) throw indexOutOfRange(kernel, index, unravel(i, indices.shape), dim)
    checked[i] = position
  }
  return checked
}

export const gather = (kernel: Gather, [x, indices]: readonly Value[], out: Spec): Value => {
  const value = emptyValue(out)
  const { outer, dim, inner, picks } = planOf(kernel, x!.shape, indices!)
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
  const value = emptyValue(out)
  copyInto(value.data, 0, value.strides, base!)
  const plan = planOf(kernel, out.shape, indices!)
  const at = positions(kernel, plan.dim, indices!)
  const from = denseData(source!)
  if (kernel.by === 'set') (kernel.mode === 'take' ? setPicks : setAlong)(plan, at, from, value.data)
  else (kernel.mode === 'take' ? addPicks : addAlong)(plan, at, from, value)
  return value
}

const setPicks = ({ outer, dim, inner, picks }: Plan, at: Int32Array, from: TypedArray, to: TypedArray): void => {
  let position = 0
  for (let block = 0; block < outer; block++) {
    for (let pick = 0; pick < picks; pick++, position += inner) {
      const start = (block * dim + at[pick]!) * inner
      if (inner >= 32) to.set(from.subarray(position, position + inner), start)
      else for (let i = 0; i < inner; i++) to[start + i] = from[position + i]!
    }
  }
}

const setAlong = ({ outer, dim, inner, picks }: Plan, at: Int32Array, from: TypedArray, to: TypedArray): void => {
  let i = 0
  for (let block = 0; block < outer; block++) {
    const start = block * dim * inner
    for (let pick = 0; pick < picks; pick++) {
      for (let j = 0; j < inner; j++, i++) to[start + at[i]! * inner + j] = from[i]!
    }
  }
}

const sumsScratch = createScratch(Float64Array)

/** Row by row of the result, as a sum in float64 of all that goes there. */
const addPicks = (plan: Plan, at: Int32Array, from: TypedArray, { data, dtype }: Value): void => {
  const { outer, dim, inner, picks } = plan
  const sums = sumsScratch(inner)
  // the picks of each row, chained in their order
  const first = new Int32Array(dim).fill(-1)
  const following = new Int32Array(picks)
  for (let pick = picks - 1; pick >= 0; pick--) {
    following[pick] = first[at[pick]!]!
    first[at[pick]!] = pick
  }
  for (let block = 0; block < outer; block++) {
    for (let row = 0; row < dim; row++) {
      if (first[row]! < 0) continue
      const start = (block * dim + row) * inner
      for (let i = 0; i < inner; i++) sums[i] = data[start + i]!
      for (let pick = first[row]!; pick >= 0; pick = following[pick]!) {
        const position = (block * picks + pick) * inner
        for (let i = 0; i < inner; i++) sums[i]! += from[position + i]!
      }
      store(sums, inner, data, start, dtype)
    }
  }
}

/** Block by block of the result, as sums in float64. */
const addAlong = (plan: Plan, at: Int32Array, from: TypedArray, { data, dtype }: Value): void => {
  const { outer, dim, inner, picks } = plan
  const size = dim * inner
  let i = 0
  if (picks === 1 && dtype !== 'bool') {
    for (let block = 0; block < outer; block++) {
      for (let j = 0; j < inner; j++, i++) data[block * size + at[i]! * inner + j]! += from[i]!
    }
    return
  }
  const sums = sumsScratch(size)
  for (let block = 0; block < outer; block++) {
    for (let j = 0; j < size; j++) sums[j] = data[block * size + j]!
    for (let pick = 0; pick < picks; pick++) {
      for (let j = 0; j < inner; j++, i++) sums[at[i]! * inner + j]! += from[i]!
    }
    store(sums, size, data, block * size, dtype)
  }
}

const store = (sums: Float64Array, count: number, data: TypedArray, start: number, dtype: DType): void => {
  for (let i = 0; i < count; i++) data[start + i] = dtype === 'bool' ? Number(sums[i] !== 0) : sums[i]!
}
