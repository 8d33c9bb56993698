import { countDown, i32, increase, type Local, range, type Statement, v128 } from '../assembler/index.js'
import { highPairs, lowPairs } from '../loops/square.js'
import { loadLanes } from './lanes.js'
import { evenPart, storeTile, type TileContext, type TileKind } from './tile.js'

/** Tiles that multiply rows of a with columns of b, vectors lying along both. */
export const dotTiles = (context: TileContext): TileKind => {
  const { scope, numeric, problem, addresses, blockDepth, unrolled } = context
  const { bytes, lanes, zero, addProduct } = numeric
  const { m, n, k } = problem
  const largest = evenPart(m, 2)
  const groups = Math.min(Math.ceil(n / lanes), 8 / lanes / largest)
  const sums = range(largest, () => scope.locals('v128', groups * lanes))
  const elements = scope.locals('v128', largest)
  const column = scope.local('v128')
  const [aAt, bAt, left] = scope.locals('i32', 3)

  const round = (used: typeof sums, count: number, depth: number): Statement => [
    used.map((_, i) => elements[i]!.set(loadLanes(numeric, count, aAt.get, i * problem.a.row + depth * bytes))),
    used[0]!.map((_, j) => [
      column.set(loadLanes(numeric, count, bAt.get, j * problem.b.column + depth * bytes)),
      used.map((row, i) => row[j]!.set(addProduct(row[j]!.get, elements[i]!.get, column.get))),
    ]),
  ]
  const advance = [aAt, bAt].map((at) => increase(at, i32.const(16)))

  return {
    rows: largest,
    columns: groups * lanes,
    depth: Math.ceil(evenPart(k, blockDepth) / lanes) * lanes,
    emit: (tile) => {
      const { rows, columns: width, depth } = tile
      const used = sums.slice(0, rows).map((row) => row.slice(0, width))
      const whole = Math.floor(depth / lanes)
      const rest = depth % lanes
      return [
        used.flat().map((sum) => sum.set(zero)),
        [aAt.set(addresses.a.get), bAt.set(addresses.b.get)],
        unrolled
          ? range(whole, (l) => round(used, lanes, l * lanes))
          : [left.set(i32.const(whole)), countDown(left, 1, [round(used, lanes, 0), advance])],
        rest === 0 ? [] : round(used, rest, unrolled ? whole * lanes : 0),
        used.map((row) => sumsOfLanes(context, row)),
        storeTile(
          context,
          tile,
          used.map((row) => row.filter((_, j) => j % lanes === 0)),
        ),
      ]
    },
  }
}

/** The sum of the lanes of each vector, as the lanes of every `lanes`-th vector. */
const sumsOfLanes = ({ numeric: { lanes, add } }: TileContext, vectors: readonly Local<'v128'>[]): Statement => {
  const group = (first: number): Statement => {
    const [a, b, c, d] = range(lanes, (lane) => vectors[Math.min(first + lane, vectors.length - 1)]!)
    const halves = (x: Local<'v128'>, y: Local<'v128'>) => add(lowPairs(x, y), highPairs(x, y))
    const paired = (x: Local<'v128'>, y: Local<'v128'>) =>
      add(v128.shuffle64(x.get, y.get, [0, 2]), v128.shuffle64(x.get, y.get, [1, 3]))
    if (lanes === 2) return a!.set(paired(a!, b!))
    return [a!.set(halves(a!, b!)), c === a ? [] : c!.set(halves(c!, d!)), a!.set(paired(a!, c!))]
  }
  return range(Math.ceil(vectors.length / lanes), (i) => group(i * lanes))
}
