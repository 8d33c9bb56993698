import type { Layout } from '../graph/kernel.js'
import { contiguousStrides, type Shape } from '../graph/shape.js'
import { isContiguous } from '../graph/value.js'
import { collapse } from './walk.js'

/** A strided window on elements that lie somewhere: distances and the offset are in elements. */
export interface Window {
  readonly shape: Shape
  readonly strides: readonly number[]
  readonly offset: number
}

/** The window that shows a window's elements as a layout says. */
export const layoutWindow = (
  { axes, fixed }: Layout,
  { strides: from, offset: start }: Window,
  shape: Shape,
): Window => {
  let offset = start
  const strides = new Array<number>(axes.length)
  for (let axis = 0; axis < axes.length; axis++) {
    const { source, start, step } = axes[axis]!
    strides[axis] = source === null ? 0 : from[source]! * step
    if (source !== null) offset += from[source]! * start
  }
  fixed?.forEach((index, axis) => {
    if (index !== 0 && !axes.some(({ source }) => source === axis)) offset += from[axis]! * index
  })
  return { shape, strides, offset }
}

/** The window that shows the same elements in the same order under another shape, or null if only a copy can. */
export const reshapeWindow = (window: Window, shape: Shape): Window | null => {
  const strides = isContiguous(window) ? contiguousStrides(shape) : viewStrides(window, shape)
  return strides === null ? null : { shape, strides, offset: window.offset }
}

const viewStrides = (window: Window, shape: Shape): readonly number[] | null => {
  const {
    dims,
    strides: [from],
  } = collapse(window.shape, [window.strides])
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
