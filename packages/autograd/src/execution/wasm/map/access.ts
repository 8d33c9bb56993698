import type { DType } from '../../../graph/dtype.js'
import {
  type Code,
  f32x4,
  f64x2,
  i8x16,
  i16x8,
  i32,
  i32x4,
  i64x2,
  type Local,
  type Statement,
  v128,
} from '../assembler/index.js'
import type { Vector } from '../vector/vector.js'

/** How an input moves as the inner loop advances: not at all, to its neighbour, or by some other step. */
export type Motion = 'still' | 'next' | 'stride'

/** The lanes of an input at an address: numbers, or for truth values a mask. */
export type Loaded = { readonly value: Code<'v128'> } | { readonly mask: Code<'v128'> }

/** One element in all lanes. */
export const loadStill = (v: Vector, dtype: DType, address: Code<'i32'>): Loaded => {
  switch (dtype) {
    case 'float32':
      return { value: widened(v, v128.load32Splat(address)) }
    case 'float64':
      return { value: v128.load64Splat(address) }
    case 'int32':
      return { value: f64x2.fromLowInt32(v128.load32Splat(address)) }
    case 'bool':
      return { mask: i32x4.notEqual(i32x4.splat(i32.load8Unsigned(address)), v.integer(0n)) }
  }
}

/** Neighbouring elements: 16 bytes may be read, however few of them count. */
export const loadNext = (v: Vector, dtype: DType, address: Code<'i32'>): Loaded => {
  const single = v.type === 'float32'
  switch (dtype) {
    case 'float32':
      return { value: single ? v128.load(address) : f64x2.promoteLow(v128.load64Zero(address)) }
    case 'float64':
      return { value: v128.load(address) }
    case 'int32':
      return { value: f64x2.fromLowInt32(v128.load64Zero(address)) }
    case 'bool':
      return truth(v, single ? v128.load32Zero(address) : i32x4.splat(i32.load16Unsigned(address)))
  }
}

/** Elements that lie apart: lane i is at the address plus the i-th distance. */
export const loadApart = (
  v: Vector,
  dtype: DType,
  address: Code<'i32'>,
  distances: readonly Local<'i32'>[],
): Loaded => {
  const first = { float32: v128.load32Zero, int32: v128.load32Zero, float64: v128.load64Zero, bool: null }[dtype]
  const lane = { float32: v128.load32Lane, int32: v128.load32Lane, float64: v128.load64Lane, bool: v128.load8Lane }[
    dtype
  ]
  const start = first === null ? i32x4.splat(i32.load8Unsigned(address)) : first(address)
  const all = distances.reduce((lanes, { get }, i) => lane(i32.add(address, get), lanes, i + 1), start)
  switch (dtype) {
    case 'float32':
      return { value: widened(v, all) }
    case 'float64':
      return { value: all }
    case 'int32':
      return { value: f64x2.fromLowInt32(all) }
    case 'bool':
      return truth(v, all)
  }
}

const widened = (v: Vector, singles: Code<'v128'>): Code<'v128'> =>
  v.type === 'float32' ? singles : f64x2.promoteLow(singles)

/** The lowest bytes as a mask over the lanes. */
const truth = (v: Vector, bytes: Code<'v128'>): Loaded => {
  const wide = i32x4.extendLowUnsigned(i16x8.extendLowUnsigned(bytes))
  const mask = i32x4.notEqual(wide, v.integer(0n))
  return { mask: v.type === 'float32' ? mask : i64x2.extendLowSigned(mask) }
}

/** Stores numbers. 16 bytes may be written, however few of them count. */
export const storeValue = (v: Vector, dtype: DType, address: Code<'i32'>, value: Code<'v128'>): Statement =>
  dtype === 'float32' && v.type === 'float64'
    ? v128.store64Lane(address, f32x4.demoteZero(value), 0)
    : v128.store(address, value)

/** Stores a mask as truth values. */
export const storeMask = (v: Vector, address: Code<'i32'>, mask: Code<'v128'>): Statement => {
  const zero = v.integer(0n)
  const halves = v.type === 'float32' ? mask : v128.shuffle32(mask, zero, [0, 2, 4, 4])
  const bytes = v128.and(i8x16.narrowSigned(i16x8.narrowSigned(halves, zero), zero), i32x4.const(0x01010101))
  return v.type === 'float32' ? v128.store32Lane(address, bytes, 0) : v128.store16Lane(address, bytes, 0)
}
