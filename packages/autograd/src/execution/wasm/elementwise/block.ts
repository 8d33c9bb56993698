import { inSteps, type Loop, roundsOf } from '../loops/nest.js'
import { type Place, placesIn } from './places.js'
import { isShort, vectorsAtOnce } from './unroll.js'

/** Vectors that are written out side by side, in a loop or not, and those that are left when it has ended. */
export interface Block {
  readonly loop: Loop | null
  readonly body: readonly Place[]
  readonly rest: readonly Place[]
}

/** Loops around a block. */
export interface Plan {
  readonly outer: readonly Loop[]
  readonly block: Block
}

/** What may be written out without a loop: instructions, and vectors. */
const straight = 300
const mostVectors = 16

/**
 * How a dense result is filled: neighbours in it are neighbours in a vector. Where a row is no multiple of the lanes,
 * its last vector may reach into the next row, which comes later, unless short rows are joined.
 */
export const planMap = (loops: readonly Loop[], lanes: number, weight: number): Plan => {
  const size = roundsOf(loops)
  const vectors = Math.ceil(size / lanes)
  if (vectors <= mostVectors && vectors * weight <= straight) {
    return { outer: [], block: { loop: null, body: placesIn(loops, 0, size, lanes), rest: [] } }
  }
  return planRows(loops, lanes, weight) ?? planColumns(loops, lanes, weight)
}

/** One or several whole rows in a round. */
const planRows = (loops: readonly Loop[], lanes: number, weight: number): Plan | null => {
  const [rows, row] = loops.slice(-2)
  if (rows === undefined || row === undefined) return null
  const joined = row.count <= 2 * lanes ? lanes / greatestDivisor(row.count, lanes) : 1
  const perRound = joined * Math.max(1, Math.floor(vectorsAtOnce(weight) / Math.ceil((joined * row.count) / lanes)))
  for (const count of [perRound, joined]) {
    const vectors = Math.ceil((count * row.count) / lanes)
    if (!isShort(vectors, weight)) continue
    const block = blockOf([rows, row], rows, count, row.count, lanes)
    return { outer: loops.slice(0, -2), block }
  }
  return null
}

/** Some vectors of a row in a round. */
const planColumns = (loops: readonly Loop[], lanes: number, weight: number): Plan => {
  const row = loops.at(-1)!
  return { outer: loops.slice(0, -1), block: blockOf([row], row, lanes * vectorsAtOnce(weight), 1, lanes) }
}

/** `count` rounds of the loop at once, each of so many elements. */
const blockOf = (loops: readonly Loop[], loop: Loop, count: number, elements: number, lanes: number): Block => {
  const rounds = Math.floor(loop.count / count)
  const places = (from: number) => placesIn(loops, 0, from * elements, lanes)
  if (rounds <= 1) return { loop: null, body: places(loop.count), rest: [] }
  return {
    loop: inSteps(loop, rounds, count),
    body: places(count),
    rest: places(loop.count % count),
  }
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b))
