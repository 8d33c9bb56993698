import {
  type Callable,
  type Code,
  choose,
  countDown,
  countUp,
  i32,
  increase,
  type Local,
  type ModuleBuilder,
  repeat,
  type Statement,
  select,
  when,
} from '../assembler/index.js'
import { mostTileRows, type Numeric, tileVectors } from './numeric.js'
import { definePack } from './pack.js'
import { defineTiles } from './tile.js'

/** The part of the product worked on at a time: its packed rows of a stay in the second-level cache. */
const blockRows = 192
const blockDepth = 256
const blockColumns = 1024

const tileAreaBytes = mostTileRows * tileVectors * 16
const packedColumnsBytes = ({ bytes, lanes }: Numeric) => (blockColumns + tileVectors * lanes) * blockDepth * bytes
const packedRowsBytes = ({ bytes }: Numeric) => (blockRows + mostTileRows) * blockDepth * bytes

/** The working memory that a product needs, to be passed to it. */
export const workspaceBytes = (numeric: Numeric): number =>
  tileAreaBytes + packedColumnsBytes(numeric) + packedRowsBytes(numeric)

export const gemmParameters = repeat('i32', 13)

/**
 * c = a b, or c += a b. Parameters: m, n, k; a, the distances between its rows and between its columns; b likewise;
 * c and the distance between its rows; whether c is added to; the working memory. All distances are in bytes and any
 * will do, but c's columns lie side by side.
 */
export type Gemm = Callable<typeof gemmParameters, null>

/**
 * K. Goto and R. van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34 (2008): panels of b are
 * packed for each block of depth, rows of a are read where they lie unless they run the other way.
 */
