import type { TypedArray } from '../../graph/dtype.js'
import type { Matrix, Sizes } from './matrix.js'
import { createScratch } from './scratch.js'

/**
 * The product in tiles of 4 x 4, whose 16 sums stay in registers. Both factors are copied as float64 into panels that a
 * tile reads front to back: panel p of a holds its rows 4p to 4p + 3, column after column; b likewise by columns.
 */
export const multiplyTiled = (
  a: Matrix,
  b: PackedColumns,
  { m, n, k, cRow }: Sizes,
  out: TypedArray,
  start: number,
): void => {
  const width = tile * Math.ceil(n / tile)
  const panel = panelScratch(tile * k)
  const rows = rowsScratch(tile * width)
  for (let i = 0; i < m; i += tile) {
    const count = Math.min(tile, m - i)
    packPanel(panel, 0, a.data, a.offset + i * a.rowStep, a.rowStep, a.columnStep, count, k)
    for (let j = 0; j < n; j += tile) multiplyTile(panel, b, j * k, k, rows, j, width)
    for (let row = 0; row < count; row++, start += cRow) {
      const from = row * width
      for (let j = 0; j < n; j++) out[start + j] = rows[from + j]!
    }
  }
}

const tile = 4

const panelScratch = createScratch(Float64Array)
const rowsScratch = createScratch(Float64Array)
const packedScratch = createScratch(Float64Array)

/** The right factor of `multiplyTiled`, as `packColumns` lays it out; it holds until the next call of that. */
export type PackedColumns = Float64Array

export const packColumns = (b: Matrix, { n, k }: Sizes): PackedColumns => {
  const packed = packedScratch(tile * Math.ceil(n / tile) * k)
  for (let j = 0; j < n; j += tile) {
    packPanel(packed, j * k, b.data, b.offset + j * b.columnStep, b.columnStep, b.rowStep, Math.min(tile, n - j), k)
  }
  return packed
}

/** Lays `count` (at most 4) lines of k elements side by side; the sums of what is missing to 4 are never read. */
const packPanel = (
  panel: Float64Array,
  start: number,
  data: TypedArray,
  offset: number,
  lineStep: number,
  step: number,
  count: number,
  k: number,
): void => {
  if (count < tile) {
    for (let line = 0; line < count; line++, offset += lineStep) {
      for (let l = 0; l < k; l++) panel[start + line + tile * l] = data[offset + l * step]!
    }
    return
  }
  for (let l = 0; l < k; l++, start += tile, offset += step) {
    panel[start] = data[offset]!
    panel[start + 1] = data[offset + lineStep]!
    panel[start + 2] = data[offset + 2 * lineStep]!
    panel[start + 3] = data[offset + 3 * lineStep]!
  }
}

const multiplyTile = (
  a: Float64Array,
  b: Float64Array,
  bStart: number,
  k: number,
  out: Float64Array,
  start: number,
  width: number,
): void => {
  let c00 = 0
  let c01 = 0
  let c02 = 0
  let c03 = 0
  let c10 = 0
  let c11 = 0
  let c12 = 0
  let c13 = 0
  let c20 = 0
  let c21 = 0
  let c22 = 0
  let c23 = 0
  let c30 = 0
  let c31 = 0
  let c32 = 0
  let c33 = 0
  let p = 0
  let q = bStart
  for (let l = 0; l < k; l++, p += tile, q += tile) {
    const b0 = b[q]!
    const b1 = b[q + 1]!
    const b2 = b[q + 2]!
    const b3 = b[q + 3]!
    const a0 = a[p]!
    c00 += a0 * b0
    c01 += a0 * b1
    c02 += a0 * b2
    c03 += a0 * b3
    const a1 = a[p + 1]!
    c10 += a1 * b0
    c11 += a1 * b1
    c12 += a1 * b2
    c13 += a1 * b3
    const a2 = a[p + 2]!
    c20 += a2 * b0
    c21 += a2 * b1
    c22 += a2 * b2
    c23 += a2 * b3
    const a3 = a[p + 3]!
    c30 += a3 * b0
    c31 += a3 * b1
    c32 += a3 * b2
    c33 += a3 * b3
  }
  out[start] = c00
  out[start + 1] = c01
  out[start + 2] = c02
  out[start + 3] = c03
  start += width
  out[start] = c10
  out[start + 1] = c11
  out[start + 2] = c12
  out[start + 3] = c13
  start += width
  out[start] = c20
  out[start + 1] = c21
  out[start + 2] = c22
  out[start + 3] = c23
  start += width
  out[start] = c30
  out[start + 1] = c31
  out[start + 2] = c32
  out[start + 3] = c33
}
