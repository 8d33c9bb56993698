import type { Subject } from '../subject/subject.js'
import { noiseAnywhere } from './anywhere.js'
import { doubtOf, type SlopeDoubt, stairs } from './doubt-of.js'
import { type Expected, Judge } from './judge.js'
import { Ladder } from './ladder.js'
import type { Estimate } from './ridders.js'
import { farthest, startsAt } from './starts.js'

/** The derivatives of all outputs along one direction, as far as differences show them. */
export interface Slopes {
  readonly values: Float64Array
  readonly bars: Float64Array
  /** The outputs without a derivative that can be relied on. */
  readonly doubts: ReadonlyMap<number, SlopeDoubt>
}

/** Where differences are taken. */
export interface Place {
  readonly subject: Subject
  readonly point: Float64Array
  /** The value of the subject there. */
  readonly center: Float64Array
  /** How many bars an estimate may be off. */
  readonly tolerance: number
}

const mostLadders = 12
const pairsPerLadder = 7
/** A ladder ends early when its estimates are this certain. */
const settled = 1e-11

/**
 * The derivatives along a direction by extrapolated central differences. Ladders of smaller and smaller steps go on while
 * an estimate is uncertain, shows a kink, or is not what is expected: then the noise of the values is measured, and what is
 * called wrong must be so by two ladders that share no step.
 */
export const slopesAlong = (
  { subject, point, center, tolerance }: Place,
  direction: Float64Array,
  expected: Expected | null = null,
): Slopes => {
  const { size } = subject.outputs
  const shift = (Number.EPSILON / 2) * farthest(point, direction)
  const noise = noiseAnywhere(subject.value, point, center)
  const judges = Array.from(
    { length: size },
    (_, i) => new Judge(i, center[i]!, shift, tolerance, expected, () => noise(i)),
  )
  let open = judges.filter((_, i) => Number.isFinite(center[i]))
  const starts = startsAt(point, direction)
  const ladders: Ladder[] = []
  while (open.length > 0 && ladders.length < mostLadders) {
    const wanted = open.reduce((most, { wanted: start }) => Math.max(most, start ?? 0), 0)
    const start = wanted > 0 ? wanted : starts.shift()
    if (start === undefined) break
    if (wanted === 0) open = open.filter((judge) => judge.couldGain(start))
    if (open.length === 0) break
    const ladder = new Ladder(subject.value, point, center, direction, start)
    ladders.push(ladder)
    let found: Estimate[] | null = null
    for (let row = 0; row < pairsPerLadder && found === null; row++) {
      ladder.extend()
      if (row >= 2 && row < pairsPerLadder - 1) found = whenSettled(ladder, open)
    }
    open.forEach((judge, k) => {
      judge.add(ladder, found?.[k] ?? judge.quick(ladder))
    })
    open = open.filter(({ isDone }) => !isDone)
  }

  const values = new Float64Array(size).fill(Number.NaN)
  const bars = new Float64Array(size).fill(Number.POSITIVE_INFINITY)
  const doubts = new Map<number, SlopeDoubt>()
  ladders.sort((a, b) => b.start - a.start)
  judges.forEach((judge, i) => {
    judge.conclude()
    const { best, isSettled, stair } = judge
    if (best !== undefined) {
      values[i] = best.slope.value
      bars[i] = best.slope.bar
    }
    const seen = () => ladders.map((ladder) => ladder.pairsAt(i))
    if (stair !== null) doubts.set(i, stairs(stair))
    else if (!isSettled) doubts.set(i, doubtOf(center[i]!, best, seen(), tolerance))
  })
  return { values, bars, doubts }
}

/** What a ladder says of outputs if it need not go on for any of them; else null. */
const whenSettled = (ladder: Ladder, judges: readonly Judge[]): Estimate[] | null => {
  const found: Estimate[] = []
  for (const judge of judges) {
    const each = judge.quick(ladder)
    if (!(each.slope.bar <= settled * Math.max(Math.abs(each.slope.value), each.size))) return null
    found.push(each)
  }
  return found
}
