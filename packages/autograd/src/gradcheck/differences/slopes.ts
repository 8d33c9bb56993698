import type { Subject } from '../subject/subject.js'
import { largest } from '../subject/vectors.js'
import { Attempts } from './attempts.js'
import { doubtOf, type SlopeDoubt } from './doubt-of.js'
import { farthest, firstStep, Line } from './line.js'
import { type Estimate, estimate } from './ridders.js'

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

const attempts = 7
const pairsPerAttempt = 7
/** Each attempt begins with a step this much smaller. */
const shrink = 32
/** An attempt ends early when its estimates are this certain. */
const settled = 1e-11

/**
 * The derivatives along a direction by extrapolated central differences. Attempts with smaller and smaller steps go on
 * while an estimate is uncertain, shows a kink, or does not agree with what is expected (`agrees`): a derivative is
 * called wrong only if two attempts say so.
 */
export const slopesAlong = (
  { subject, point, center, tolerance }: Place,
  direction: Float64Array,
  agrees: (output: number, slope: number, bar: number) => boolean = () => true,
): Slopes => {
  const { size } = subject.outputs
  const shift = Number.EPSILON * farthest(point, direction)
  // an output far smaller than others is often a small difference of numbers like theirs
  const least = largest(center) / 1000
  const attemptsAt = Array.from({ length: size }, () => new Attempts(tolerance))
  let open = Array.from({ length: size }, (_, i) => i).filter((i) => Number.isFinite(center[i]))
  const lines: Line[] = []
  let step = firstStep(point, direction)
  for (let attempt = 0; attempt < attempts && open.length > 0; attempt++, step /= shrink) {
    const line = new Line(subject, point, direction, step)
    lines.push(line)
    let found: Estimate[] = []
    for (let row = 0; row < pairsPerAttempt; row++) {
      line.extend()
      if (row < 2) continue
      found = open.map((i) => estimate(line.pairsAt(i), center[i]!, shift, least))
      if (found.every(({ slope, size: scale }) => slope.bar <= settled * Math.max(Math.abs(slope.value), scale))) break
    }
    open = open.filter((i, k) => !attemptsAt[i]!.settles(found[k]!, (slope, bar) => agrees(i, slope, bar)))
  }

  const values = new Float64Array(size).fill(Number.NaN)
  const bars = new Float64Array(size).fill(Number.POSITIVE_INFINITY)
  const doubts = new Map<number, SlopeDoubt>()
  attemptsAt.forEach(({ best, isSettled }, i) => {
    if (best !== undefined) {
      values[i] = best.slope.value
      bars[i] = best.slope.bar
    }
    if (!isSettled) {
      const seen = lines.map((line) => line.pairsAt(i))
      doubts.set(i, doubtOf(center[i]!, best, seen, tolerance))
    }
  })
  return { values, bars, doubts }
}
