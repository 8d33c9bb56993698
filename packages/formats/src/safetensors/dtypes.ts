import type { DType } from '@adjoint/autograd'
import { type Element, elements } from '../elements.js'

/** The elements that are read, by the names that the format has for them. */
export const read: Readonly<Record<string, Element>> = {
  F64: elements.f8,
  F32: elements.f4,
  F16: elements.f2,
  BF16: elements.bf2,
  I64: elements.i8,
  I32: elements.i4,
  I16: elements.i2,
  I8: elements.i1,
  U64: elements.u8,
  U32: elements.u4,
  U16: elements.u2,
  U8: elements.u1,
  BOOL: elements.b1,
}

/** What the format has besides: numbers of 8 bits and fewer, and pairs. */
export const unread: readonly string[] = [
  'F8_E5M2',
  'F8_E4M3',
  'F8_E8M0',
  'F8_E4M3FNUZ',
  'F8_E5M2FNUZ',
  'F6_E2M3',
  'F6_E3M2',
  'F4',
  'C64',
]

/** What tensors are written as. */
export const written: Readonly<Record<DType, string>> = { float64: 'F64', float32: 'F32', int32: 'I32', bool: 'BOOL' }
