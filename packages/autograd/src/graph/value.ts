import { allocate, type DType, type TypedArray } from './dtype.js'
import { contiguousStrides, type Shape, sizeOf } from './shape.js'

/** The shape and dtype of a tensor: all that is known of it before it is computed. */
export interface Spec {
  readonly shape: Shape
  readonly dtype: DType
}

/**
 * The elements of a tensor: a strided window on a typed array.
 * Values are immutable, so windows may share one array; the garbage collector frees it with the last of them.
 */
export interface Value extends Spec {
  readonly data: TypedArray
  /** Distance in `data` between neighbours along each axis, in elements: 0 repeats, negative runs backwards. */
  readonly strides: readonly number[]
  readonly offset: number
}

export const denseValue = (data: TypedArray, shape: Shape, dtype: DType): Value => ({
  data,
  shape,
  dtype,
  strides: contiguousStrides(shape),
  offset: 0,
})

export const emptyValue = ({ shape, dtype }: Spec): Value => denseValue(allocate(dtype, sizeOf(shape)), shape, dtype)

/** True if the elements lie in row-major order without gaps (from `offset` on). */
export const isContiguous = ({ shape, strides }: Value): boolean => {
  let expected = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    const dim = shape[i]!
    if (dim !== 1 && strides[i] !== expected) return dim === 0
    expected *= dim
  }
  return true
}

/** The elements in row-major order: the array itself where it already is so, else a copy. */
export const denseData = (value: Value): TypedArray => {
  const { data, shape, strides, offset, dtype } = value
  const size = sizeOf(shape)
  if (isContiguous(value)) return size === data.length ? data : data.subarray(offset, offset + size)
  const out = allocate(dtype, size)
  const rank = shape.length
  const inner = shape[rank - 1]!
  const step = strides[rank - 1]!
  const index = new Array<number>(rank).fill(0)
  let start = offset
  for (let i = 0; i < size; ) {
    for (let j = 0, at = start; j < inner; j++, at += step) out[i++] = data[at]!
    for (let axis = rank - 2; axis >= 0; axis--) {
      start += strides[axis]!
      if (++index[axis]! < shape[axis]!) break
      start -= strides[axis]! * shape[axis]!
      index[axis] = 0
    }
  }
  return out
}
