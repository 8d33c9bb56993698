import type { Random } from '../../tensor/random.js'

// Loops, as vectors may have a million elements: callbacks take many times as long there.

const drawn = (size: number, random: Random): Float64Array =>
  random.uniform([size], { dtype: 'float64' }).data as Float64Array

/** A random vector of +1 and -1: every element weighs the same, and none can hide. */
export const signs = (size: number, random: Random): Float64Array => {
  const numbers = drawn(size, random)
  const vector = new Float64Array(size)
  for (let i = 0; i < size; i++) vector[i] = numbers[i]! < 0.5 ? -1 : 1
  return vector
}

/** A random vector whose elements have magnitudes from 1/2 to 3/2 and either sign. */
export const weights = (size: number, random: Random): Float64Array => {
  const vector = signs(size, random)
  const numbers = drawn(size, random)
  for (let i = 0; i < size; i++) vector[i]! *= 0.5 + numbers[i]!
  return vector
}

/** Writes `point + step * direction` where something moves; elsewhere the vector has the point's elements already. */
export const movedBy = (
  point: Float64Array,
  step: number,
  direction: Float64Array,
  into: Float64Array,
): Float64Array => {
  for (let j = 0; j < into.length; j++) if (direction[j] !== 0) into[j] = point[j]! + step * direction[j]!
  return into
}

/** `length` times the unit vector of one coordinate. */
export const unit = (size: number, position: number, length = 1): Float64Array => {
  const vector = new Float64Array(size)
  vector[position] = length
  return vector
}

/** The vector with all but some positions set to 0. */
export const restrict = (vector: Float64Array, positions: readonly number[]): Float64Array => {
  const part = new Float64Array(vector.length)
  for (const position of positions) part[position] = vector[position]!
  return part
}

/** The vector with 0 before a position, and from another on. */
export const within = (vector: Float64Array, from: number, to: number): Float64Array => {
  const part = new Float64Array(vector.length)
  part.set(vector.subarray(from, to), from)
  return part
}

export const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** The vector with 0 wherever the mask is 0, whatever stood there. */
export const masked = (vector: Float64Array, mask: Float64Array): Float64Array => {
  const rest = new Float64Array(vector.length)
  for (let i = 0; i < rest.length; i++) if (mask[i] !== 0) rest[i] = vector[i]!
  return rest
}

/** The greatest magnitude among the finite elements. */
export const largest = (vector: ArrayLike<number>): number => {
  let most = 0
  for (let i = 0; i < vector.length; i++) {
    const size = Math.abs(vector[i]!)
    if (size > most && size < Number.POSITIVE_INFINITY) most = size
  }
  return most
}

/** The one position of a vector that makes it misbehave, by halving what is left of it; null if it takes several. */
export const bisect = (vector: Float64Array, misbehaves: (part: Float64Array) => boolean): number | null => {
  let support = Array.from(vector.keys()).filter((position) => vector[position] !== 0)
  while (support.length > 1) {
    const middle = support.length >> 1
    const half = support.slice(0, middle)
    // where neither half does, the last one left does not either
    support = misbehaves(restrict(vector, half)) ? half : support.slice(middle)
  }
  return support.find((position) => misbehaves(restrict(vector, [position]))) ?? null
}
