import { ArgumentError } from '../../graph/errors.js'
import { formatShape } from '../../graph/shape.js'
import type { Values } from './values.js'

/** A matrix of numbers to be drawn, or one slice of a pile of them. */
export interface Grid {
  readonly rows: number
  readonly columns: number
  readonly cells: readonly number[]
  /** Which slice this is; null of a matrix. */
  readonly slice: number | null
}

/** What is drawn of numbers, and what was done to make it few enough. */
export interface Grids {
  readonly grids: readonly Grid[]
  /** How many rows and columns each cell stands for. */
  readonly block: readonly [rows: number, columns: number]
  /** How many slices are left out. */
  readonly left: number
}

/** A vector is one row; a pile of matrices, slices. @throws ArgumentError for more than three axes */
export const gridsOf = (
  what: string,
  { shape, data }: Values,
  rowLimit: number,
  columnLimit: number,
  sliceLimit: number,
): Grids => {
  if (shape.length > 3) {
    throw new ArgumentError(
      `${what}: values has shape ${formatShape(shape)}, and up to three axes are drawn; choose a part, values.at(0), or ` +
        `reshape to [${shape.slice(0, -2).reduce((a, b) => a * b)}, ${shape.slice(-2).join(', ')}].`,
    )
  }
  const [columns, rows] = [shape.at(-1) ?? 1, shape.at(-2) ?? 1]
  const slices = shape.length === 3 ? shape[0]! : 1
  const block = [Math.ceil(rows / rowLimit) || 1, Math.ceil(columns / columnLimit) || 1] as const
  const drawn = Math.min(slices, sliceLimit)
  const grids = Array.from({ length: drawn }, (_, slice): Grid => {
    const [height, width] = [Math.ceil(rows / block[0]), Math.ceil(columns / block[1])]
    const cells: number[] = []
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        let most = 0
        for (let r = i * block[0]; r < Math.min(rows, (i + 1) * block[0]); r++) {
          for (let c = j * block[1]; c < Math.min(columns, (j + 1) * block[1]); c++) {
            most = stronger(most, data[(slice * rows + r) * columns + c]!)
          }
        }
        cells.push(most)
      }
    }
    return { rows: height, columns: width, cells, slice: shape.length === 3 ? slice : null }
  })
  return { grids, block, left: slices - drawn }
}

/** Of two elements the one that is further from 0; what is no number is furthest. */
const stronger = (a: number, b: number): number => (Number.isNaN(a) || Math.abs(a) > Math.abs(b) ? a : b)

/** A sentence for what is not shown one by one; empty where everything is. */
export const noteOf = ({ block, left }: Grids): string => {
  const parts = [
    ...(block[0] * block[1] === 1
      ? []
      : [`Each cell stands for up to ${block[0]} × ${block[1]} elements and shows the one furthest from 0.`]),
    ...(left === 0 ? [] : [`${left} more slice${left === 1 ? ' is' : 's are'} not shown.`]),
  ]
  return parts.join(' ')
}
