import type { Precision } from '../subject/precision.js'
import { dot, masked } from '../subject/vectors.js'
import { jointBar } from './agreement.js'

/** A product of the Jacobian with a vector on either side, by two ways. */
export interface Product {
  readonly left: number
  readonly right: number
  /** How uncertain the two are together. */
  readonly bar: number
  /** How large the numbers are that they add up. */
  readonly size: number
}

/** How much farther sums of many numbers may be off than others. In float32 derivatives come with as much, and are added up in float64. */
const inSums = { float32: 1, float64: 64 }

interface Certainty {
  readonly bars?: Float64Array | undefined
  readonly precision: Precision
}

/** `<J'v, u>` from `back` = J'v, and `<v, J u>` from `along` = J u, known to `bars`. */
export const products = (
  v: Float64Array,
  back: Float64Array,
  u: Float64Array,
  along: Float64Array,
  { bars, precision }: Certainty,
): Product => {
  const known = masked(along, v)
  const left = dot(back, u)
  const right = dot(v, known)
  const uncertain = bars === undefined ? 0 : sizeOfProduct(v, masked(bars, v))
  const size = sizeOfProduct(back, u) + sizeOfProduct(v, known)
  return { left, right, bar: jointBar(left, right, uncertain, inSums[precision] * size, precision), size }
}

/** The sum of |a_i b_i|: how large the numbers are that a dot product adds up. */
const sizeOfProduct = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! * b[i]!)
  return sum
}
