import { allocate, type DType, type TypedArray } from './dtype.js'
import { contiguousStrides, type Shape, sizeOf } from './shape.js'

/** The shape and dtype of a tensor: all that is known of it before it is computed. */
export interface Spec {
  readonly shape: Shape
  readonly dtype: DType
}

/** That of a node. */
export const specOf = ({ sizes, dtype }: { readonly sizes: Shape; readonly dtype: DType }): Spec => ({
  shape: sizes,
  dtype,
})

/**
 * The elements of a tensor: a strided window on a typed array.
 * Values are immutable, so windows may share one array; the garbage collector frees it with the last of them. What
 * `tensor.data` shows to users, who may write to it, is never an array that others share: see `lent.ts`.
 */
export interface Value extends Spec {
  readonly data: TypedArray
  /** Distance in `data` between neighbours along each axis, in elements: 0 repeats, negative runs backwards. */
  readonly strides: readonly number[]
  readonly offset: number
  /** Whether another tensor may have the same array. */
  shared: boolean
}

/** The value for one more tensor. */
export const share = (value: Value): Value => {
  value.shared = true
  return value
}

export const denseValue = (data: TypedArray, shape: Shape, dtype: DType): Value => ({
  data,
  shape,
  dtype,
  strides: contiguousStrides(shape),
  offset: 0,
  shared: false,
})

/** Zeros to be filled. */
export const emptyValue = ({ shape, dtype }: Spec): Value => denseValue(allocate(dtype, sizeOf(shape)), shape, dtype)

/** Ones, where elements are not known and only what is made of them matters. */
export const onesLike = ({ shape, dtype }: Spec): Value =>
  denseValue(allocate(dtype, sizeOf(shape)).fill(1), shape, dtype)

/** One place of the first axis, without that. */
export const rowOf = (all: Value, at: number): Value => {
  const { data, dtype, shape, strides, offset } = share(all)
  const start = offset + at * strides[0]!
  return { data, dtype, shape: shape.slice(1), strides: strides.slice(1), offset: start, shared: true }
}

/** Results of at most this many elements share arrays: to make one costs more than to fill it. */
export const smallSize = 16
/** Elements of a shared array: as much as the smallest result may keep from the garbage collector. */
const slabSize = 512

/** An array of which windows are cut, one after the other. No element is given out twice. */
interface Slab {
  readonly dtype: DType
  data: TypedArray
  used: number
}
const slabOf = (dtype: DType): Slab => ({ dtype, data: allocate(dtype, 0), used: slabSize })
const float32Slab = slabOf('float32')
const float64Slab = slabOf('float64')
const int32Slab = slabOf('int32')
const boolSlab = slabOf('bool')

/** Zeros to be filled, from `offset` on: those of a small result lie in an array that others share. */
export const resultValue = ({ shape, dtype }: Spec, size: number): Value => {
  const strides = contiguousStrides(shape)
  if (size > smallSize) return { data: allocate(dtype, size), shape, dtype, strides, offset: 0, shared: false }
  const slab =
    dtype === 'float32' ? float32Slab : dtype === 'float64' ? float64Slab : dtype === 'int32' ? int32Slab : boolSlab
  if (slab.used + size > slabSize) {
    slab.data = allocate(dtype, slabSize)
    slab.used = 0
  }
  const offset = slab.used
  slab.used += size
  return { data: slab.data, shape, dtype, strides, offset, shared: true }
}

/** True if the elements lie in row-major order without gaps (from `offset` on). */
export const isContiguous = ({ shape, strides }: Pick<Value, 'shape' | 'strides'>): boolean => {
  let expected = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    const dim = shape[i]!
    if (dim !== 1 && strides[i] !== expected) return dim === 0
    expected *= dim
  }
  return true
}

/** True if all places show one element. */
export const isRepeated = ({ shape, strides }: Pick<Value, 'shape' | 'strides'>): boolean => {
  for (let i = 0; i < shape.length; i++) if (strides[i] !== 0 && shape[i] !== 1) return false
  return true
}

/** The elements in row-major order: the array itself where it already is so, else a copy. */
export const denseData = (value: Value): TypedArray => {
  const { data, shape, strides, offset, dtype } = value
  const size = sizeOf(shape)
  if (isContiguous(value)) {
    if (size === data.length) return data
    // a view takes as long to make as a copy this short, and would keep the whole array
    return size <= smallSize ? data.slice(offset, offset + size) : data.subarray(offset, offset + size)
  }
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

/** The number that every element is, if they are one in memory. */
export const splatOf = (value: Value): number | null =>
  sizeOf(value.shape) > 0 && isRepeated(value) ? value.data[value.offset]! : null

/** Whether no element is infinite or NaN, of a result: its elements lie side by side, maybe among those of others. */
export const isAllFinite = ({ data, shape, offset }: Value): boolean => {
  const end = offset + sizeOf(shape)
  for (let i = offset; i < end; i++) if (!Number.isFinite(data[i])) return false
  return true
}
