import { range } from '../assembler/index.js'
import { inSteps, type Loop } from '../loops/nest.js'
import { type Place, placesIn } from './places.js'
import { isShort, vectorsAtOnce } from './unroll.js'

/** A vector that is folded into one of the results, there in one of its slots. */
export interface Cell {
  readonly place: Place
  readonly result: number
  readonly slot: number
}

/** Loops that fold elements into a vector of one result, or into vectors of as many results as there are lanes. */
export interface FoldPlan {
  readonly loops: readonly Loop[]
  /** In the body of the innermost loop, and after it. */
  readonly body: readonly Cell[]
  readonly rest: readonly Cell[]
  readonly slots: number
  /** Where the results are. */
  readonly results: readonly Place[]
}

/** As many sums as there are registers for. */
const mostSlots = 4

/** Along a line of neighbours: the last loop. */
export const planLine = (loops: readonly Loop[], lanes: number, weight: number): FoldPlan => {
  const line = loops.at(-1)!
  const vectors = Math.ceil(line.count / lanes)
  const atOnce = lanes * (isShort(vectors, weight) ? vectors : vectorsAtOnce(weight))
  const rounds = Math.floor(line.count / atOnce)
  const looped = rounds > 1
  const cells = (elements: number) =>
    placesIn([line], 0, elements, lanes).map((place, i) => ({ place, result: 0, slot: i % mostSlots }))
  const body = cells(looped ? atOnce : line.count)
  return {
    loops: looped ? [...loops.slice(0, -1), inSteps(line, rounds, atOnce)] : loops.slice(0, -1),
    body,
    rest: looped ? cells(line.count % atOnce) : [],
    slots: Math.min(body.length, mostSlots),
    results: placesIn([line], 0, 1, 1),
  }
}

/** Row by row into as many results as the strip has columns. */
export const planRows = (
  loops: readonly Loop[],
  columns: Loop,
  width: number,
  lanes: number,
  weight: number,
): FoldPlan => {
  const down = loops.at(-1)!
  const results = placesIn([columns], 0, width, lanes)
  const atOnce = Math.max(1, Math.min(down.count, Math.floor(vectorsAtOnce(weight) / results.length)))
  const rounds = Math.floor(down.count / atOnce)
  const looped = rounds > 1
  const cells = (rows: number) =>
    range(rows, (row) =>
      results.map((place, result) => ({ place: shifted(place, down, row), result, slot: row % mostSlots })),
    ).flat()
  return {
    loops: looped ? [...loops.slice(0, -1), inSteps(down, rounds, atOnce)] : loops.slice(0, -1),
    body: cells(looped ? atOnce : down.count),
    rest: looped ? cells(down.count % atOnce) : [],
    slots: Math.min(looped ? atOnce : down.count, mostSlots),
    results,
  }
}

/** How many columns are folded side by side. */
export const stripWidth = (columns: Loop, lanes: number, weight: number): number =>
  lanes * Math.min(vectorsAtOnce(weight), Math.ceil(columns.count / lanes))

const shifted = (place: Place, { steps }: Loop, rounds: number): Place =>
  place.map((lanes, operand) => lanes.map((lane) => lane + rounds * steps[operand]!))
