import type { Pattern } from './pattern.js'

/** For each column its color, from 0; columns of one color are differentiated along at once. */
export interface Coloring {
  readonly colors: Int32Array
  readonly count: number
}

/** Each in turn gets the least color that is not refused to it. */
const greedily = (size: number, refused: (at: number, colors: Int32Array, refuse: (color: number) => void) => void) => {
  const colors = new Int32Array(size).fill(-1)
  // which one a color was last refused to
  const refusedTo: number[] = []
  let count = 0
  for (let at = 0; at < size; at++) {
    refused(at, colors, (color) => {
      if (color >= 0) refusedTo[color] = at
    })
    let color = 0
    while (refusedTo[color] === at) color++
    colors[at] = color
    count = Math.max(count, color + 1)
  }
  return { colors, count }
}

/** For each column the rows in which it has an element. */
const transposed = ({ indptr, indices }: Pattern, columns: number): Int32Array[] => {
  const rows = Array.from({ length: columns }, (): number[] => [])
  for (let row = 0; row + 1 < indptr.length; row++) {
    for (let k = indptr[row]!; k < indptr[row + 1]!; k++) rows[indices[k]!]!.push(row)
  }
  return rows.map((list) => Int32Array.from(list))
}

/**
 * Columns that have no row in common may have one color: then each element of the Jacobian is alone in its row and color (Curtis, Powell
 * and Reid 1974; Coleman and Moré 1983, Estimation of sparse Jacobian matrices and graph coloring problems).
 */
export const columnColoring = (pattern: Pattern, columns: number): Coloring => {
  const { indptr, indices } = pattern
  const rowsOf = transposed(pattern, columns)
  return greedily(columns, (column, colors, refuse) => {
    for (const row of rowsOf[column]!) {
      for (let k = indptr[row]!; k < indptr[row + 1]!; k++) refuse(colors[indices[k]!]!)
    }
  })
}

/**
 * A star coloring of a symmetric matrix: neighbors differ, and no path of four has only two colors. Then each element, or the one across
 * the diagonal, is alone in its row and color (Coleman and Moré 1984; Gebremedhin, Manne and Pothen 2005, What color is your
 * Jacobian?, section 4).
 */
export const starColoring = ({ indptr, indices }: Pattern): Coloring => {
  const size = indptr.length - 1
  const neighborsOf = (at: number) => indices.subarray(indptr[at]!, indptr[at + 1]!).filter((other) => other !== at)
  const neighbors = Array.from({ length: size }, (_, at) => neighborsOf(at))
  return greedily(size, (at, colors, refuse) => {
    for (const near of neighbors[at]!) {
      refuse(colors[near]!)
      for (const next of neighbors[near]!) {
        if (next === at || colors[next]! < 0) continue
        if (colors[near]! < 0) refuse(colors[next]!)
        // at - near - next - last with the colors of near and last alike: at may not have that of next
        else if (neighbors[next]!.some((last) => last !== near && colors[last] === colors[near])) refuse(colors[next]!)
      }
      // two neighbors of at with one color, and a path beyond one of them
      if (neighbors[at]!.some((other) => other !== near && colors[other]! >= 0 && colors[other] === colors[near])) {
        for (const next of neighbors[near]!) if (next !== at) refuse(colors[next]!)
      }
    }
  })
}
