import { dot, masked } from '../subject/vectors.js'
import { jointBar } from './agreement.js'

/** `<J'v, u>` from `back` = J'v, and `<v, J u>` from `along` = J u, known to `bars`, of a function of values of a size. */
export const products = (
  v: Float64Array,
  back: Float64Array,
  u: Float64Array,
  along: Float64Array,
  size: number,
  bars?: Float64Array,
): { left: number; right: number; bar: number } => {
  const known = masked(along, v)
  const left = dot(back, u)
  const right = dot(v, known)
  const uncertain = bars === undefined ? 0 : sizeOfProduct(v, masked(bars, v))
  const scale = Math.max(sizeOfProduct(back, u) + sizeOfProduct(v, known), size / 100)
  return { left, right, bar: jointBar(left, right, uncertain, scale) }
}

/** The sum of |a_i b_i|: how large the numbers are that a dot product adds up. */
const sizeOfProduct = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! * b[i]!)
  return sum
}
