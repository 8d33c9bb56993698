import type { TypedArray } from '../../graph/dtype.js'
import type { Matrix } from './matrix.js'
import { createScratch } from './scratch.js'

/** `a` (m x k) times a vector of k; the results lie in `out` from `start` on, `outStep` apart. */
export const multiplyVector = (
  a: Matrix,
  vector: Float64Array,
  m: number,
  k: number,
  out: TypedArray,
  start: number,
  outStep: number,
): void => {
  const byRows = Math.abs(a.columnStep) <= Math.abs(a.rowStep)
  const sums = byRows ? sumsByRows(a, vector, m, k) : sumsByColumns(a, vector, m, k)
  for (let i = 0; i < m; i++, start += outStep) out[start] = sums[i]!
}

const vectorScratch = createScratch(Float64Array)
const sumsScratch = createScratch(Float64Array)

/** `count` elements, `step` apart, as a vector that holds until the next call. */
export const vectorOf = (data: TypedArray, offset: number, step: number, count: number): Float64Array => {
  const vector = vectorScratch(count)
  for (let i = 0; i < count; i++, offset += step) vector[i] = data[offset]!
  return vector
}

/** Four rows at a time: four sums that do not wait for each other, and one read of the vector for all. */
const sumsByRows = (
  { data, offset, rowStep, columnStep }: Matrix,
  vector: Float64Array,
  m: number,
  k: number,
): Float64Array => {
  const sums = sumsScratch(m)
  let i = 0
  for (; i + 4 <= m; i += 4, offset += 4 * rowStep) {
    let s0 = 0
    let s1 = 0
    let s2 = 0
    let s3 = 0
    for (let l = 0, p = offset; l < k; l++, p += columnStep) {
      const x = vector[l]!
      s0 += data[p]! * x
      s1 += data[p + rowStep]! * x
      s2 += data[p + 2 * rowStep]! * x
      s3 += data[p + 3 * rowStep]! * x
    }
    sums[i] = s0
    sums[i + 1] = s1
    sums[i + 2] = s2
    sums[i + 3] = s3
  }
  for (; i < m; i++, offset += rowStep) {
    let s0 = 0
    for (let l = 0, p = offset; l < k; l++, p += columnStep) s0 += data[p]! * vector[l]!
    sums[i] = s0
  }
  return sums
}

/** Four columns at a time, each added in whole, where the elements of a column are the nearer neighbours. */
const sumsByColumns = (
  { data, offset, rowStep, columnStep }: Matrix,
  vector: Float64Array,
  m: number,
  k: number,
): Float64Array => {
  const sums = sumsScratch(m)
  sums.fill(0, 0, m)
  let l = 0
  for (; l + 4 <= k; l += 4, offset += 4 * columnStep) {
    const x0 = vector[l]!
    const x1 = vector[l + 1]!
    const x2 = vector[l + 2]!
    const x3 = vector[l + 3]!
    for (let i = 0, p = offset; i < m; i++, p += rowStep) {
      sums[i]! +=
        data[p]! * x0 + data[p + columnStep]! * x1 + (data[p + 2 * columnStep]! * x2 + data[p + 3 * columnStep]! * x3)
    }
  }
  for (; l < k; l++, offset += columnStep) {
    const x = vector[l]!
    for (let i = 0, p = offset; i < m; i++, p += rowStep) sums[i]! += data[p]! * x
  }
  return sums
}
