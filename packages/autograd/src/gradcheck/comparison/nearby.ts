import type { Random } from '../../tensor/random.js'
import type { Place } from '../differences/slopes.js'
import type { ModeNames } from '../subject/mode.js'
import { weights } from '../subject/vectors.js'
import type { Comparison } from './agreement.js'
import type { Check } from './check.js'
import { compareDirections } from './directions.js'

// A rule may be right at one point only, and a rule that kept something of the first call is right where that was. So what
// agrees at the point given is looked at beside it as well. There nobody chose the point: it may lie beyond an edge or a kink,
// and differences may show nothing. Only what is certain counts.

/** How far elements move at least and in proportion: once within what is meant by a neighbour, once so that signs change. */
const reaches = [0.03, 0.3]
const directions = 2
/** Far out all may be saturated: what is as small as round-off among numbers of the size of 1 is no finding. */
const overlooked = 2 ** -46
/** A disagreement is certain if it is so many times what the bars allow. */
const certain = 1000

/** What was found at points nearby. */
export interface Nearby {
  /** At how many points. */
  readonly points: number
  readonly comparisons: readonly Comparison[]
  /** Where that is; null if nothing disagrees. */
  readonly place: Place | null
}

/** What disagrees at points nearby, at the first of them where something does. */
export const compareNearby = (check: Check, count: number, random: Random): Nearby => {
  const { place: given } = check
  for (let k = 0; k < count; k++) {
    const point = shiftedBy(given.point, reaches[k % reaches.length]!, random)
    const found = disagreements(check, point, random)
    if (found !== null) return { points: k + 1, ...found }
  }
  return { points: count, comparisons: [], place: null }
}

/** What modes are called there. */
export const namesNearby = ({ reverse, forward, numeric }: ModeNames): ModeNames => ({
  reverse: `${reverse} nearby`,
  forward: `${forward} nearby`,
  numeric: `${numeric} nearby`,
})

/** Every element moves by at least half of the reach, in proportion where it is large. */
const shiftedBy = (point: Float64Array, reach: number, random: Random): Float64Array => {
  const steps = weights(point.length, random)
  return point.map((x, j) => x + steps[j]! * reach * Math.max(1, Math.abs(x)))
}

/** What disagrees by far, along directions of two draws; null if nothing does. Where f or a rule throws, nothing is known. */
const disagreements = (check: Check, point: Float64Array, random: Random): Omit<Nearby, 'points'> | null => {
  const { place: given } = check
  try {
    const place: Place = { ...given, point, center: given.subject.value(point) }
    const draw = () =>
      compareDirections({ ...check, place, overlooked }, directions, random).comparisons.filter(
        isCertain(given.tolerance),
      )
    const first = draw()
    if (first.length === 0) return null
    const second = draw()
    const comparisons = first.filter((a) => second.some((b) => a.left === b.left && a.right === b.right))
    return comparisons.length === 0 ? null : { comparisons, place }
  } catch {
    return null
  }
}

const isCertain =
  (tolerance: number) =>
  ({ agrees, worst }: Comparison): boolean =>
    !agrees && worst !== null && Number.isFinite(worst.error) && worst.error > certain * tolerance * worst.bar
