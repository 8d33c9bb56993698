import { Random } from '../../tensor/random.js'
import type { Precision } from '../subject/precision.js'
import type { Computed } from '../subject/subject.js'
import { weights } from '../subject/vectors.js'
import { Ladder, type Values } from './ladder.js'
import { common } from './noise.js'
import { roundOffOf } from './round-off.js'
import { startsAt } from './starts.js'

/** Rounded numbers in equal steps of just so many units would show no noise: another spacing does. */
const other = 1.71

/**
 * The noise in an output where all inputs move at once, seen from afar and from near by: along one input alone, what it adds to larger
 * numbers may be swallowed without a trace.
 */
export const noiseOf = (
  value: Values,
  point: Float64Array,
  center: Float64Array,
  precision: Precision,
): ((output: number) => number[]) => {
  const direction = weights(point.length, new Random(0))
  const [far = 0, , near = far] = startsAt(point, direction, precision)
  const ladders = [far, near].map((start) =>
    [start, start / other].map((each) => new Ladder(value, point, center, direction, each)),
  )
  return (output) => ladders.map((pair) => Math.max(...pair.map((ladder) => ladder.noiseAt(output) ?? 0)))
}

/** The noise in an output. */
export interface NoiseThere {
  readonly level: number
  /** How much of it is known to be rounding at the point itself; null where that is not known. */
  readonly rounding: number | null
}

const known = new WeakMap<Float64Array, (output: number) => NoiseThere>()

/**
 * The noise at a place, as seen from afar unless the function is too steep for that; looked at once for each place, which is known by
 * the array of its values.
 */
export const noiseAnywhere = (
  subject: Computed,
  point: Float64Array,
  center: Float64Array,
): ((output: number) => NoiseThere) => {
  let found = known.get(center)
  if (found === undefined) {
    const noise = noiseOf(subject.value, point, center, subject.precision)
    let roundOff: Float64Array | undefined
    found = (output) => {
      roundOff ??= roundOffOf(subject, subject.value, point, center)
      const [far = 0, near = 0] = noise(output)
      const isRounding = far <= common[subject.precision] * Math.max(1, Math.abs(center[output]!))
      const rounding = roundOff[output]!
      const level = Math.max(isRounding ? far : Math.min(far, near), rounding)
      return { level, rounding: subject.rounded === null ? null : rounding }
    }
    known.set(center, found)
  }
  return found
}
