import { type Code, type Local, type Scope, type Statement, v128 } from '../assembler/index.js'

type Vector = Local<'v128'>

/** Vectors as rows of a square, two or four: its columns, once `code` has run. */
export const columnsOf = (
  scope: Scope,
  [a, b, c, d]: readonly Vector[],
): { readonly code: Statement; readonly columns: readonly Code<'v128'>[] } => {
  if (c === undefined || d === undefined) return { code: [], columns: columnsOfPairs(a!, b!) }
  const [abLow, abHigh, cdLow, cdHigh] = scope.locals('v128', 4)
  return {
    code: [
      abLow.set(lowPairs(a!, b!)),
      abHigh.set(highPairs(a!, b!)),
      cdLow.set(lowPairs(c, d)),
      cdHigh.set(highPairs(c, d)),
    ],
    columns: [...columnsOfPairs(abLow, cdLow), ...columnsOfPairs(abHigh, cdHigh)],
  }
}

/** The rows of a square become its columns. */
export const turn = (scope: Scope, rows: readonly Vector[]): Statement => {
  const { code, columns } = columnsOf(scope, rows)
  const [a, b] = rows
  if (rows.length > 2) return [code, rows.map((row, i) => row.set(columns[i]!))]
  // both columns are of both rows
  const first = scope.local('v128')
  return [first.set(columns[0]!), b!.set(columns[1]!), a!.set(first.get)]
}

const columnsOfPairs = (a: Vector, b: Vector): Code<'v128'>[] => [
  v128.shuffle64(a.get, b.get, [0, 2]),
  v128.shuffle64(a.get, b.get, [1, 3]),
]

/** Of rows of four elements. */
export const lowPairs = (a: Vector, b: Vector): Code<'v128'> => v128.shuffle32(a.get, b.get, [0, 4, 1, 5])
export const highPairs = (a: Vector, b: Vector): Code<'v128'> => v128.shuffle32(a.get, b.get, [2, 6, 3, 7])
