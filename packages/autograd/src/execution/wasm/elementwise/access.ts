import { bytesPerElement, type DType } from '../../../graph/dtype.js'
import {
  type Code,
  f32x4,
  f64x2,
  i8x16,
  i16x8,
  i32,
  i32x4,
  i64x2,
  range,
  type Statement,
  v128,
} from '../assembler/index.js'
import { accessOf } from '../loops/elements.js'
import { wrapped } from '../math/integer.js'
import type { Vector } from '../math/vector.js'
import type { Operand } from './operand.js'

/** The lanes of an input: numbers, or for truth values a mask. */
export type Loaded = { readonly value: Code<'v128'> } | { readonly mask: Code<'v128'> }

/** As many neighbouring elements as there are lanes. */
export const loadNeighbours = (v: Vector, dtype: DType, address: Code<'i32'>, offset = 0): Code<'v128'> => {
  const single = v.type === 'float32'
  if (dtype === 'bool') {
    return single ? v128.load32Zero(address, offset) : i32x4.splat(i32.load16Unsigned(address, offset))
  }
  return single || dtype === 'float64' ? v128.load(address, offset) : v128.load64Zero(address, offset)
}

/** Elements that lie side by side in a vector, from its lowest byte on, in the lanes of the arithmetic. */
export const unpacked = (v: Vector, dtype: DType, elements: Code<'v128'>): Loaded => {
  switch (dtype) {
    case 'float32':
      return { value: v.type === 'float32' ? elements : f64x2.promoteLow(elements) }
    case 'float64':
      return { value: elements }
    case 'int32':
      return { value: f64x2.fromLowInt32(elements) }
    case 'bool': {
      const wide = i32x4.extendLowUnsigned(i16x8.extendLowUnsigned(elements))
      const mask = i32x4.notEqual(wide, v.integer(0n))
      return { mask: v.type === 'float32' ? mask : i64x2.extendLowSigned(mask) }
    }
  }
}

/** Lanes as elements side by side. */
const packed = (v: Vector, dtype: DType, operand: Operand): Code<'v128'> => {
  switch (dtype) {
    case 'float32':
      return v.type === 'float32' ? operand.value.get : f32x4.demoteZero(operand.value.get)
    case 'float64':
      return operand.value.get
    case 'int32':
      return wrapped(v, operand.value)
    case 'bool': {
      const zero = v.integer(0n)
      const mask = operand.mask.get
      const halves = v.type === 'float32' ? mask : v128.shuffle32(mask, zero, [0, 2, 4, 4])
      return v128.and(i8x16.narrowSigned(i16x8.narrowSigned(halves, zero), zero), i32x4.const(0x01010101))
    }
  }
}

/** Stores a vector of the arithmetic as elements. 16 bytes may be written, however few of them count. */
export const store = (v: Vector, dtype: DType, address: Code<'i32'>, operand: Operand, offset = 0): Statement => {
  const elements = packed(v, dtype, operand)
  const single = v.type === 'float32'
  if (dtype === 'bool') return (single ? v128.store32Lane : v128.store16Lane)(address, elements, 0, offset)
  if (single || dtype === 'float64') return v128.store(address, elements, offset)
  return v128.store64Lane(address, elements, 0, offset)
}

/** Stores only the first `count` lanes. */
export const storeFirst = (
  v: Vector,
  dtype: DType,
  address: Code<'i32'>,
  operand: Operand,
  offset: number,
  count: number,
): Statement => {
  const elements = v.local()
  const bytes = bytesPerElement(dtype)
  const lanes = range(count, (i) => accessOf(bytes).store(address, elements.get, i, offset + i * bytes))
  return [elements.set(packed(v, dtype, operand)), lanes]
}
