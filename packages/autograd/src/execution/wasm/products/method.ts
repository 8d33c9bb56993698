import type { Problem } from '../../products.js'
import { blockDepth, mostAdditions } from '../../summation.js'

/**
 * How a product is computed: in tiles on the spot, whose vectors of b lie along its rows or are gathered (`spread`), or
 * lie along the sums (`dots`); or by the library's product of a matrix and a vector, or of matrices.
 */
export type Method = 'spread' | 'dots' | 'matvec' | 'gemm'

/** So many products are summed at a time; by `dots` some in each lane. */
const blockDepths: { readonly [M in Method]: number } = {
  spread: blockDepth,
  dots: 4 * blockDepth,
  matvec: 2 * blockDepth,
  gemm: blockDepth,
}

/** Products of so few multiplications are not worth preparing for. */
const tiny = 2048
/** Operands of so many bytes are read where they lie: packing would cost more than it saves. */
const near = 2 ** 16
/** The same for products of few rows or columns. */
const nearIfFlat = 2 ** 18

export const methodOf = (problem: Problem, bytes: number): Method => {
  const { m, n, k, a, b } = problem
  const isTiny = m * n * k <= tiny
  const flatness = Math.min(m, n)
  const reach = (depth: number) => Math.max(m, n) * Math.min(k, depth) * bytes
  const alongRows = b.column === bytes
  const alongSums = a.column === bytes && b.row === bytes
  if (!isTiny && isMatvec(problem, bytes)) return 'matvec'
  if (alongRows && (isTiny || reach(blockDepths.spread) <= (flatness <= 32 ? nearIfFlat : near))) return 'spread'
  if (alongSums && isTiny && k * bytes >= 16) return 'dots'
  if (alongSums && k >= 16 && flatness <= 16 && reach(blockDepths.dots) <= nearIfFlat) return 'dots'
  return isTiny ? 'spread' : 'gemm'
}

/** Whether it is a product of a row and a matrix that the library has. */
export const isMatvec = ({ m, a, b }: Problem, bytes: number): boolean =>
  m === 1 && a.column === bytes && (b.column === bytes || b.row === bytes)

/** How the sum of an element is parted. */
export interface Parts {
  readonly blockDepth: number
  /** There are so many blocks that float32 is not enough for the sum of their sums. */
  readonly isLong: boolean
}

export const partsOf = ({ k, batches }: Problem, method: Method, bytes: number): Parts => {
  const depth = blockDepths[method]
  const summed = batches.reduce((product, { count, c }) => (c === 0 ? product * count : product), 1)
  const isLong = bytes === 4 && summed * Math.ceil(k / depth) > mostAdditions
  return { blockDepth: isLong && method !== 'gemm' ? depth / 4 : depth, isLong }
}
