import type { Core } from '../tape/core.js'

/** A sparse matrix by its rows (CSR): in row i `values[k]` in column `indices[k]`, for k from `indptr[i]` up to `indptr[i + 1]`. */
export interface SparseMatrix {
  /** Rows and columns. */
  readonly shape: readonly [rows: number, columns: number]
  /** Where each row begins, and at the end their number. */
  readonly indptr: Int32Array
  /** The column of each element, in order in each row. */
  readonly indices: Int32Array
  /** The elements, row by row. */
  readonly values: Float64Array
}

/**
 * The derivatives of roots by the first records: back from each root over what it was made of, and nothing else, which also says where
 * they may be other than 0.
 */
export const rowsOf = (core: Core, first: number, inputs: number, roots: readonly number[]): SparseMatrix => {
  const { parents, partials, cotangents } = core
  const end = first + inputs
  cotangents.fill(0, first, core.size())
  // by record the row that has met it last, from 1
  const metBy = new Int32Array(core.size() - first)
  const stack: number[] = []
  const order: number[] = []
  const columns = new Int32Array(inputs)
  const indptr = new Int32Array(roots.length + 1)
  let indices = new Int32Array(inputs + 16 * roots.length)
  let values = new Float64Array(indices.length)
  for (let row = 1; row <= roots.length; row++) {
    const root = roots[row - 1]!
    let found = 0
    let next = root
    // each record after those that it was made of
    for (;;) {
      if (metBy[next - first] !== row) {
        metBy[next - first] = row
        if (next < end) columns[found++] = next - first
        else stack.push(next)
      }
      if (stack.length === 0) break
      const at = stack[stack.length - 1]!
      next = parents[2 * at]!
      if (metBy[next - first] === row) next = parents[2 * at + 1]!
      if (metBy[next - first] === row) order.push(stack.pop()!)
    }
    cotangents[root] = 1
    while (order.length > 0) {
      const at = order.pop()!
      const cotangent = cotangents[at]!
      cotangents[at] = 0
      if (cotangent === 0) continue
      const k = 2 * at
      if (partials[k] !== 0) cotangents[parents[k]!]! += partials[k]! * cotangent
      if (partials[k + 1] !== 0) cotangents[parents[k + 1]!]! += partials[k + 1]! * cotangent
    }
    let place = indptr[row - 1]!
    if (place + found > indices.length) {
      indices = extended(indices, new Int32Array(2 * (place + found)))
      values = extended(values, new Float64Array(2 * (place + found)))
    }
    for (const column of columns.subarray(0, found).sort()) {
      indices[place] = column
      values[place++] = cotangents[first + column]!
      cotangents[first + column] = 0
    }
    indptr[row] = place
  }
  const count = indptr[roots.length]!
  return {
    shape: [roots.length, inputs],
    indptr,
    indices: indices.subarray(0, count),
    values: values.subarray(0, count),
  }
}

const extended = <A extends Int32Array | Float64Array>(short: A, long: A): A => {
  long.set(short)
  return long
}
