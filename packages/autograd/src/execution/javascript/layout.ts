import type { Assemble, Layout, Reshape } from '../../graph/kernel.js'
import { contiguousStrides } from '../../graph/shape.js'
import { emptyValue, type Spec, share, type Value } from '../../graph/value.js'
import { layoutWindow, reshapeWindow } from '../window.js'
import { copyInto } from './copy.js'

/** A window on the same data. */
export const layout = (kernel: Layout, [x]: readonly Value[], { shape, dtype }: Spec): Value => {
  const { strides, offset } = layoutWindow(kernel, x!, shape)
  return { data: share(x!).data, shape, dtype, strides, offset, shared: true }
}

/** A window on the same data where the strides allow it, else a dense copy. */
export const reshape = (_: Reshape, [x]: readonly Value[], out: Spec): Value => {
  const { shape, dtype } = out
  const window = reshapeWindow(x!, shape)
  if (window !== null)
    return { data: share(x!).data, shape, dtype, strides: window.strides, offset: window.offset, shared: true }
  const value = emptyValue(out)
  copyInto(value.data, 0, contiguousStrides(x!.shape), x!)
  return value
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
