import {
  countDown,
  i32,
  increase,
  type ModuleBuilder,
  range,
  repeat,
  type Statement,
  v128,
  when,
} from '../../assembler/index.js'
import type { Numeric } from './numeric.js'

/** How many; k, a, b, c, the distances between rows of c, rows of b, and in a; and whether c is added to. */
const parameters = repeat('i32', 9)

/**
 * How a tile reads a: `rows` lie apart by its distance, each with its k elements side by side; in a `panel` the
 * elements of one column lie side by side, and columns apart by the distance.
 */
type TileOf = 'rows' | 'panel'

/**
 * A function that computes so many blocks of c = a b, one below the other, each `rows` high and `vectors` wide.
 * It is one of its own because V8 optimises only whole functions, and its loop is not unrolled: V8 would move all loads
 * to the front and run out of registers.
 */
const defineTile = (module: ModuleBuilder, numeric: Numeric, rows: number, vectors: number, reads: TileOf) => {
  const { bytes, lanes, zero, splat, add, addProduct } = numeric
  const width = lanes * bytes
  return module.addFunction(parameters, null, (scope, tiles, k, a, b, c, cRow, bRow, aStep, adds) => {
    const sums = range(rows, () => scope.locals('v128', vectors))
    const columns = scope.locals('v128', vectors)
    const element = scope.local('v128')
    const lines = scope.locals('i32', reads === 'rows' ? rows : 0)
    const [at, bAt, left] = scope.locals('i32', 3)
    const eachRow = (visit: (row: (typeof sums)[number]) => Statement): Statement => [
      at.set(c.get),
      sums.map((row, i) => [i === 0 ? [] : increase(at, cRow.get), visit(row)]),
    ]
    const round: Statement = [
      columns.map((column, j) => column.set(v128.load(bAt.get, j * width))),
      sums.map((row, i) => [
        element.set(reads === 'rows' ? splat(lines[i]!.get) : splat(a.get, i * bytes)),
        row.map((sum, j) => sum.set(addProduct(sum.get, element.get, columns[j]!.get))),
      ]),
      increase(bAt, bRow.get),
      reads === 'rows' ? lines.map((line) => increase(line, i32.const(bytes))) : increase(a, aStep.get),
    ]
    return countDown(tiles, 1, [
      lines.map((line) => [line.set(a.get), increase(a, aStep.get)]),
      sums.map((row) => row.map((sum) => sum.set(zero))),
      bAt.set(b.get),
      left.set(k.get),
      countDown(left, 1, round),
      // added only now: a sum of the sums of blocks is more accurate than one long sum
      when(
        adds.get,
        eachRow((row) => row.map((sum, j) => sum.set(add(sum.get, v128.load(at.get, j * width))))),
      ),
      eachRow((row) => row.map((sum, j) => v128.store(at.get, sum.get, j * width))),
      c.set(i32.add(at.get, cRow.get)),
    ])
  })
}

/** A function that computes a block of c of any height, `vectors` wide. It takes what tiles take, but how many rows. */
export const defineTiles = (module: ModuleBuilder, numeric: Numeric, vectors: number, reads: TileOf) => {
  const { tileRows } = numeric
  const tiles = range(tileRows, (i) => defineTile(module, numeric, i + 1, vectors, reads))
  return module.addFunction(parameters, null, (scope, rows, k, a, b, c, cRow, bRow, aStep, adds) => {
    const [whole, done] = scope.locals('i32', 2)
    const call = (tile: (typeof tiles)[number], count: typeof whole.get): Statement =>
      tile.call(count, k.get, a.get, b.get, c.get, cRow.get, bRow.get, aStep.get, adds.get)
    return [
      whole.set(i32.divideUnsigned(rows.get, i32.const(tileRows))),
      call(tiles[tileRows - 1]!, whole.get),
      done.set(i32.mul(whole.get, i32.const(tileRows))),
      increase(a, i32.mul(aStep.get, reads === 'rows' ? done.get : i32.mul(whole.get, k.get))),
      increase(c, i32.mul(cRow.get, done.get)),
      tiles
        .slice(0, -1)
        .map((tile, i) => when(i32.equal(i32.sub(rows.get, done.get), i32.const(i + 1)), call(tile, i32.const(1)))),
    ]
  })
}
