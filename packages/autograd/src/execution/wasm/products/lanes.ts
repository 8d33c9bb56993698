import { type Code, i32, type Local, type Statement, v128 } from '../assembler/index.js'
import type { Numeric } from './library/numeric.js'

/** A load or store at a fixed distance from an address, which may be negative. */
export const reach = <T>(
  access: (address: Code<'i32'>, offset: number) => T,
  address: Code<'i32'>,
  distance: number,
): T => (distance < 0 ? access(i32.add(address, i32.const(distance)), 0) : access(address, distance))

/** The first lanes of a vector from elements that lie side by side; the other lanes are 0. */
export const loadLanes = ({ lanes }: Numeric, count: number, address: Code<'i32'>, distance: number): Code<'v128'> => {
  if (count >= lanes) return reach(v128.load, address, distance)
  if (lanes === 2) return reach(v128.load64Zero, address, distance)
  if (count === 1) return reach(v128.load32Zero, address, distance)
  const two = reach(v128.load64Zero, address, distance)
  if (count === 2) return two
  return reach((at, offset) => v128.load32Lane(at, two, 2, offset), address, distance + 8)
}

/** The first lanes of a vector from elements that lie apart; the other lanes are 0. */
export const gatherLanes = (
  { bytes }: Numeric,
  count: number,
  address: Code<'i32'>,
  distance: number,
  step: number,
): Code<'v128'> => {
  const [first, next] = bytes === 4 ? [v128.load32Zero, v128.load32Lane] : [v128.load64Zero, v128.load64Lane]
  let vector = reach(first, address, distance)
  for (let lane = 1; lane < count; lane++) {
    const before = vector
    vector = reach((at, offset) => next(at, before, lane, offset), address, distance + lane * step)
  }
  return vector
}

/** Stores the first lanes. */
export const storeLanes = (
  { lanes }: Numeric,
  count: number,
  address: Code<'i32'>,
  distance: number,
  vector: Local<'v128'>,
): Statement => {
  if (count >= lanes) return reach((at, offset) => v128.store(at, vector.get, offset), address, distance)
  if (lanes === 2) return reach((at, offset) => v128.store64Lane(at, vector.get, 0, offset), address, distance)
  const single = (lane: number) =>
    reach((at, offset) => v128.store32Lane(at, vector.get, lane, offset), address, distance + 4 * lane)
  if (count === 1) return single(0)
  const two = reach((at, offset) => v128.store64Lane(at, vector.get, 0, offset), address, distance)
  return count === 2 ? two : [two, single(2)]
}
