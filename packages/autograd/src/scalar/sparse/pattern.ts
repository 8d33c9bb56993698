import type { Core } from '../tape/core.js'

/** Where a matrix may have elements that are not 0: row i has those of the columns `indices[indptr[i]]` to `indices[indptr[i + 1] - 1]`. */
export interface Pattern {
  /** Where each row begins, and at the end their number. */
  readonly indptr: Int32Array
  /** The column of each element. */
  readonly indices: Int32Array
}

/** Which of the first records each root was made of, by walking back from it: an upper bound of where its derivatives are not 0. */
export const patternOf = ({ parents }: Core, first: number, inputs: number, roots: readonly number[]): Pattern => {
  const indptr = new Int32Array(roots.length + 1)
  const indices: number[] = []
  const seenBy = new Map<number, number>()
  roots.forEach((root, row) => {
    const found: number[] = []
    const stack = [root]
    while (stack.length > 0) {
      const at = stack.pop()!
      if (seenBy.get(at) === row) continue
      seenBy.set(at, row)
      if (at < first + inputs) found.push(at - first)
      else
        for (let k = 2 * at; k < 2 * at + 2; k++)
          if (parents[k]! !== at && parents[k]! >= first) stack.push(parents[k]!)
    }
    for (const column of found.sort((a, b) => a - b)) indices.push(column)
    indptr[row + 1] = indices.length
  })
  return { indptr, indices: Int32Array.from(indices) }
}
