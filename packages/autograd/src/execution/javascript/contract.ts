import type { TypedArray } from '../../graph/dtype.js'
import type { Contract } from '../../graph/kernel.js'
import { emptyValue, type Spec, type Value } from '../../graph/value.js'
import { collapse, walk } from '../walk.js'
import { copyInto } from './copy.js'
import { multiplyTiled, type PackedColumns, packColumns } from './gemm.js'
import { type Matrix, multiplySmall, type Sizes, transposed } from './matrix.js'
import { multiplyVector, vectorOf } from './matvec.js'

/** Products of fewer multiplications than this are not worth preparing for. */
const smallProduct = 300

export const contract = (kernel: Contract, [a, b]: readonly Value[], out: Spec): Value => {
  const value = emptyValue(out)
  if (out.dtype === 'bool') {
    const counts = contract(kernel, [a!, b!], { shape: out.shape, dtype: 'float64' })
    copyInto(value.data, 0, value.strides, counts)
    return value
  }
  const rank = out.shape.length
  const sizes = { m: out.shape[rank - 2]!, n: out.shape[rank - 1]!, k: a!.shape[rank - 1]! }
  if (value.data.length === 0) return value
  if (rank === 2) createMultiply(sizes)(matrixOf(a!, a!.offset), matrixOf(b!, b!.offset), value.data, 0)
  else multiplyBatch(a!, b!, sizes, value)
  return value
}

const multiplyBatch = (a: Value, b: Value, { m, n, k }: Sizes, out: Value): void => {
  const batch = out.shape.slice(0, -2)
  // one right factor for all: the rows of all left factors together, if they are evenly spaced
  const rows = collapse([...batch, m], [a.strides.slice(0, -1)])
  if (rows.dims.length <= 1 && batch.every((dim, axis) => dim === 1 || b.strides[axis] === 0)) {
    const tall: Matrix = { ...matrixOf(a, a.offset), rowStep: rows.strides[0]![0] ?? 0 }
    createMultiply({ m: rows.dims[0] ?? 1, n, k })(tall, matrixOf(b, b.offset), out.data, 0)
    return
  }
  const multiply = createMultiply({ m, n, k })
  const offsets = [a.offset, b.offset]
  let start = 0
  walk(collapse(batch, [a.strides.slice(0, -2), b.strides.slice(0, -2)]), 0, offsets, () => {
    multiply(matrixOf(a, offsets[0]!), matrixOf(b, offsets[1]!), out.data, start)
    start += m * n
  })
}

const matrixOf = ({ data, strides }: Value, offset: number): Matrix => ({
  data,
  offset,
  rowStep: strides[strides.length - 2]!,
  columnStep: strides[strides.length - 1]!,
})

type Multiply = (a: Matrix, b: Matrix, out: TypedArray, start: number) => void

const createMultiply = (sizes: Sizes): Multiply => {
  const { m, n, k } = sizes
  if (m * n * k < smallProduct) return (a, b, out, start) => multiplySmall(a, b, sizes, out, start)
  if (m < 4) return (a, b, out, start) => multiplyRows(transposed(b), a, sizes, out, start)
  if (n < 4) return (a, b, out, start) => multiplyColumns(a, b, sizes, out, start)
  let packed: PackedColumns | undefined
  let packedFrom = -1
  return (a, b, out, start) => {
    if (packed === undefined || packedFrom !== b.offset) {
      packed = packColumns(b, sizes)
      packedFrom = b.offset
    }
    multiplyTiled(a, packed, sizes, out, start)
  }
}

/** Few rows: the matrix b, seen from its other side, times each of them. */
const multiplyRows = (bTransposed: Matrix, a: Matrix, { m, n, k }: Sizes, out: TypedArray, start: number): void => {
  for (let i = 0; i < m; i++) {
    const row = vectorOf(a.data, a.offset + i * a.rowStep, a.columnStep, k)
    multiplyVector(bTransposed, row, n, k, out, start + i * n, 1)
  }
}

/** Few columns: the matrix a times each of them. */
const multiplyColumns = (a: Matrix, b: Matrix, { m, n, k }: Sizes, out: TypedArray, start: number): void => {
  for (let j = 0; j < n; j++) {
    const column = vectorOf(b.data, b.offset + j * b.columnStep, b.rowStep, k)
    multiplyVector(a, column, m, k, out, start + j, n)
  }
}
