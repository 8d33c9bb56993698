import { range } from '../assembler/index.js'
import type { Loop } from '../loops/nest.js'

/** Where the elements of a vector lie in each operand: distances in bytes from its pointer, one a lane. */
export type Place = readonly (readonly number[])[]

/** The elements from one position up to but without another of loops in row-major order, as vectors of so many lanes. */
export const placesIn = (loops: readonly Loop[], from: number, to: number, lanes: number): Place[] => {
  const places: Place[] = []
  for (let start = from; start < to; start += lanes) {
    const positions = range(Math.min(lanes, to - start), (i) => distancesAt(loops, start + i))
    places.push(positions[0]!.map((_, operand) => positions.map((distances) => distances[operand]!)))
  }
  return places
}

const distancesAt = (loops: readonly Loop[], position: number): number[] => {
  const distances = loops[0]!.steps.map(() => 0)
  for (const { count, steps } of loops.toReversed()) {
    const index = position % count
    position = Math.floor(position / count)
    steps.forEach((step, operand) => {
      distances[operand]! += index * step
    })
  }
  return distances
}

/** How many loops deep each operand still moves: 0 for those that stand still. */
export const levelsOf = (loops: readonly Loop[], operands: number): number[] =>
  range(operands, (i) => loops.findLastIndex(({ steps }) => steps[i] !== 0) + 1)
