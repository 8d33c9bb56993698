import { rounding } from '../subject/precision.js'
import type { Computed, Subject } from '../subject/subject.js'
import { noiseAnywhere } from './anywhere.js'
import { doubtOf, type SlopeDoubt, stairs } from './doubt-of.js'
import { type Expected, Judge } from './judge.js'
import { Ladder } from './ladder.js'
import { farthest, startsAt } from './starts.js'

/** The derivatives of all outputs along one direction, as far as differences show them. */
export interface Slopes {
  readonly values: Float64Array
  readonly bars: Float64Array
  /** The outputs without a derivative that can be relied on. */
  readonly doubts: ReadonlyMap<number, SlopeDoubt>
}

/** Where differences are taken, and of what. */
export interface Site {
  readonly subject: Computed
  readonly point: Float64Array
  /** The value of the subject there. */
  readonly center: Float64Array
  /** How many bars an estimate may be off. */
  readonly tolerance: number
}

/** Where a subject is checked. */
export interface Place extends Site {
  readonly subject: Subject
}

/** The same of some outputs alone: what is not asked for takes no time. */
export const someOutputs = ({ subject, point, center, tolerance }: Site, outputs: readonly number[]): Site => {
  const some = (values: Float64Array) => Float64Array.from(outputs, (i) => values[i]!)
  return {
    subject: { ...subject, value: (at) => some(subject.value(at)) },
    point,
    center: some(center),
    tolerance,
  }
}

const mostLadders = 12
const pairsPerLadder = 7
/** A ladder ends early when its estimates are this certain. */
const settled = { float32: 2e-6, float64: 1e-11 }

/** In order, and made as they are asked for: most are done with their first ladder, and need not be kept. */
interface Judges {
  readonly length: number
  at(k: number): Judge | undefined
}

/**
 * The derivatives along a direction by extrapolated central differences. Ladders of smaller and smaller steps go on while
 * an estimate is uncertain, shows a kink, or is not what is expected: then the noise of the values is measured, and what is
 * called wrong must be so by two ladders that share no step.
 */
export const slopesAlong = (
  { subject, point, center, tolerance }: Site,
  direction: Float64Array,
  expected: Expected | null = null,
): Slopes => {
  const values = new Float64Array(center.length).fill(Number.NaN)
  const bars = new Float64Array(center.length).fill(Number.POSITIVE_INFINITY)
  const outputs = Array.from(center.keys())
  const { precision } = subject
  const shift = rounding[precision] * farthest(point, direction)
  const noise = noiseAnywhere(subject, point, center)
  const judgeOf = (i: number) => new Judge(i, center[i]!, shift, tolerance, expected, noise, precision)
  const take = ({ output, best }: Judge): void => {
    if (best === undefined) return
    values[output] = best.slope.value
    bars[output] = best.slope.bar
  }
  const ladders: Ladder[] = []
  const unsettled: Judge[] = outputs.filter((i) => !Number.isFinite(center[i])).map(judgeOf)
  /** Asks one ladder more; those that are not done go on. */
  const climb = (start: number, judges: Judges): Judge[] => {
    const ladder = new Ladder(subject.value, point, center, direction, start)
    ladders.push(ladder)
    for (let row = 0; row < pairsPerLadder; row++) {
      ladder.extend()
      if (row >= 2 && row < pairsPerLadder - 1 && areSettled(judges, ladder, settled[precision])) break
    }
    const open: Judge[] = []
    for (let k = 0; k < judges.length; k++) {
      const judge = judges.at(k)!
      judge.add(ladder)
      if (judge.isSettled) take(judge)
      else if (judge.isDone) unsettled.push(judge)
      else open.push(judge)
    }
    return open
  }

  const finite = outputs.filter((i) => Number.isFinite(center[i]))
  const starts = startsAt(point, direction, precision)
  let open =
    finite.length === 0 ? [] : climb(starts.shift()!, { length: finite.length, at: (k) => judgeOf(finite[k]!) })
  while (open.length > 0 && ladders.length < mostLadders) {
    const asked = open.reduce((most, { wanted: start }) => Math.max(most, start ?? 0), 0)
    const start = asked > 0 ? asked : starts.shift()
    if (start === undefined) break
    const goOn: Judge[] = []
    for (const judge of open) (asked > 0 || judge.couldGain(start) ? goOn : unsettled).push(judge)
    open = goOn
    if (open.length > 0) open = climb(start, open)
  }

  const doubts = new Map<number, SlopeDoubt>()
  ladders.sort((a, b) => b.start - a.start)
  for (const judge of [...unsettled, ...open].sort((a, b) => a.output - b.output)) {
    judge.conclude()
    take(judge)
    const { output, best, isSettled, stair } = judge
    const seen = () => ladders.map((ladder) => ladder.pairsAt(output))
    if (stair !== null) doubts.set(output, stairs(stair))
    else if (!isSettled) doubts.set(output, doubtOf(center[output]!, best, seen(), tolerance, precision))
  }
  return { values, bars, doubts }
}

/** Whether a ladder need not go on for any of them. */
const areSettled = (judges: Judges, ladder: Ladder, enough: number): boolean => {
  for (let k = 0; k < judges.length; k++) {
    const { slope, size } = judges.at(k)!.quick(ladder)
    if (!(slope.bar <= enough * Math.max(Math.abs(slope.value), size))) return false
  }
  return true
}
