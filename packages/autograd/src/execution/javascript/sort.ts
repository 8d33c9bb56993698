import type { TypedArray } from '../../graph/dtype.js'
import type { Search, Sort } from '../../graph/kernel.js'
import { emptyValue, type Spec, type Value } from '../../graph/value.js'
import { collapse, walk } from '../walk.js'
import { boundOf, sortKeys } from './order.js'
import { createScratch } from './scratch.js'

/**
 * An integer for each of `count` elements, `step` apart from `position` on, in their order: NaN is the greatest, -0 is 0. `turn`
 * is -1 for the order reversed, else 0. Those of float64 that get the same are told apart by `lower`.
 */
type Load = (keys: Int32Array, data: Int32Array, position: number, count: number, step: number, turn: number) => void

const greatest = 0x7fffffff
const infinity = 0x7f800000
const negativeZero = -0x80000000

const singles: Load = (keys, bits, position, count, step, turn) => {
  for (let i = 0; i < count; i++, position += step) {
    const x = bits[position]!
    // the size of a float rises with its bits
    const key = x >= 0 ? x : x === negativeZero ? 0 : x ^ greatest
    keys[i] = ((x & greatest) > infinity ? greatest : key) ^ turn
  }
}

const integers: Load = (keys, data, position, count, step, turn) => {
  for (let i = 0; i < count; i++, position += step) keys[i] = data[position]! ^ turn
}

/** By the high words. */
const doubles: Load = (keys, words, position, count, step, turn) => {
  for (let i = 0, at = 2 * position; i < count; i++, at += 2 * step) {
    const high = words[at + 1]!
    keys[i] = (isNaNIn(high, words[at]!) ? greatest : high >= 0 ? high : zeroOr(high, words[at]!)) ^ turn
  }
}
const isNaNIn = (high: number, low: number): boolean =>
  (high & greatest) >= 0x7ff00000 && ((high & 0xfffff) !== 0 || low !== 0)
const zeroOr = (high: number, low: number): number => (high === negativeZero && low === 0 ? 0 : high ^ greatest)

/** Where high words are the same: by the low ones. */
const lower = (words: Int32Array, position: number, turn: number): number => {
  const low = words[2 * position]!
  const high = words[2 * position + 1]!
  if (isNaNIn(high, low)) return 0
  const isNegative = high < 0 && !(high === negativeZero && low === 0)
  // as if they had a sign
  return (isNegative ? ~low : low) ^ (1 << 31) ^ turn
}

const lowScratch = createScratch(Int32Array)

/** Puts in order what has the same high words. */
const refine = (
  keys: Int32Array,
  places: Int32Array,
  count: number,
  words: Int32Array,
  position: number,
  step: number,
  turn: number,
): void => {
  const lows = lowScratch(count)
  for (let start = 0, end = 1; start < count; start = end++) {
    while (end < count && keys[end] === keys[start]) end++
    if (end - start === 1) continue
    for (let i = start; i < end; i++) lows[i] = lower(words, position + places[i]! * step, turn)
    sortKeys(lows, places, start, end)
  }
}

/** The bits of floats; integers as they are. Truth values become integers. */
const wordsOf = (data: TypedArray): Int32Array => {
  if (data instanceof Uint8Array) return Int32Array.from(data)
  return data instanceof Int32Array ? data : new Int32Array(data.buffer, data.byteOffset, data.byteLength / 4)
}

const keysScratch = createScratch(Int32Array)
const placesScratch = createScratch(Int32Array)

export const sort = ({ axis, descending }: Sort, [x]: readonly Value[], outs: readonly Spec[]): readonly Value[] => {
  const results = outs.map(emptyValue)
  const [indices, values] = results as [Value, ...Value[]]
  if (indices.data.length === 0) return results
  const { data, dtype, shape, strides, offset } = x!
  const count = shape[axis]!
  const wanted = indices.shape[axis]!
  const step = strides[axis]!
  const toStep = indices.strides[axis]!
  const words = wordsOf(data)
  const load = dtype === 'float64' ? doubles : dtype === 'float32' ? singles : integers
  const turn = descending ? -1 : 0
  const keys = keysScratch(count)
  const places = placesScratch(count)
  const offsets = [0, offset]
  walk(collapse(shape.with(axis, 1), [indices.strides, strides]), 0, offsets, () => {
    const [at, position] = offsets as [number, number]
    load(keys, words, position, count, step, turn)
    const found = candidates(keys, places, count, wanted)
    sortKeys(keys, places, 0, found)
    if (dtype === 'float64') refine(keys, places, found, words, position, step, turn)
    layOut(places, wanted, indices.data, at, toStep)
    if (values !== undefined) pick(data, position, step, places, wanted, values.data, at, toStep)
  })
  return results
}

// functions of their own, which are compiled for arrays of one type

const layOut = (places: Int32Array, count: number, out: TypedArray, to: number, toStep: number): void => {
  for (let i = 0; i < count; i++, to += toStep) out[to] = places[i]!
}

const pick = (
  data: TypedArray,
  position: number,
  step: number,
  places: Int32Array,
  count: number,
  out: TypedArray,
  to: number,
  toStep: number,
): void => {
  for (let i = 0; i < count; i++, to += toStep) out[to] = data[position + places[i]! * step]!
}

/** Where a few are wanted of many, those that are at least not far behind; how many there are. */
const candidates = (keys: Int32Array, places: Int32Array, count: number, wanted: number): number => {
  if (count <= 256 || wanted > count >> 2) {
    for (let i = 0; i < count; i++) places[i] = i
    return count
  }
  const bound = boundOf(keys, count, wanted)
  let found = 0
  for (let i = 0; i < count; i++) {
    const key = keys[i]!
    if (key > bound) continue
    keys[found] = key
    places[found++] = i
  }
  return found
}

export const search = ({ orEqual }: Search, [sorted, elements]: readonly Value[], out: Spec): Value => {
  const value = emptyValue(out)
  const count = sorted!.shape.at(-1)!
  const step = sorted!.strides.at(-1)!
  const line = sorted!.data
  const batch = [...out.shape.slice(0, -1), 1]
  const queries = out.shape.at(-1)!
  const queryStep = elements!.strides.at(-1)!
  const offsets = [0, sorted!.offset, elements!.offset]
  const strides = [value, sorted!, elements!].map((operand) => operand.strides)
  if (value.data.length === 0) return value
  walk(collapse(batch, strides), 0, offsets, () => {
    const [to, start, from] = offsets as [number, number, number]
    for (let i = 0; i < queries; i++) {
      const element = elements!.data[from + i * queryStep]!
      value.data[to + i] = placeOf(element, line, start, count, step, orEqual)
    }
  })
  return value
}

/** How many elements of a line come before another one. */
const placeOf = (
  element: number,
  line: TypedArray,
  start: number,
  count: number,
  step: number,
  orEqual: boolean,
): number => {
  const isLast = Number.isNaN(element)
  if (isLast && orEqual) return count
  let low = 0
  for (let high = count; low < high; ) {
    const middle = (low + high) >>> 1
    const other = line[start + middle * step]!
    const isBefore = isLast ? !Number.isNaN(other) : orEqual ? other <= element : other < element
    if (isBefore) low = middle + 1
    else high = middle
  }
  return low
}
