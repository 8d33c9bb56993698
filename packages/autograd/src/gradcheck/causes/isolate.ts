import type { Random } from '../../tensor/random.js'
import { closeEnough, jointBar } from '../comparison/agreement.js'
import { type Place, slopesAlong } from '../differences/slopes.js'
import type { Leaf } from '../subject/coordinates.js'
import type { Mode } from '../subject/mode.js'
import { dot, masked, restrict, weights } from '../subject/vectors.js'

/** Of few wrong elements among many each is found, unless that takes more than so many slopes. */
const patience = 60

/** The elements of an input whose derivatives are wrong, by halving what is left of it; null if they are many. */
export const isolate = (place: Place, mode: Mode, leaf: Leaf, random: Random): readonly number[] | null => {
  const { subject, point, tolerance } = place
  const u = weights(subject.inputs.size, random)
  const v = weights(subject.outputs.size, random)
  const back = mode === 'reverse' ? subject.reverse(point, v) : null
  let asked = 0
  const isRight = (positions: readonly number[]): boolean => {
    asked++
    const along = restrict(u, positions)
    const { values, bars, doubts } = slopesAlong(place, along)
    const known = v.map((weight, i) => (doubts.has(i) ? 0 : weight))
    if (back !== null && doubts.size > 0) return false
    const analytic = back === null ? dot(known, subject.forward(point, along)) : dot(back, along)
    const numeric = dot(known, masked(values, known))
    const bar = dot(known.map(Math.abs), masked(bars, known))
    return closeEnough(analytic, numeric, jointBar(analytic, numeric, bar, Math.abs(numeric)), tolerance)
  }
  const wrongAmong = (positions: readonly number[]): readonly number[] => {
    if (asked >= patience || isRight(positions)) return []
    if (positions.length === 1) return positions
    const middle = positions.length >> 1
    return [...wrongAmong(positions.slice(0, middle)), ...wrongAmong(positions.slice(middle))]
  }
  const found = wrongAmong(Array.from({ length: leaf.size }, (_, k) => leaf.offset + k))
  return asked >= patience || found.length === 0 ? null : found
}
