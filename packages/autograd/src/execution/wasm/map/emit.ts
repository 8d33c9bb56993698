import { bytesPerElement, type DType } from '../../../graph/dtype.js'
import type { Program } from '../../../rules/program.js'
import { type Code, countDown, i32, increase, type Local, type Statement, select, when } from '../assembler/index.js'
import { type Loaded, loadApart, loadNext, loadStill, type Motion, store } from '../elementwise/access.js'
import { Evaluation } from '../elementwise/evaluation.js'
import type { Vector } from '../math/vector.js'

/** An input of a grid of rows and columns. Distances are in bytes. */
export interface GridInput {
  readonly dtype: DType
  readonly motion: Motion
  readonly address: Code<'i32'>
  readonly rowStep: Code<'i32'>
  /** Between neighbours in a row; for the motion `stride` only. */
  readonly step: Code<'i32'>
}

export interface Grid {
  readonly rows: Code<'i32'>
  readonly columns: Code<'i32'>
  /** By the index that they have in the program; those that it does not use may be left out. */
  readonly inputs: readonly (GridInput | undefined)[]
  /** Filled row after row without gaps. */
  readonly out: { readonly dtype: DType; readonly address: Code<'i32'> }
}

/** An input while a row is computed. */
interface Cursor extends GridInput {
  readonly row: Local<'i32'>
  readonly at: Local<'i32'>
  /** From the first lane to the others; for the motion `stride` only. */
  readonly distances: readonly Local<'i32'>[]
}

/**
 * The loop that computes a program for every place of a grid, in vectors.
 *
 * Whole vectors are read and written also where a row ends, so up to 16 bytes after the inputs and after the output are
 * touched: all need that much room behind them. The output must not lie on an input, unless both are one dense row.
 */
export const emitGrid = (v: Vector, program: Program, grid: Grid): Statement => {
  const [rows, left, outRow, at] = v.scope.locals('i32', 4)
  const cursors = grid.inputs.map((input) => (input === undefined ? undefined : cursorOf(v, input)))
  const used = cursors.filter((cursor) => cursor !== undefined)
  const { out, columns } = grid
  // a row is one level, a vector in it another
  const evaluation = Evaluation.of(v, program, 1)
  const [result] = evaluation.at((index) => {
    const cursor = cursors[index]!
    return { key: '', level: cursor.motion === 'still' ? 0 : 1, load: () => loadAt(v, cursor) }
  })
  const [once, lanes] = evaluation.levels
  evaluation.innermost.push(store(v, out.dtype, at.get, result!))

  const round = [
    used.map((cursor) => keepInRow(v, cursor, left)),
    lanes!,
    used.map((cursor) => advance(v, cursor)),
    increase(at, i32.const(v.count * bytesPerElement(out.dtype))),
  ]
  const line = [
    used.map(({ at: position, row }) => position.set(row.get)),
    used.map(({ distances, step }) => distances.map((d, i) => d.set(i32.mul(step, i32.const(i + 1))))),
    once!,
    at.set(outRow.get),
    left.set(columns),
    countDown(left, v.count, round),
    used.map(({ row, rowStep }) => increase(row, rowStep)),
    increase(outRow, i32.mul(columns, i32.const(bytesPerElement(out.dtype)))),
  ]
  return [
    v.prologue(),
    used.map(({ row, address }) => row.set(address)),
    outRow.set(out.address),
    rows.set(grid.rows),
    countDown(rows, 1, line),
  ]
}

const cursorOf = (v: Vector, input: GridInput): Cursor => ({
  ...input,
  row: v.scope.local('i32'),
  at: v.scope.local('i32'),
  distances: input.motion === 'stride' ? Array.from({ length: v.count - 1 }, () => v.scope.local('i32')) : [],
})

/** At the end of a row, lanes beyond it read the first lane's element: what lies there may be no memory at all. */
const keepInRow = (v: Vector, { distances }: Cursor, left: Local<'i32'>): Statement =>
  distances.length === 0
    ? []
    : when(
        i32.less(left.get, i32.const(v.count)),
        distances.map((d, i) => d.set(select(i32.greater(left.get, i32.const(i + 1)), d.get, i32.const(0)))),
      )

const advance = (v: Vector, { dtype, motion, at, step }: Cursor): Statement => {
  if (motion === 'still') return []
  return increase(
    at,
    motion === 'next' ? i32.const(v.count * bytesPerElement(dtype)) : i32.mul(step, i32.const(v.count)),
  )
}

const loadAt = (v: Vector, { dtype, motion, at, distances }: Cursor): Loaded => {
  switch (motion) {
    case 'still':
      return loadStill(v, dtype, at.get)
    case 'next':
      return loadNext(v, dtype, at.get)
    case 'stride':
      return loadApart(v, dtype, at.get, distances)
  }
}
