import { blockDepth } from '../../../summation.js'
import {
  type Callable,
  type Code,
  choose,
  countUp,
  i32,
  increase,
  type Local,
  type ModuleBuilder,
  repeat,
  select,
  when,
} from '../../assembler/index.js'
import { mostTileRows, type Numeric, tileVectors } from './numeric.js'
import { definePack } from './pack.js'
import { definePanel } from './panel.js'

/** The part of the product worked on at a time, as deep as a block: its packed rows of a stay in the second-level cache. */
const blockRows = 192
const blockColumns = 1024

/** Up to so many rows of c, b is read where it lies. */
const fewRows = 12
/** Below so many columns of c, rows of a are: that takes instructions for which fused products leave room. */
const fewColumns = (fused: boolean) => (fused ? 384 : 32)

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
 * packed for each block of depth, and rows of a for each block of those.
 */
export const defineGemm = (module: ModuleBuilder, numeric: Numeric): Gemm => {
  const { bytes, lanes, tileRows, fused } = numeric
  const panelWidth = tileVectors * lanes
  const packColumns = definePack(module, numeric, panelWidth)
  const packRows = definePack(module, numeric, tileRows)
  const multiplyPanel = definePanel(module, numeric)

  return module.addFunction(
    gemmParameters,
    null,
    (scope, m, n, k, a, aRow, aColumn, b, bRow, bColumn, c, cRow, adds, work) => {
      const [column, depth, row] = scope.locals('i32', 3)
      const [columns, depths, rows] = scope.locals('i32', 3)
      const [panel, width, accumulates] = scope.locals('i32', 3)
      const [aBlock, bTile, bStep, bPanel] = scope.locals('i32', 4)
      const [rowsLieReady, bLiesReady] = scope.locals('i32', 2)
      const packedColumns = i32.add(work.get, i32.const(tileAreaBytes))
      const packedRows = i32.add(work.get, i32.const(tileAreaBytes + packedColumnsBytes(numeric)))
      const aTile = select(rowsLieReady.get, aBlock.get, packedRows)
      const aStep = select(rowsLieReady.get, aRow.get, i32.const(tileRows * bytes))
      const constant = i32.const

      const panels = countUp(panel, constant(0), columns.get, panelWidth, [
        width.set(i32.sub(columns.get, panel.get)),
        // a last narrow panel cannot be read in place: what lies beyond it is not its own
        when(i32.and(bLiesReady.get, i32.less(width.get, constant(panelWidth))), [
          packColumns.call(packedColumns, bTile.get, bColumn.get, bRow.get, width.get, depths.get),
          bTile.set(packedColumns),
          bStep.set(constant(panelWidth * bytes)),
        ]),
        multiplyPanel.call(
          ...[rows.get, width.get, depths.get, aTile, aStep, rowsLieReady.get, bTile.get, bStep.get],
          ...[sum(c.get, i32.mul(row.get, cRow.get), i32.mul(i32.add(column.get, panel.get), constant(bytes)))],
          ...[cRow.get, accumulates.get, work.get],
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
        // for few columns, packing a would cost more than it saves, and for few rows, packing b
        rowsLieReady.set(
          i32.and(i32.equal(aColumn.get, constant(bytes)), i32.less(n.get, constant(fewColumns(fused)))),
        ),
        bLiesReady.set(i32.and(i32.equal(bColumn.get, constant(bytes)), i32.lessEqual(m.get, constant(fewRows)))),
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
