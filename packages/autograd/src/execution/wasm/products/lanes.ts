import { type Code, type Local, type Statement, v128 } from '../assembler/index.js'
import { accessAt } from '../loops/elements.js'
import type { Numeric } from './library/numeric.js'

/** The first lanes of a vector from elements that lie side by side; the other lanes are 0. */
export const loadLanes = ({ lanes }: Numeric, count: number, address: Code<'i32'>, distance: number): Code<'v128'> => {
  if (count >= lanes) return accessAt(v128.load, address, distance)
  if (lanes === 2) return accessAt(v128.load64Zero, address, distance)
  if (count === 1) return accessAt(v128.load32Zero, address, distance)
  const two = accessAt(v128.load64Zero, address, distance)
  if (count === 2) return two
  return accessAt((at, offset) => v128.load32Lane(at, two, 2, offset), address, distance + 8)
}

/** Stores the first lanes. */
export const storeLanes = (
  { lanes }: Numeric,
  count: number,
  address: Code<'i32'>,
  distance: number,
  vector: Local<'v128'>,
): Statement => {
  if (count >= lanes) return accessAt((at, offset) => v128.store(at, vector.get, offset), address, distance)
  if (lanes === 2) return accessAt((at, offset) => v128.store64Lane(at, vector.get, 0, offset), address, distance)
  const single = (lane: number) =>
    accessAt((at, offset) => v128.store32Lane(at, vector.get, lane, offset), address, distance + 4 * lane)
  if (count === 1) return single(0)
  const two = accessAt((at, offset) => v128.store64Lane(at, vector.get, 0, offset), address, distance)
  return count === 2 ? two : [two, single(2)]
}
