import { range, type Scope, type Statement } from '../assembler/index.js'
import { inBlocks, type Loop, nest, type Pointer, shift } from '../loops/nest.js'

/** Elements of a run that are done at once. */
export interface Piece {
  readonly index: number
  readonly count: number
}

/** Pieces of the largest size as long as they fit, then smaller ones. */
export const inPieces = (count: number, sizes: readonly number[]): Piece[] => {
  const pieces: Piece[] = []
  let index = 0
  for (const size of sizes) {
    for (; index + size <= count; index += size) pieces.push({ index, count: size })
  }
  return pieces
}

/** Where something lies: some bytes after a pointer. */
export interface Place {
  readonly pointer: Pointer
  readonly offset: number
}

/** How neighbours in the result are done together. */
export interface Run {
  /** How many make a vector. */
  readonly lanes: number
  readonly split: (count: number) => readonly Piece[]
  /** `from` and `to` are the places of the first element. */
  readonly piece: (count: number, from: Place, to: Place) => Statement
}

/** What is done to elements of a result with those of an input: they are moved, or added. */
export interface Transfer {
  /** Of an element. */
  readonly bytes: number
  /**
   * For neighbours in the result that lie `step` bytes apart in the input, if so many of them can be done together; the
   * step `bytes` always can.
   */
  readonly run: (step: number, count: number) => Run | null
}

/** Pieces written out in a row. */
const budget = 16
/** Loops that are not written out whole do this many pieces a round. */
const block = 8

/**
 * The loops, whose pointers are `from` and `to`, in this order; both pointers are moved. Runs along the last loop are
 * done together, and short inner loops are written out.
 */
export const transfer = (
  scope: Scope,
  how: Transfer,
  loops: readonly Loop[],
  from: Pointer,
  to: Pointer,
): Statement => {
  if (loops.some(({ count }) => count === 0)) return []
  const pointers = [from, to]
  const last = loops.at(-1)
  const together = last !== undefined && last.steps[1] === how.bytes ? how.run(last.steps[0]!, last.count) : null
  const run = together ?? how.run(how.bytes, 1)!
  const along = together ? last! : { count: 1, steps: [0, 0] }
  const outer = together ? loops.slice(0, -1) : [...loops]
  let pieces = run.split(along.count).length

  if (pieces > budget) {
    const size = block * run.lanes
    const body = (count: number) => writeOut(run, { ...along, count }, [], from, to)
    return nest(scope, outer, pointers, inBlocks(scope, along, size, run.lanes, pointers, body)).code
  }

  const whole: Loop[] = []
  while (outer.length > 0 && pieces * outer.at(-1)!.count <= budget) {
    pieces *= outer.at(-1)!.count
    whole.unshift(outer.pop()!)
  }
  const parted = outer.pop() ?? { count: 1, steps: [0, 0] }
  const size = Math.max(1, Math.min(parted.count, Math.floor(block / pieces)))
  const body = (count: number) => writeOut(run, along, [{ ...parted, count }, ...whole], from, to)
  return nest(scope, outer, pointers, inBlocks(scope, parted, size, 0, pointers, body)).code
}

type Distances = readonly [from: number, to: number]

/** From the first round of loops, how far it is to the lowest place. */
const lowestOf = (loops: readonly Loop[]): Distances => {
  const lowest = (pointer: number) =>
    loops.reduce((sum, { count, steps }) => sum + Math.min(0, (count - 1) * steps[pointer]!), 0)
  return [lowest(0), lowest(1)]
}

/** A run for each round of the loops, all from the lowest place: offsets must not be negative, nor addresses. */
const writeOut = (run: Run, along: Loop, loops: readonly Loop[], from: Pointer, to: Pointer): Statement => {
  const lowest = lowestOf([...loops, along])
  let corners: Distances[] = [[-lowest[0], -lowest[1]]]
  for (const { count, steps } of loops) {
    corners = corners.flatMap(([x, y]) => range(count, (i): Distances => [x + i * steps[0]!, y + i * steps[1]!]))
  }
  const pieces = run.split(along.count)
  const code = corners.map(([x, y]) =>
    pieces.map(({ index, count }) =>
      run.piece(
        count,
        { pointer: from, offset: x + index * along.steps[0]! },
        { pointer: to, offset: y + index * along.steps[1]! },
      ),
    ),
  )
  return [[shift(from, lowest[0]), shift(to, lowest[1])], code, [shift(from, -lowest[0]), shift(to, -lowest[1])]]
}
