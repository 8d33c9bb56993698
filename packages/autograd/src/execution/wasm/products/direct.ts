import type { Problem } from '../../products.js'
import type { Scope, Statement } from '../assembler/index.js'
import { dotTiles } from './dots.js'
import { type Addresses, eachProduct } from './each.js'
import type { Numeric } from './library/numeric.js'
import { spreadTiles } from './spread.js'
import { blocksOf, sweep } from './sweep.js'
import type { Totals } from './totals.js'

/** A product of so few multiplications of vectors is written out without a loop over its depth. */
const shortProduct = 64

/** Products in tiles whose operands are read where they lie. */
export const emitDirect = (
  scope: Scope,
  numeric: Numeric,
  problem: Problem,
  addresses: Addresses,
  by: 'spread' | 'dots',
  blockDepth: number,
  totals: Totals | null,
): Statement => {
  const { m, n, k, cRow } = problem
  const { a, b, c } = addresses
  const { bytes, lanes } = numeric
  const tiles = (by === 'dots' ? dotTiles : spreadTiles)({
    ...{ scope, numeric, problem, addresses, blockDepth },
    unrolled: (m * n * k) / lanes <= shortProduct,
  })
  return eachProduct(scope, problem, { depth: tiles.depth }, totals, addresses, (depth, adds) =>
    sweep(
      scope,
      blocksOf(n, tiles.columns),
      [
        [b, problem.b.column],
        [c, bytes],
      ],
      (columns) =>
        sweep(
          scope,
          blocksOf(m, tiles.rows),
          [
            [a, problem.a.row],
            [c, cRow],
          ],
          (rows) => tiles.emit({ rows, columns, depth, adds }),
        ),
    ),
  )
}
