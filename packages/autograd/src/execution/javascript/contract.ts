import type { DType, TypedArray } from '../../graph/dtype.js'
import type { Contract } from '../../graph/kernel.js'
import { sizeOf } from '../../graph/shape.js'
import { emptyValue, resultValue, type Spec, type Value } from '../../graph/value.js'
import { annihilate, hasNaN } from '../annihilation.js'
import { problemOf, walkBatches } from '../products.js'
import { blockDepth } from '../summation.js'
import { copyInto } from './copy.js'
import { multiplyTiled, type PackedColumns, packColumns } from './gemm.js'
import { type Matrix, multiplyIntegers, multiplySmall, type Sizes, transposed } from './matrix.js'
import { multiplyVector, vectorOf } from './matvec.js'
import { createScratch } from './scratch.js'

/** Products of fewer multiplications than this are not worth preparing for. */
const smallProduct = 300

export const contract = (kernel: Contract, [a, b]: readonly Value[], out: Spec): Value => {
  const value = multiply(a!, b!, out)
  return kernel.by === 'scale' && hasNaN(value) ? annihilate(a!, b!, value) : value
}

const multiply = (a: Value, b: Value, out: Spec): Value => {
  if (out.dtype === 'bool') {
    const value = emptyValue(out)
    const counts = multiply(a, b, { shape: out.shape, dtype: 'float64' })
    copyInto(value.data, 0, value.strides, counts)
    return value
  }
  const size = sizeOf(out.shape)
  const value = resultValue(out, size)
  if (size === 0) return value
  if (out.shape.length > 2) {
    multiplyBatches(a, b, value)
    return value
  }
  // by index: to take a list apart costs a tenth of a tiny product
  const n = out.shape[1]!
  const sizes = { m: out.shape[0]!, n, k: a.shape[1]!, cRow: n }
  multiplierOf(sizes, out.dtype)(matrixOf(a), matrixOf(b), sizes, value.data, value.offset)
  return value
}

const multiplyBatches = (a: Value, b: Value, { data, shape, dtype, offset }: Value): void => {
  const problem = problemOf(a, b, shape, false, 1)
  const [left, right] = problem.swapped ? [b, a] : [a, b]
  const { m, n, k, cRow } = problem
  const sizes = { m, n, k, cRow }
  const multiply = multiplierOf(sizes, dtype)
  walkBatches(problem, left.offset, right.offset, offset, (from, by, to) => {
    const rows = { data: left.data, offset: from, rowStep: problem.a.row, columnStep: problem.a.column }
    const columns = { data: right.data, offset: by, rowStep: problem.b.row, columnStep: problem.b.column }
    multiply(rows, columns, sizes, data, to)
  })
}

const matrixOf = ({ data, strides, offset }: Value): Matrix => ({
  data,
  offset,
  rowStep: strides[0]!,
  columnStep: strides[1]!,
})

type Multiply = (a: Matrix, b: Matrix, sizes: Sizes, out: TypedArray, start: number) => void

const multiplierOf = ({ m, n, k }: Sizes, dtype: DType): Multiply => {
  if (dtype === 'int32') return multiplyIntegers
  if (m * n * k < smallProduct) return multiplySmall
  const multiply = m < 4 ? multiplyRows : n < 4 ? multiplyColumns : tiledMultiply()
  // float64 has digits enough for sums of float32
  return dtype === 'float64' && k > blockDepth ? inBlocks(multiply) : multiply
}

const blockScratch = createScratch(Float64Array)

/** Block by block of the depth, added to what lies there. */
const inBlocks =
  (multiply: Multiply): Multiply =>
  (a, b, { m, n, k, cRow }, out, start) => {
    const product = blockScratch(m * n)
    for (let from = 0; from < k; from += blockDepth) {
      const depth = Math.min(blockDepth, k - from)
      const [rows, columns] = [shifted(a, from * a.columnStep), shifted(b, from * b.rowStep)]
      multiply(rows, columns, { m, n, k: depth, cRow: n }, product, 0)
      for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[start + i * cRow + j]! += product[i * n + j]!
    }
  }

const shifted = ({ data, offset, rowStep, columnStep }: Matrix, distance: number): Matrix => ({
  data,
  offset: offset + distance,
  rowStep,
  columnStep,
})

/** It keeps its right factor prepared for the next one of a batch. */
const tiledMultiply = (): Multiply => {
  let packed: PackedColumns | undefined
  let packedFrom = -1
  let packedDepth = 0
  return (a, b, sizes, out, start) => {
    if (packed === undefined || packedFrom !== b.offset || packedDepth !== sizes.k) {
      packed = packColumns(b, sizes)
      packedFrom = b.offset
      packedDepth = sizes.k
    }
    multiplyTiled(a, packed, sizes, out, start)
  }
}

/** Few rows: the matrix b, seen from its other side, times each of them. */
const multiplyRows: Multiply = (a, b, { m, n, k, cRow }, out, start) => {
  const bTransposed = transposed(b)
  for (let i = 0; i < m; i++) {
    const row = vectorOf(a.data, a.offset + i * a.rowStep, a.columnStep, k)
    multiplyVector(bTransposed, row, n, k, out, start + i * cRow, 1)
  }
}

/** Few columns: the matrix a times each of them. */
const multiplyColumns: Multiply = (a, b, { m, n, k, cRow }, out, start) => {
  for (let j = 0; j < n; j++) {
    const column = vectorOf(b.data, b.offset + j * b.columnStep, b.rowStep, k)
    multiplyVector(a, column, m, k, out, start + j, cRow)
  }
}
