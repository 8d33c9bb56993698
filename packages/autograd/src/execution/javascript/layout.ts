import type { Assemble, Layout, Reshape } from '../../graph/kernel.js'
import { contiguousStrides, type Shape } from '../../graph/shape.js'
import { emptyValue, isContiguous, type Spec, type Value } from '../../graph/value.js'
import { collapse } from '../walk.js'
import { copyInto } from './copy.js'

/** A window on the same data. */
export const layout = ({ axes, fixed }: Layout, [x]: readonly Value[], { shape, dtype }: Spec): Value => {
  const { data, strides: from } = x!
  let { offset } = x!
  const strides = new Array<number>(axes.length)
  for (let axis = 0; axis < axes.length; axis++) {
    const { source, start, step } = axes[axis]!
    strides[axis] = source === null ? 0 : from[source]! * step
    if (source !== null) offset += from[source]! * start
  }
  fixed?.forEach((index, axis) => {
    if (index !== 0 && !axes.some(({ source }) => source === axis)) offset += from[axis]! * index
  })
  return { data, shape, dtype, strides, offset }
}

/** A window on the same data where the strides allow it, else a dense copy. */
export const reshape = (_: Reshape, [x]: readonly Value[], out: Spec): Value => {
  const { shape, dtype } = out
  const { data, offset } = x!
  const strides = isContiguous(x!) ? contiguousStrides(shape) : viewStrides(x!, shape)
  if (strides !== null) return { data, shape, dtype, strides, offset }
  const value = emptyValue(out)
  copyInto(value.data, 0, contiguousStrides(x!.shape), x!)
  return value
}

/** Strides that show the elements under another shape, or null if only a copy can. */
const viewStrides = (x: Value, shape: Shape): readonly number[] | null => {
  const {
    dims,
    strides: [from],
  } = collapse(x.shape, [x.strides])
  const strides = new Array<number>(shape.length)
  let loop = dims.length - 1
  // what of the current loop is still to be covered by axes further to the front, and how far apart its parts lie
  let left = dims[loop] ?? 1
  let step = from![loop] ?? 0
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const dim = shape[axis]!
    if (left === 1 && loop > 0) {
      loop--
      left = dims[loop]!
      step = from![loop]!
    }
    if (left % dim !== 0) return null
    strides[axis] = step
    left /= dim
    step *= dim
  }
  return strides
}

export const assemble = ({ fill, starts, steps }: Assemble, inputs: readonly Value[], out: Spec): Value => {
  const value = emptyValue(out)
  if (fill !== 0) value.data.fill(out.dtype === 'bool' ? 1 : fill)
  inputs.forEach((input, i) => {
    let start = 0
    const strides = value.strides.map((stride, axis) => {
      start += stride * starts[i]![axis]!
      return stride * steps[i]![axis]!
    })
    copyInto(value.data, start, strides, input)
  })
  return value
}
