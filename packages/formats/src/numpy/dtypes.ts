import type { DType } from '@adjoint/autograd'
import { type Element, elements } from '../elements.js'

/** What tensors are written as. */
export const written: Readonly<Record<DType, string>> = { float64: '<f8', float32: '<f4', int32: '<i4', bool: '|b1' }

/** The elements that a type stands for, as NumPy writes it: '<f4', '>i8', '|b1'. */
export interface Described {
  readonly element: Element
  readonly littleEndian: boolean
}

export const describedBy = (descr: string): Described | undefined => {
  const [, order, kind] = /^([<>|=]?)(\w+)$/.exec(descr) ?? []
  if (kind === undefined || kind === 'bf2' || !Object.hasOwn(elements, kind)) return undefined
  const element: Element = elements[kind as keyof typeof elements]
  // one byte has no order, and more have one
  if (order !== '<' && order !== '>' && element.width > 1) return undefined
  return { element, littleEndian: order !== '>' }
}

const kinds: Readonly<Record<string, string>> = {
  O: 'Python objects',
  U: 'text',
  S: 'text',
  a: 'text',
  V: 'records, or of a type that NumPy does not have itself',
  c: 'complex numbers',
  M: 'dates',
  m: 'spans of time',
  f: 'floats of another width',
}

/** What a type is that is not read. */
export const nameOf = (descr: string): string => kinds[/[A-Za-z]/.exec(descr)?.[0] ?? ''] ?? 'something unknown'
