import {
  type Code,
  countDown,
  i32,
  increase,
  type Local,
  type ModuleBuilder,
  repeat,
  type Statement,
  select,
  when,
} from '../../assembler/index.js'
import { type Numeric, tileVectors } from './numeric.js'
import { defineTiles } from './tile.js'

/**
 * A function that computes the columns of c that one panel of b gives. Parameters: the numbers of rows, of columns and
 * of the depth; a, the distance in it that tiles take, and whether its rows are read in place; b and the distance
 * between its rows; c likewise; whether c is added to; and the room for one tile.
 */
export const definePanel = (module: ModuleBuilder, numeric: Numeric) => {
  const { bytes, lanes, tileRows } = numeric
  const panelWidth = tileVectors * lanes
  const tilesOf = (vectors: number) => ({
    rows: defineTiles(module, numeric, vectors, 'rows'),
    panel: defineTiles(module, numeric, vectors, 'panel'),
  })
  const wide = tilesOf(tileVectors)
  const narrow = tilesOf(1)
  const storePart = defineStorePart(module, numeric)

  return module.addFunction(
    repeat('i32', 12),
    null,
    (scope, rows, columns, k, a, aStep, inPlace, b, bRow, c, cRow, adds, work) => {
      const height = scope.local('i32')
      /** Tiles for so many rows at c, or in the working memory. */
      const run = (
        tiles: ReturnType<typeof tilesOf>,
        count: Local<'i32'>,
        [target, step, adding]: readonly [Code<'i32'>, Code<'i32'>, Code<'i32'>],
      ): Statement => {
        const call = (kind: ReturnType<typeof defineTiles>): Statement =>
          kind.call(count.get, k.get, a.get, b.get, target, step, bRow.get, aStep.get, adding)
        return when(inPlace.get, call(tiles.rows), call(tiles.panel))
      }
      const inWork = [work.get, i32.const(panelWidth * bytes), i32.const(0)] as const
      // c has no room for whole vectors
      const inParts = countDown(rows, tileRows, [
        height.set(select(i32.less(rows.get, i32.const(tileRows)), rows.get, i32.const(tileRows))),
        when(i32.greater(columns.get, i32.const(lanes)), run(wide, height, inWork), run(narrow, height, inWork)),
        storePart.call(work.get, c.get, cRow.get, height.get, columns.get, adds.get),
        increase(a, i32.mul(aStep.get, select(inPlace.get, i32.const(tileRows), k.get))),
        increase(c, i32.mul(cRow.get, i32.const(tileRows))),
      ])
      const isWhole = i32.greaterEqual(columns.get, i32.const(panelWidth))
      return when(isWhole, run(wide, rows, [c.get, cRow.get, adds.get]), inParts)
    },
  )
}

/** Lays the first rows and columns of a tile into c. */
const defineStorePart = (module: ModuleBuilder, { bytes, lanes, copy, accumulate }: Numeric) =>
  module.addFunction(repeat('i32', 6), null, (scope, tile, c, cRow, rows, columns, adds) => {
    const [left, from, to] = scope.locals('i32', 3)
    return countDown(rows, 1, [
      from.set(tile.get),
      to.set(c.get),
      left.set(columns.get),
      countDown(left, 1, [
        when(adds.get, accumulate(to.get, from.get), copy(to.get, from.get)),
        increase(from, i32.const(bytes)),
        increase(to, i32.const(bytes)),
      ]),
      increase(tile, i32.const(tileVectors * lanes * bytes)),
      increase(c, cRow.get),
    ])
  })
