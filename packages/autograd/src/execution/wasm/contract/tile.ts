import {
  type Callable,
  countDown,
  i32,
  increase,
  type Local,
  leave,
  type ModuleBuilder,
  repeat,
  type Statement,
  v128,
  when,
} from '../assembler/index.js'
import type { Numeric } from './numeric.js'

/** Rows and vectors of columns of the largest tile: with 12 sums, every operand stays in a register. */
export const tileRows = 6
export const tileVectors = 2

/** k, a, b, c, the distances between rows of c, rows of b, and in a; and whether c is added to. */
const tileParameters = repeat('i32', 8)
type Tile = Callable<typeof tileParameters, null>

/**
 * How a tile reads a: `rows` lie apart by its distance, each with its k elements side by side; in a `panel` the
 * elements of one column lie side by side, and columns apart by the distance.
 */
type TileOf = 'rows' | 'panel'

/**
 * A function that computes a block of c = a b, `rows` high and `vectors` wide.
 * It is one of its own because V8 optimises only whole functions, and its loop is not unrolled: V8 would move all loads
 * to the front and run out of registers.
 */
const defineTile = (module: ModuleBuilder, numeric: Numeric, rows: number, vectors: number, reads: TileOf): Tile => {
  const { bytes, lanes, zero, splat, add, addProduct } = numeric
  const width = lanes * bytes
  return module.addFunction(tileParameters, null, (scope, k, a, b, c, cRow, bRow, aStep, adds) => {
    const sums = Array.from({ length: rows }, () => Array.from({ length: vectors }, () => scope.local('v128')))
    const columns = Array.from({ length: vectors }, () => scope.local('v128'))
    const [element, at] = [scope.local('v128'), scope.local('i32')]
    const lines: Local<'i32'>[] = reads === 'rows' ? [a, ...scope.locals('i32', rows - 1)] : []
    const eachRow = (visit: (row: readonly Local<'v128'>[]) => Statement): Statement => [
      at.set(c.get),
      sums.map((row, i) => [i === 0 ? [] : increase(at, cRow.get), visit(row)]),
    ]
    const round: Statement = [
      columns.map((column, j) => column.set(v128.load(b.get, j * width))),
      sums.map((row, i) => [
        element.set(reads === 'rows' ? splat(lines[i]!.get) : splat(a.get, i * bytes)),
        row.map((sum, j) => sum.set(addProduct(sum.get, element.get, columns[j]!.get))),
      ]),
      increase(b, bRow.get),
      reads === 'rows' ? lines.map((line) => increase(line, i32.const(bytes))) : increase(a, aStep.get),
    ]
    return [
      lines.slice(1).map((line, i) => line.set(i32.add(lines[i]!.get, aStep.get))),
      sums.map((row) => row.map((sum) => sum.set(zero))),
      countDown(k, 1, round),
      // added only now: a sum of the sums of blocks is more accurate than one long sum
      when(
        adds.get,
        eachRow((row) => row.map((sum, j) => sum.set(add(sum.get, v128.load(at.get, j * width))))),
      ),
      eachRow((row) => row.map((sum, j) => v128.store(at.get, sum.get, j * width))),
    ]
  })
}

/** A function like a tile whose first parameter is the number of rows, at most those of the largest tile. */
export const defineTiles = (module: ModuleBuilder, numeric: Numeric, reads: TileOf) => {
  const tiles = Array.from({ length: tileRows }, (_, i) => defineTile(module, numeric, i + 1, tileVectors, reads))
  return module.addFunction(repeat('i32', 9), null, (_, rows, k, a, b, c, cRow, bRow, aStep, adds) => {
    const call = (tile: Tile) => tile.call(k.get, a.get, b.get, c.get, cRow.get, bRow.get, aStep.get, adds.get)
    const whole = when(i32.greaterEqual(rows.get, i32.const(tileRows)), [call(tiles[tileRows - 1]!), leave])
    const parts = tiles.slice(0, -1).map((tile, i) => when(i32.equal(rows.get, i32.const(i + 1)), [call(tile), leave]))
    return [whole, parts.reverse()]
  })
}
