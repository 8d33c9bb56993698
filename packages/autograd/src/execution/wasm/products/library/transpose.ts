import { type Code, increase, type Local, type Scope, type Statement, v128 } from '../../assembler/index.js'
import { columnsOf, highPairs, lowPairs } from '../../loops/square.js'
import type { Numeric } from './numeric.js'

/** As many elements of each of `width` lines as a vector has lanes, stored as rows of a panel. */
export const transposeBlock = (
  scope: Scope,
  { bytes, lanes }: Numeric,
  width: number,
  to: Code<'i32'>,
  from: Code<'i32'>,
  across: Code<'i32'>,
): Statement => {
  const at = scope.local('i32')
  const lines = scope.locals('v128', lanes)
  const groups: Statement[] = []
  for (let first = 0; first < width; first += lanes) {
    const used = lines.slice(0, width - first)
    const place = (row: number) => (row * width + first) * bytes
    groups.push(
      used.map((line) => [line.set(v128.load(at.get)), increase(at, across)]),
      used.length === lanes ? turnSquare(scope, used, to, place) : turnPair(scope, used, to, place),
    )
  }
  return [at.set(from), groups]
}

type Lines = readonly Local<'v128'>[]
/** Where a row starts. */
type Place = (row: number) => number

const turnSquare = (scope: Scope, lines: Lines, to: Code<'i32'>, place: Place): Statement => {
  const { code, columns } = columnsOf(scope, lines)
  return [code, columns.map((column, i) => v128.store(to, column, place(i)))]
}

/** Two lines of four elements. */
const turnPair = (scope: Scope, [a, b]: Lines, to: Code<'i32'>, place: Place): Statement => {
  const [low, high] = scope.locals('v128', 2)
  return [
    low.set(lowPairs(a!, b!)),
    high.set(highPairs(a!, b!)),
    [low, high].map((pairs, i) => [
      v128.store64Lane(to, pairs.get, 0, place(2 * i)),
      v128.store64Lane(to, pairs.get, 1, place(2 * i + 1)),
    ]),
  ]
}
