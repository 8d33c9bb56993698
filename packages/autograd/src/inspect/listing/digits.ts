import type { DType } from '../../graph/dtype.js'
import { formatShape } from '../../graph/shape.js'
import { fullDigits, digits as pictured } from '../drawing/numbers.js'
import { isSummary, numberOf, summarized } from '../trace/quantity.js'
import type { Elements, Quantity } from '../trace/schema.js'

/** How many significant digits, or all that tell a float64 from its neighbours. */
export type Digits = number | 'full'

/** A number for a reader, in the letters of a program: no commas, and a minus that can be typed. */
export const numberText = (number: number, digits: Digits, dtype: DType | null = null): string => {
  const options = dtype === null ? {} : { dtype }
  const text =
    digits === 'full' ? fullDigits(number, dtype ?? 'float64') : pictured(number, { significant: digits, ...options })
  return text.replaceAll('−', '-').replaceAll(',', '')
}

/** A number where it is multiplied. */
export const factorText = (number: number, digits: Digits, dtype: DType | null = null): string => {
  const text = numberText(number, digits, dtype)
  return text.startsWith('-') ? `(${text})` : text
}

/** Tensors of more elements than this are told by their shape and norm. */
export const shownElements = 8

/** A tensor for a reader: its elements, or if they are many its shape and norm. */
export const quantityText = (
  quantity: Quantity,
  shape: readonly number[],
  digits: Digits,
  dtype: DType | null = null,
): string => {
  const size = shape.reduce((product, dim) => product * dim, 1)
  const bare = (element: Elements): string =>
    typeof element === 'object' ? `[${element.map(bare).join(', ')}]` : numberText(numberOf(element), digits, dtype)
  if (!isSummary(quantity)) {
    // one element is a number, whatever its shape
    if (size === 1) return bare(onlyOf(quantity))
    if (size <= shownElements) return bare(quantity)
  }
  return `${formatShape(shape)} of norm ${numberText(summarized(quantity).norm, digits)}`
}

const onlyOf = (elements: Elements): Elements => (typeof elements === 'object' ? onlyOf(elements[0]!) : elements)
