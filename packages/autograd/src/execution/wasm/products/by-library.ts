import type { Problem } from '../../products.js'
import { mostAdditions } from '../../summation.js'
import { i32, type Scope, type Statement } from '../assembler/index.js'
import { type Addresses, eachProduct } from './each.js'
import type { Numeric } from './library/numeric.js'
import type { ProductFunctions } from './library/products.js'
import type { Totals } from './totals.js'

/** Products of matrices by the library, which divides sums into blocks by itself. */
export const emitGemm = (
  scope: Scope,
  { gemm }: ProductFunctions,
  problem: Problem,
  addresses: Addresses,
  blockDepth: number,
  totals: Totals | null,
  workspace: number,
): Statement => {
  const { m, n, k, a, b, cRow } = problem
  const constant = i32.const
  const blocks = { depth: totals === null ? k : blockDepth * mostAdditions, inner: blockDepth }
  return eachProduct(scope, problem, blocks, totals, addresses, (depth, adds) =>
    gemm.call(
      ...[constant(m), constant(n), constant(depth)],
      ...[addresses.a.get, constant(a.row), constant(a.column)],
      ...[addresses.b.get, constant(b.row), constant(b.column)],
      ...[addresses.c.get, constant(cRow), adds === null ? constant(0) : adds.get, constant(workspace)],
    ),
  )
}

/** Products of a row and a matrix by the library. */
export const emitMatvec = (
  scope: Scope,
  { bytes }: Numeric,
  { matvecColumns, matvecRows }: ProductFunctions,
  problem: Problem,
  addresses: Addresses,
  blockDepth: number,
  totals: Totals | null,
): Statement => {
  const { n, b } = problem
  const [product, step] = b.row === bytes ? [matvecRows, b.column] : [matvecColumns, b.row]
  return eachProduct(scope, problem, { depth: blockDepth }, totals, addresses, (depth, adds) =>
    product.call(
      ...[i32.const(n), i32.const(depth), addresses.b.get, i32.const(step)],
      ...[addresses.a.get, addresses.c.get, adds === null ? i32.const(0) : adds.get],
    ),
  )
}
