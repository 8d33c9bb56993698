import { ArgumentError, IndexOutOfRangeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { shown } from '../graph/words.js'
import * as kinds from './kinds.js'

// What an index is made of.

/**
 * An integer; a slice as in Python, `'1:5:2'`, `':'`, or `'...'` for the axes that are not named; null for a new axis; an array
 * of integers; or a tensor, of integers (int32) or of truth values.
 */
export type IndexItem = number | string | null | readonly number[] | Node
/** One of these, or several in an array. */
export type Index = IndexItem | readonly IndexItem[]

const wanted =
  "an integer, a slice such as '1:5:2', ':' or '...', null for a new axis, an array of integers, or a tensor of int32 or bool"
const isItem = (thing: unknown): boolean =>
  typeof thing === 'number' || typeof thing === 'string' || thing === null || kinds.tensor.accepts(thing)
const isItemOrArray = (thing: unknown): boolean => isItem(thing) || kinds.shape.accepts(thing)

export const item = kinds.kind(wanted, isItemOrArray)
export const index = kinds.kind(
  `${wanted}; or several of these in an array, such as [1, ':']`,
  (thing) => isItem(thing) || (Array.isArray(thing) && thing.every(isItemOrArray)),
)

export const itemsOf = (index: Index): readonly IndexItem[] =>
  Array.isArray(index) ? (index as readonly IndexItem[]) : [index as IndexItem]

/** The index as users wrote it. */
export const formatIndex = (items: readonly IndexItem[]): string => `(${items.map(shown).join(', ')})`

interface Slice {
  readonly start: number | null
  readonly end: number | null
  readonly step: number
}

const sliceForm = /^\s*(-?\d+)?\s*:\s*(-?\d+)?\s*(?::\s*(-?\d+)?\s*)?$/

/** @param place which of the index it is, from 1 on */
export const parseSlice = (op: string, text: string, place: number): Slice => {
  const found = sliceForm.exec(text)
  if (found === null) throw new ArgumentError(`${op}: ${shown(text)}, number ${place} of the index, ${fault(text)}`)
  const [start, end, step] = found.slice(1).map((digits) => (digits === undefined ? null : Number(digits)))
  if (step === 0) {
    throw new IndexOutOfRangeError(
      `${op}: ${shown(text)}, number ${place} of the index, has step 0, which goes nowhere; use a positive or negative one.`,
    )
  }
  return { start: start!, end: end!, step: step ?? 1 }
}

/** What is wrong with a slice, and where. */
const fault = (text: string): string => {
  const parts = text.split(':')
  if (parts.length === 1) {
    return Number.isInteger(Number(text)) && text.trim() !== ''
      ? `is text; use the number ${Number(text)} without quotes.`
      : "is no slice; use one as in Python, 'start:end' or 'start:end:step', or '...' for all axes that are not named."
  }
  let at = 0
  for (const part of parts.slice(0, 3)) {
    if (!/^\s*(-?\d+)?\s*$/.test(part)) {
      return `is no slice: ${shown(part)}, at character ${at + 1}, is no integer; use one, or leave it out.`
    }
    at += part.length + 1
  }
  return `is no slice: character ${at} begins a fourth part; use 'start:end:step'.`
}
