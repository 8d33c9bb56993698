import { AdjointError, type Tensor } from '@adjoint/autograd'

/** Elements, as tensors have them. */
export type Elements = ArrayLike<number>

/** The elements of a tensor; null where it has none, as in the body of a loop, which is traced. */
export const elementsOf = (tensor: Tensor): Elements | null => {
  try {
    return tensor.data
  } catch (error) {
    if (error instanceof AdjointError) return null
    throw error
  }
}

/** The root of the sum of the squares of all elements, also where the squares would be too large or too small for a number. */
export const norm = (arrays: readonly Elements[]): number => {
  let sum = 0
  for (const array of arrays) sum += squares(array)
  // between these, no square that matters was lost
  return sum > 1e-280 && sum < Number.POSITIVE_INFINITY ? Math.sqrt(sum) : scaledNorm(arrays)
}

const squares = (array: Elements): number => {
  let sum = 0
  for (let i = 0; i < array.length; i++) sum += array[i]! * array[i]!
  return sum
}

const scaledNorm = (arrays: readonly Elements[]): number => {
  // the sum is that of (x / scale)^2, where scale is the largest so far
  let scale = 0
  let sum = 1
  for (const array of arrays) {
    for (let i = 0; i < array.length; i++) {
      const size = Math.abs(array[i]!)
      if (size === 0) continue
      // of these there is no ratio
      if (!(size < Number.POSITIVE_INFINITY)) return size
      if (size > scale) {
        sum = 1 + sum * (scale / size) * (scale / size)
        scale = size
      } else {
        sum += (size / scale) * (size / scale)
      }
    }
  }
  return scale === 0 ? 0 : scale * Math.sqrt(sum)
}

/** The elements of one tensor minus those of another. */
export const difference = (after: Elements, before: Elements): Float64Array => {
  const moved = new Float64Array(after.length)
  for (let i = 0; i < moved.length; i++) moved[i] = after[i]! - before[i]!
  return moved
}
