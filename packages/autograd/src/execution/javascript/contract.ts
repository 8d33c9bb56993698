import type { DType, TypedArray } from '../../graph/dtype.js'
import type { Contract } from '../../graph/kernel.js'
import { sizeOf } from '../../graph/shape.js'
import { emptyValue, resultValue, type Spec, type Value } from '../../graph/value.js'
import { annihilate, hasNaN } from '../annihilation.js'
import { collapse, walk } from '../walk.js'
import { copyInto } from './copy.js'
import { multiplyTiled, type PackedColumns, packColumns } from './gemm.js'
import { type Matrix, multiplyIntegers, multiplySmall, type Sizes, transposed } from './matrix.js'
import { multiplyVector, vectorOf } from './matvec.js'

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
  const rank = out.shape.length
  const size = sizeOf(out.shape)
  const value = resultValue(out, size)
  if (size === 0) return value
  const sizes = { m: out.shape[rank - 2]!, n: out.shape[rank - 1]!, k: a.shape[rank - 1]! }
  if (rank > 2) multiplyBatch(a, b, sizes, value)
  else multiplierOf(sizes, out.dtype)(matrixOf(a, a.offset), matrixOf(b, b.offset), sizes, value.data, value.offset)
  return value
}

const multiplyBatch = (a: Value, b: Value, sizes: Sizes, out: Value): void => {
  const { m, n, k } = sizes
  const batch = out.shape.slice(0, -2)
  // one right factor for all: the rows of all left factors together, if they are evenly spaced
  const rows = collapse([...batch, m], [a.strides.slice(0, -1)])
  if (rows.dims.length <= 1 && batch.every((dim, axis) => dim === 1 || b.strides[axis] === 0)) {
    const tall: Matrix = { ...matrixOf(a, a.offset), rowStep: rows.strides[0]![0] ?? 0 }
    const sizes = { m: rows.dims[0] ?? 1, n, k }
    multiplierOf(sizes, out.dtype)(tall, matrixOf(b, b.offset), sizes, out.data, out.offset)
    return
  }
  const multiply = multiplierOf(sizes, out.dtype)
  const offsets = [a.offset, b.offset]
  let start = out.offset
  walk(collapse(batch, [a.strides.slice(0, -2), b.strides.slice(0, -2)]), 0, offsets, () => {
    multiply(matrixOf(a, offsets[0]!), matrixOf(b, offsets[1]!), sizes, out.data, start)
    start += m * n
  })
}

const matrixOf = ({ data, strides }: Value, offset: number): Matrix => ({
  data,
  offset,
  rowStep: strides[strides.length - 2]!,
  columnStep: strides[strides.length - 1]!,
})

type Multiply = (a: Matrix, b: Matrix, sizes: Sizes, out: TypedArray, start: number) => void

const multiplierOf = ({ m, n, k }: Sizes, dtype: DType): Multiply => {
  if (dtype === 'int32') return multiplyIntegers
  return m * n * k < smallProduct ? multiplySmall : m < 4 ? multiplyRows : n < 4 ? multiplyColumns : tiledMultiply()
}

/** It keeps its right factor prepared for the next one of a batch. */
const tiledMultiply = (): Multiply => {
  let packed: PackedColumns | undefined
  let packedFrom = -1
  return (a, b, sizes, out, start) => {
    if (packed === undefined || packedFrom !== b.offset) {
      packed = packColumns(b, sizes)
      packedFrom = b.offset
    }
    multiplyTiled(a, packed, sizes, out, start)
  }
}

/** Few rows: the matrix b, seen from its other side, times each of them. */
const multiplyRows: Multiply = (a, b, { m, n, k }, out, start) => {
  const bTransposed = transposed(b)
  for (let i = 0; i < m; i++) {
    const row = vectorOf(a.data, a.offset + i * a.rowStep, a.columnStep, k)
    multiplyVector(bTransposed, row, n, k, out, start + i * n, 1)
  }
}

/** Few columns: the matrix a times each of them. */
const multiplyColumns: Multiply = (a, b, { m, n, k }, out, start) => {
  for (let j = 0; j < n; j++) {
    const column = vectorOf(b.data, b.offset + j * b.columnStep, b.rowStep, k)
    multiplyVector(a, column, m, k, out, start + j, n)
  }
}
