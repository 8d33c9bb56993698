import { createScratch } from './scratch.js'

// 32-bit integers in order, and their places with them: what elements become that are to be sorted.

/** Up to so many are inserted one after the other. */
const few = 80
/** From so many on, digits are of 11 bits, and before of 8: to begin with counts takes as long as so many elements. */
const many = 2500

const keysScratch = createScratch(Int32Array)
const placesScratch = createScratch(Int32Array)

/** Brings keys from `start` to before `end` into ascending order, and places with them. Equal ones stay in their order. */
export const sortKeys = (keys: Int32Array, places: Int32Array, start: number, end: number): void => {
  if (end - start <= few) insert(keys, places, start, end)
  else byDigits(keys, places, start, end - start, end - start < many ? 8 : 11)
}

const insert = (keys: Int32Array, places: Int32Array, start: number, end: number): void => {
  for (let i = start + 1; i < end; i++) {
    const key = keys[i]!
    const place = places[i]!
    let to = i
    for (; to > start && keys[to - 1]! > key; to--) {
      keys[to] = keys[to - 1]!
      places[to] = places[to - 1]!
    }
    keys[to] = key
    places[to] = place
  }
}

const counts = new Int32Array(3 * 2048)

/** Digit by digit, the lowest first: each time what has a lower digit goes before what has a higher one. */
const byDigits = (keys: Int32Array, places: Int32Array, start: number, count: number, bits: number): void => {
  const rounds = Math.ceil(32 / bits)
  if (bits === 8) countOctets(keys, start, count)
  else countElevens(keys, start, count)
  let [fromKeys, fromPlaces, from]: [Int32Array, Int32Array, number] = [keys, places, start]
  let [toKeys, toPlaces, to]: [Int32Array, Int32Array, number] = [keysScratch(count), placesScratch(count), 0]
  for (let round = 0; round < rounds; round++) {
    const shift = round * bits
    // the sign is in the last digit: there those above the middle come first
    const flip = round === rounds - 1 ? 1 << (31 - shift) : 0
    if (!startsOf(round << bits, 1 << bits, flip, to, count)) continue
    deal(fromKeys, fromPlaces, from, count, round << bits, shift, (1 << bits) - 1, toKeys, toPlaces)
    ;[fromKeys, toKeys] = [toKeys, fromKeys]
    ;[fromPlaces, toPlaces] = [toPlaces, fromPlaces]
    ;[from, to] = [to, from]
  }
  if (fromKeys === keys) return
  keys.set(fromKeys.subarray(0, count), start)
  places.set(fromPlaces.subarray(0, count), start)
}

/** Makes counts of a digit where each begins, from `start` on; false if all have the same. */
const startsOf = (first: number, base: number, flip: number, start: number, count: number): boolean => {
  let next = start
  for (let digit = 0; digit < base; digit++) {
    const at = first + (digit ^ flip)
    const here = counts[at]!
    if (here === count) return false
    counts[at] = next
    next += here
  }
  return true
}

const deal = (
  keys: Int32Array,
  places: Int32Array,
  start: number,
  count: number,
  first: number,
  shift: number,
  mask: number,
  toKeys: Int32Array,
  toPlaces: Int32Array,
): void => {
  for (let i = start; i < start + count; i++) {
    const key = keys[i]!
    const to = counts[first + ((key >>> shift) & mask)]!++
    toKeys[to] = key
    toPlaces[to] = places[i]!
  }
}

const countOctets = (keys: Int32Array, start: number, count: number): void => {
  counts.fill(0, 0, 4 << 8)
  for (let i = start; i < start + count; i++) {
    const key = keys[i]!
    counts[key & 255]!++
    counts[256 + ((key >>> 8) & 255)]!++
    counts[512 + ((key >>> 16) & 255)]!++
    counts[768 + (key >>> 24)]!++
  }
}

const countElevens = (keys: Int32Array, start: number, count: number): void => {
  counts.fill(0)
  for (let i = start; i < start + count; i++) {
    const key = keys[i]!
    counts[key & 2047]!++
    counts[2048 + ((key >>> 11) & 2047)]!++
    counts[4096 + (key >>> 22)]!++
  }
}

/** A key that at least `wanted` of the first `count` keys do not exceed, and few others: found digit by digit, the highest first. */
export const boundOf = (keys: Int32Array, count: number, wanted: number): number => {
  let prefix = 0
  let left = wanted
  for (let round = 0; ; round++) {
    const shift = shifts[round]!
    const bits = round === 0 ? 11 : shifts[round - 1]! - shift
    countWithin(keys, count, shift, bits, prefix)
    let digit = 0
    for (; counts[digit]! < left; digit++) left -= counts[digit]!
    prefix = (prefix << bits) | digit
    if (shift === 0 || counts[digit]! <= left + 64) return ((prefix << shift) | ((1 << shift) - 1)) ^ signBit
  }
}
const shifts = [21, 10, 0]
const signBit = 1 << 31

/** Counts a digit of those keys that begin with `prefix`; one of the first digit is all there is. */
const countWithin = (keys: Int32Array, count: number, shift: number, bits: number, prefix: number): void => {
  const mask = (1 << bits) - 1
  counts.fill(0, 0, 2048)
  if (shift + bits === 32) {
    for (let i = 0; i < count; i++) counts[(keys[i]! ^ signBit) >>> shift]!++
    return
  }
  for (let i = 0; i < count; i++) {
    const key = keys[i]! ^ signBit
    if (key >>> (shift + bits) === prefix) counts[(key >>> shift) & mask]!++
  }
}
