import { dotsDepth } from './dots.js'
import type { Problem } from './problem.js'
import { spreadDepth } from './spread.js'

/**
 * How a product is computed: in tiles on the spot, whose vectors of b lie along its rows or are gathered (`spread`), or
 * lie along the sums (`dots`); or by the library's product of a matrix and a vector, or of matrices.
 */
export type Method = 'spread' | 'dots' | 'matvec' | 'gemm'

/** Products of so few multiplications are not worth preparing for. */
const tiny = 2048
/** Operands of so many bytes stay in the second-level cache, and need not be packed. */
const near = 2 ** 18

export const methodOf = ({ m, n, k, a, b }: Problem, bytes: number): Method => {
  const isTiny = m * n * k <= tiny
  const isNear = (depth: number) => Math.max(m, n) * Math.min(k, depth) * bytes <= near
  const alongRows = b.column === bytes
  const alongSums = a.column === bytes && b.row === bytes
  if (!isTiny && m === 1 && a.column === bytes && (alongRows || alongSums)) return 'matvec'
  if (alongRows && (isTiny || isNear(spreadDepth))) return 'spread'
  if (alongSums && (isTiny ? k * bytes >= 16 : isNear(dotsDepth) && k >= 16)) return 'dots'
  return isTiny ? 'spread' : 'gemm'
}
