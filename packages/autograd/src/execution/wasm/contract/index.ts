import { bytesPerElement } from '../../../graph/dtype.js'
import type { Contract } from '../../../graph/kernel.js'
import { sizeOf } from '../../../graph/shape.js'
import type { Spec, Value } from '../../../graph/value.js'
import { annihilate } from '../../annihilation.js'
import { collapse, walk } from '../../walk.js'
import type { FloatType } from '../math/vector.js'
import { type Placed, placeValue } from '../memory.js'
import { blockDepth as gemmDepth } from '../products/library/gemm.js'
import type { Runtime } from '../runtime.js'
import { buildProducts, type Products } from './kernel.js'

/** From this many multiplications on a product is worth its copies. */
const smallest = 3000

export const createContract = (runtime: Runtime, always: boolean) => {
  const products: { [T in FloatType]?: Products } = {}
  return ({ by }: Contract, [a, b]: readonly Value[], out: Spec): Value | null => {
    const { dtype } = out
    if (dtype === 'int32' || dtype === 'bool' || a!.dtype !== dtype || b!.dtype !== dtype) return null
    const work = sizeOf(out.shape) * a!.shape.at(-1)!
    if (work === 0 || !(always || work >= smallest)) return null
    products[dtype] ??= buildProducts(runtime, dtype)
    return multiply(runtime, products[dtype], a!, b!, out, by === 'scale')
  }
}

const multiply = (
  { scratch }: Runtime,
  products: Products,
  a: Value,
  b: Value,
  out: Spec,
  annihilates: boolean,
): Value | null => {
  scratch.reset()
  const workspace = scratch.take(products.workspace)
  const left = placeValue(scratch, a)
  const right = placeValue(scratch, b)
  const address = scratch.take(sizeOf(out.shape) * bytesPerElement(out.dtype))
  if (!scratch.fits) return null
  scratch.open()
  left.copy()
  right.copy()
  for (const part of partsOf(left, right, a.shape, out)) runDeep(scratch, products, part, address, workspace)
  const isUnordered = annihilates && products.hasNaN(address, sizeOf(out.shape)) !== 0
  const product = scratch.read(out, address)
  return isUnordered ? annihilate(a, b, product) : product
}

/** One product of matrices. Steps are in bytes. */
interface Part {
  readonly m: number
  readonly n: number
  readonly k: number
  readonly a: Matrix
  readonly b: Matrix
  /** Where the result starts, from the start of all results. */
  readonly start: number
  readonly bytes: number
}
interface Matrix {
  readonly address: number
  readonly row: number
  readonly column: number
}

const partsOf = (a: Placed, b: Placed, aShape: readonly number[], { shape, dtype }: Spec): Part[] => {
  const bytes = bytesPerElement(dtype)
  const rank = shape.length
  const [m, n, k] = [shape[rank - 2]!, shape[rank - 1]!, aShape[rank - 1]!]
  const batch = shape.slice(0, -2)
  const aColumn = k === 1 ? bytes : a.strides[rank - 1]!
  const bRow = b.strides[rank - 2]!
  const bColumn = n === 1 ? bytes : b.strides[rank - 1]!

  // one right factor for all: the rows of all left factors together, if they are evenly spaced
  const rows = collapse([...batch, m], [a.strides.slice(0, -1)])
  if (rows.dims.length <= 1 && batch.every((dim, axis) => dim === 1 || b.strides[axis] === 0)) {
    const tall = { address: a.address, row: rows.strides[0]![0] ?? 0, column: aColumn }
    return [
      { m: rows.dims[0] ?? 1, n, k, a: tall, b: { address: b.address, row: bRow, column: bColumn }, start: 0, bytes },
    ]
  }
  const parts: Part[] = []
  const offsets = [a.address, b.address]
  walk(collapse(batch, [a.strides.slice(0, -2), b.strides.slice(0, -2)]), 0, offsets, () => {
    parts.push({
      ...{ m, n, k, bytes },
      a: { address: offsets[0]!, row: a.strides[rank - 2]!, column: aColumn },
      b: { address: offsets[1]!, row: bRow, column: bColumn },
      start: parts.length * m * n * bytes,
    })
  })
  return parts
}

/** Of longer float32 sums, the sums of so many products are added up in float64. */
const longDepth = 64 * gemmDepth

const runDeep = (
  scratch: Runtime['scratch'],
  products: Products,
  part: Part,
  address: number,
  workspace: number,
): void => {
  const { m, n, k, a, b, start, bytes } = part
  if (k <= longDepth || bytes !== 4) {
    run(products, part, address, workspace)
    return
  }
  const first = (address + start) / bytes
  const result = scratch.view('float32').subarray(first, first + m * n)
  const totals = new Float64Array(m * n)
  for (let from = 0; from < k; from += longDepth) {
    const block = {
      ...{ ...part, k: Math.min(longDepth, k - from) },
      a: { ...a, address: a.address + from * a.column },
      b: { ...b, address: b.address + from * b.row },
    }
    run(products, block, address, workspace)
    for (let i = 0; i < totals.length; i++) totals[i]! += result[i]!
  }
  result.set(totals)
}

const run = (products: Products, part: Part, address: number, workspace: number): void => {
  const { m, n, k, a, b, start, bytes } = part
  const to = address + start
  if (m === 1 && a.column === bytes && runMatvec(products, n, k, b.address, b.column, b.row, a.address, to, bytes))
    return
  if (n === 1 && (b.row === bytes || k === 1)) {
    if (runMatvec(products, m, k, a.address, a.row, a.column, b.address, to, bytes)) return
  }
  products.gemm(m, n, k, a.address, a.row, a.column, b.address, b.row, b.column, to, n * bytes, 0, workspace)
}

/** So many products are summed at a time: the sum of such sums is more accurate than one long sum. */
const blockDepth = 256

/** False for a matrix with gaps both ways. */
const runMatvec = (
  { matvecColumns, matvecRows }: Products,
  m: number,
  k: number,
  matrix: number,
  row: number,
  column: number,
  x: number,
  y: number,
  bytes: number,
): boolean => {
  if (row !== bytes && column !== bytes) return false
  for (let from = 0; from < k; from += blockDepth) {
    const depth = Math.min(blockDepth, k - from)
    const [block, part, adds] = [matrix + from * column, x + from * bytes, Number(from > 0)]
    if (row === bytes) matvecColumns(m, depth, block, column, part, y, adds)
    else matvecRows(m, depth, block, row, part, y, adds)
  }
  return true
}
