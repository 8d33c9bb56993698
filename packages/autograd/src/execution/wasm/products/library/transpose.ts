import { type Code, increase, type Local, type Scope, type Statement, v128 } from '../../assembler/index.js'
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
  const lines = Array.from({ length: lanes }, () => scope.local('v128'))
  const groups: Statement[] = []
  for (let first = 0; first < width; first += lanes) {
    const used = lines.slice(0, width - first)
    const place = (row: number) => (row * width + first) * bytes
    groups.push(
      used.map((line) => [line.set(v128.load(at.get)), increase(at, across)]),
      lanes === 2
        ? transpose2(used, to, place)
        : used.length === 4
          ? transpose4(scope, used, to, place)
          : turnPair(scope, used, to, place),
    )
  }
  return [at.set(from), groups]
}

type Lines = readonly Local<'v128'>[]
/** Where a row starts. */
type Place = (row: number) => number

const transpose2 = ([a, b]: Lines, to: Code<'i32'>, place: Place): Statement => [
  v128.store(to, v128.shuffle64(a!.get, b!.get, [0, 2]), place(0)),
  v128.store(to, v128.shuffle64(a!.get, b!.get, [1, 3]), place(1)),
]

const transpose4 = (scope: Scope, [a, b, c, d]: Lines, to: Code<'i32'>, place: Place): Statement => {
  const [abLow, abHigh, cdLow, cdHigh] = scope.locals('v128', 4)
  return [
    abLow.set(lowPairs(a!, b!)),
    abHigh.set(highPairs(a!, b!)),
    cdLow.set(lowPairs(c!, d!)),
    cdHigh.set(highPairs(c!, d!)),
    v128.store(to, v128.shuffle64(abLow.get, cdLow.get, [0, 2]), place(0)),
    v128.store(to, v128.shuffle64(abLow.get, cdLow.get, [1, 3]), place(1)),
    v128.store(to, v128.shuffle64(abHigh.get, cdHigh.get, [0, 2]), place(2)),
    v128.store(to, v128.shuffle64(abHigh.get, cdHigh.get, [1, 3]), place(3)),
  ]
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

const lowPairs = (a: Local<'v128'>, b: Local<'v128'>) => v128.shuffle32(a.get, b.get, [0, 4, 1, 5])
const highPairs = (a: Local<'v128'>, b: Local<'v128'>) => v128.shuffle32(a.get, b.get, [2, 6, 3, 7])
