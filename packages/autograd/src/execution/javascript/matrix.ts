import type { TypedArray } from '../../graph/dtype.js'
import type { Problem } from '../products.js'

/** Where a matrix lies in an array: its first element and the distance between neighbours in a column and in a row. */
export interface Matrix {
  readonly data: TypedArray
  readonly offset: number
  readonly rowStep: number
  readonly columnStep: number
}

/** The sizes of a product, m x k by k x n, and the distance between the rows of the result. */
export type Sizes = Pick<Problem, 'm' | 'n' | 'k' | 'cRow'>

export const transposed = ({ data, offset, rowStep, columnStep }: Matrix): Matrix => ({
  data,
  offset,
  rowStep: columnStep,
  columnStep: rowStep,
})

/** The product, sum by sum: for sizes where any preparation would cost more. */
export const multiplySmall = (a: Matrix, b: Matrix, { m, n, k, cRow }: Sizes, out: TypedArray, start: number): void => {
  const { data: aData, rowStep: aRow, columnStep: aColumn } = a
  const { data: bData, rowStep: bRow, columnStep: bColumn } = b
  const gap = cRow - n
  let row = a.offset
  for (let i = 0; i < m; i++, row += aRow, start += gap) {
    let column = b.offset
    for (let j = 0; j < n; j++, column += bColumn) {
      let sum = 0
      let p = row
      let q = column
      for (let l = 0; l < k; l++, p += aColumn, q += bRow) sum += aData[p]! * bData[q]!
      out[start++] = sum
    }
  }
}

/** The product of int32 matrices, whose sums wrap at 32 bits. */
export const multiplyIntegers = (
  a: Matrix,
  b: Matrix,
  { m, n, k, cRow }: Sizes,
  out: TypedArray,
  start: number,
): void => {
  for (let i = 0; i < m; i++, start += cRow) {
    for (let l = 0; l < k; l++) {
      const factor = a.data[a.offset + i * a.rowStep + l * a.columnStep]!
      let q = b.offset + l * b.rowStep
      for (let j = 0; j < n; j++, q += b.columnStep) out[start + j]! += Math.imul(factor, b.data[q]!)
    }
  }
}
