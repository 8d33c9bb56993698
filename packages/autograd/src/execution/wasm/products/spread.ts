import { countDown, i32, increase, range, type Statement } from '../assembler/index.js'
import { accessAt, gathered } from '../loops/elements.js'
import { loadLanes } from './lanes.js'
import { evenPart, storeTile, type TileContext, type TileKind } from './tile.js'

/** Tiles that spread each element of a over a vector and multiply it with vectors along the rows of b. */
export const spreadTiles = (context: TileContext): TileKind => {
  const { scope, numeric, problem, addresses, blockDepth, unrolled } = context
  const { bytes, lanes, tileRows, zero, splat, addProduct } = numeric
  const { m, n, k } = problem
  const vectors: number = n > lanes ? 2 : 1
  const largest = evenPart(m, vectors === 2 ? tileRows : 8)
  const sums = range(largest, () => scope.locals('v128', vectors))
  const columns = scope.locals('v128', vectors)
  const element = scope.local('v128')
  const [aAt, bAt, left] = scope.locals('i32', 3)

  const loadColumns = (width: number, depth: number): Statement =>
    columns.slice(0, Math.ceil(width / lanes)).map((column, j) => {
      const distance = depth * problem.b.row + j * lanes * problem.b.column
      const count = Math.min(lanes, width - j * lanes)
      return column.set(
        problem.b.column === bytes
          ? loadLanes(numeric, count, bAt.get, distance)
          : gathered(
              bytes,
              bAt.get,
              range(count, (lane) => distance + lane * problem.b.column),
            ),
      )
    })
  const round = (used: typeof sums, width: number, depth: number): Statement => [
    loadColumns(width, depth),
    used.map((row, i) => [
      element.set(accessAt(splat, aAt.get, i * problem.a.row + depth * problem.a.column)),
      row.map((sum, j) => sum.set(addProduct(sum.get, element.get, columns[j]!.get))),
    ]),
  ]
  return {
    rows: largest,
    columns: vectors * lanes,
    depth: evenPart(k, blockDepth),
    emit: (tile) => {
      const { rows, columns: width, depth } = tile
      const used = sums.slice(0, rows).map((row) => row.slice(0, Math.ceil(width / lanes)))
      return [
        used.flat().map((sum) => sum.set(zero)),
        [aAt.set(addresses.a.get), bAt.set(addresses.b.get)],
        unrolled
          ? range(depth, (l) => round(used, width, l))
          : [
              left.set(i32.const(depth)),
              countDown(left, 1, [
                round(used, width, 0),
                increase(aAt, i32.const(problem.a.column)),
                increase(bAt, i32.const(problem.b.row)),
              ]),
            ],
        storeTile(context, tile, used),
      ]
    },
  }
}
