import type { Problem } from '../../products.js'
import { type Local, type Scope, type Statement, when } from '../assembler/index.js'
import type { Addresses } from './each.js'
import { loadLanes, storeLanes } from './lanes.js'
import type { Numeric } from './library/numeric.js'

/** What all tiles of a product are written with. */
export interface TileContext {
  readonly scope: Scope
  readonly numeric: Numeric
  readonly problem: Problem
  readonly addresses: Addresses
  /** So many products are summed at a time, at most. */
  readonly blockDepth: number
  /** Whether the depth is written out, without a loop. */
  readonly unrolled: boolean
}

/** A way to compute a block of c. */
export interface TileKind {
  /** The largest one. */
  readonly rows: number
  readonly columns: number
  readonly depth: number
  readonly emit: (tile: Tile) => Statement
}

export interface Tile {
  readonly rows: number
  readonly columns: number
  readonly depth: number
  /** Whether it is added to c; null if it never is. */
  readonly adds: Local<'i32'> | null
}

/** The largest part, at most `limit`, in as many equal ones as are needed. */
export const evenPart = (length: number, limit: number): number => Math.ceil(length / Math.ceil(length / limit))

/** Lays the vectors of each row of a block into c. */
export const storeTile = (
  { numeric, problem, addresses: { c } }: TileContext,
  { columns, adds }: Tile,
  rows: readonly (readonly Local<'v128'>[])[],
): Statement => {
  const { lanes, add } = numeric
  const each = (visit: (vector: Local<'v128'>, distance: number, count: number) => Statement): Statement =>
    rows.map((vectors, i) =>
      vectors.map((vector, j) => visit(vector, i * problem.cRow + 16 * j, Math.min(lanes, columns - j * lanes))),
    )
  return [
    adds === null
      ? []
      : when(
          adds.get,
          each((vector, distance, count) => vector.set(add(vector.get, loadLanes(numeric, count, c.get, distance)))),
        ),
    each((vector, distance, count) => storeLanes(numeric, count, c.get, distance, vector)),
  ]
}