export const defineGemm = (module: ModuleBuilder, numeric: Numeric): Gemm => {
  const { bytes, lanes, tileRows } = numeric
  const panelWidth = tileVectors * lanes
  const packColumns = definePack(module, numeric, panelWidth)
  const packRows = definePack(module, numeric, tileRows)
  const tilesOf = (vectors: number) => ({
    rows: defineTiles(module, numeric, vectors, 'rows'),
    panel: defineTiles(module, numeric, vectors, 'panel'),
  })
  const wide = tilesOf(tileVectors)
  const narrow = tilesOf(1)
  const storePart = defineStorePart(module, numeric)

  return module.addFunction(
    gemmParameters,
    null,
    (scope, m, n, k, a, aRow, aColumn, b, bRow, bColumn, c, cRow, adds, work) => {
      const [column, depth, row] = scope.locals('i32', 3)
      const [columns, depths, rows] = scope.locals('i32', 3)
      const [panel, tileRow, width, left, accumulates] = scope.locals('i32', 5)
      const [aBlock, aTile, bTile, cTile, bStep, bPanel] = scope.locals('i32', 6)
      const [rowsLieReady, bLiesReady] = scope.locals('i32', 2)
      const packedColumns = i32.add(work.get, i32.const(tileAreaBytes))
      const packedRows = i32.add(work.get, i32.const(tileAreaBytes + packedColumnsBytes(numeric)))
      const constant = i32.const

      const runTiles = (
        tiles: typeof wide,
        height: Code<'i32'>,
        target: Code<'i32'>,
        distance: Code<'i32'>,
        adding: Code<'i32'>,
      ): Statement => {
        const operands = [height, depths.get, aTile.get, bTile.get, target, distance, bStep.get] as const
        return when(
          rowsLieReady.get,
          tiles.rows.call(...operands, aRow.get, adding),
          tiles.panel.call(...operands, constant(tileRows * bytes), adding),
        )
      }
      /** Computed in the working memory, as c has no room for whole vectors. */
      const runNarrow = countUp(tileRow, constant(0), rows.get, tileRows, [
        left.set(smaller(i32.sub(rows.get, tileRow.get), tileRows)),
        when(
          i32.greater(width.get, constant(lanes)),
          runTiles(wide, left.get, work.get, constant(panelWidth * bytes), constant(0)),
          runTiles(narrow, left.get, work.get, constant(panelWidth * bytes), constant(0)),
        ),
        storePart.call(work.get, cTile.get, cRow.get, left.get, width.get, accumulates.get),
        increase(
          aTile,
          i32.mul(constant(tileRows), select(rowsLieReady.get, aRow.get, i32.mul(depths.get, constant(bytes)))),
        ),
        increase(cTile, i32.mul(cRow.get, constant(tileRows))),
      ])

      const panels = countUp(panel, constant(0), columns.get, panelWidth, [
        width.set(i32.sub(columns.get, panel.get)),
        aTile.set(choose('i32', rowsLieReady.get, aBlock.get, packedRows)),
        // a last narrow panel cannot be read in place: what lies beyond it is not its own
        when(i32.and(bLiesReady.get, i32.less(width.get, constant(panelWidth))), [
          packColumns.call(packedColumns, bTile.get, bColumn.get, bRow.get, width.get, depths.get),
          bTile.set(packedColumns),
          bStep.set(constant(panelWidth * bytes)),
        ]),
        cTile.set(sum(c.get, i32.mul(row.get, cRow.get), i32.mul(i32.add(column.get, panel.get), constant(bytes)))),
        when(
          i32.greaterEqual(width.get, constant(panelWidth)),
          runTiles(wide, rows.get, cTile.get, cRow.get, accumulates.get),
          runNarrow,
        ),
        increase(bTile, bPanel.get),
      ])

      const blocks = countUp(row, constant(0), m.get, blockRows, [
        rows.set(smaller(i32.sub(m.get, row.get), blockRows)),
        aBlock.set(sum(a.get, i32.mul(row.get, aRow.get), i32.mul(depth.get, aColumn.get))),
        when(
          i32.isZero(rowsLieReady.get),
          packRows.call(packedRows, aBlock.get, aRow.get, aColumn.get, rows.get, depths.get),
        ),
        bTile.set(choose('i32', bLiesReady.get, startOf(b, depth, bRow, column, bColumn), packedColumns)),
        bStep.set(select(bLiesReady.get, bRow.get, constant(panelWidth * bytes))),
        panels,
      ])

      const deep = countUp(depth, constant(0), k.get, blockDepth, [
        depths.set(smaller(i32.sub(k.get, depth.get), blockDepth)),
        when(bLiesReady.get, bPanel.set(constant(panelWidth * bytes)), [
          bPanel.set(i32.mul(depths.get, constant(panelWidth * bytes))),
          packColumns.call(
            ...[packedColumns, startOf(b, depth, bRow, column, bColumn)],
            ...[bColumn.get, bRow.get, columns.get, depths.get],
          ),
        ]),
        blocks,
        accumulates.set(constant(1)),
      ])

      return [
        rowsLieReady.set(i32.and(i32.equal(aColumn.get, constant(bytes)), i32.less(n.get, constant(Number(globalThis.process.env.PACKN ?? 64))))),
        // for few rows, packing b would cost more than it saves
        bLiesReady.set(i32.and(i32.equal(bColumn.get, constant(bytes)), i32.lessEqual(m.get, constant(2 * tileRows)))),
        countUp(column, constant(0), n.get, blockColumns, [
          columns.set(smaller(i32.sub(n.get, column.get), blockColumns)),
          accumulates.set(adds.get),
          deep,
        ]),
      ]
    },
  )
}

const sum = (...terms: Code<'i32'>[]): Code<'i32'> => terms.reduce((a, b) => i32.add(a, b))

const smaller = (a: Code<'i32'>, limit: number): Code<'i32'> =>
  select(i32.less(a, i32.const(limit)), a, i32.const(limit))

const startOf = (
  matrix: Local<'i32'>,
  row: Local<'i32'>,
  rowStep: Local<'i32'>,
  column: Local<'i32'>,
  columnStep: Local<'i32'>,
): Code<'i32'> => sum(matrix.get, i32.mul(row.get, rowStep.get), i32.mul(column.get, columnStep.get))

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
