import { noiseOf } from '../differences/anywhere.js'
import type { Values } from '../differences/ladder.js'
import { roundOffOf } from '../differences/round-off.js'
import type { Precision } from '../subject/precision.js'
import type { Subject } from '../subject/subject.js'

/** How much of a derivative is round-off, element by element. */
export interface Wobble {
  /** What it does beside the point that no smooth function would, whatever makes it do so. */
  readonly seen: Float64Array
  /** What rounding on the way makes of it. */
  readonly rounding: Float64Array
}

/**
 * The round-off in a derivative: what it loses by cancellation. Of one that differs at the same point nothing is known, and nothing
 * is allowed.
 *
 * @param isSlight whether to look at it beside the point as well, which takes its time
 */
export const wobbleOf = (subject: Subject, derivative: Values, point: Float64Array, isSlight: boolean): Wobble => {
  const here = derivative(point)
  const nothing = new Float64Array(here.length)
  if (derivative(point).some((x, i) => !Object.is(x, here[i]))) return { seen: nothing, rounding: nothing }
  const noise = isSlight ? noiseOf(derivative, point, here, subject.precision) : null
  const seen = noise === null ? nothing : here.map((_, i) => Math.max(...noise(i)))
  return { seen, rounding: roundOffOf(subject, derivative, point, here) }
}

/** What rounding on the way may have made of a derivative. */
export const roundingAt = (wobble: Wobble | null, k: number): number => wobble?.rounding[k] ?? 0

/** All of it, where two derivatives are compared. */
export const wobbleAt = (wobble: Wobble | null, k: number): number =>
  wobble === null ? 0 : Math.max(wobble.seen[k]!, wobble.rounding[k]!)

/** What numbers of a size may lose, and still be right, beside differences that show them better. */
const forgivable = 2 ** -46

/** What cancellation explains: among numbers of the size `scale`, or on the way. float32 within a rule loses more. */
export const forgiven = (wobble: Wobble | null, k: number, scale: number): number =>
  wobble === null ? 0 : Math.max(wobble.rounding[k]!, Math.min(wobble.seen[k]!, forgivable * Math.max(1, scale)))

/** A derivative that is uncertain by more of what there is, tells nothing. */
const telling = 0.1

/** Whether rounding leaves so little of a derivative that whatever it is would agree. */
export const isMostlyRounding = (wobble: Wobble | null, k: number, scale: number, tolerance: number): boolean =>
  tolerance * roundingAt(wobble, k) > telling * scale

/**
 * What is far smaller than this need not be seen of a derivative: the scale of what is expected; and where that is hardly more than what
 * rounding leaves of larger numbers, their size.
 */
export const scaleAmong = (wobble: Wobble | null, k: number, scale: number, tolerance: number): number =>
  isMostlyRounding(wobble, k, scale, tolerance) ? Math.max(scale, roundingAt(wobble, k) / Number.EPSILON) : scale

/** The same where that is more than numbers of the size of 1 lose. */
export const isLost = (wobble: Wobble | null, k: number, scale: number, tolerance: number): boolean =>
  isMostlyRounding(wobble, k, scale, tolerance) && roundingAt(wobble, k) > forgivable * Math.max(1, scale)

const short = (x: number): string => String(Number(x.toPrecision(3)))
/** What is told of that. */
export const losing = (mode: string, derivative: number, rounding: number): string =>
  `${mode} gives ${short(derivative)} +- ${short(rounding)}: the derivative loses digits among larger numbers on the way to it`

/** The most of that among all elements. */
export const forgivenMost = (wobble: Wobble | null, scale: number): number =>
  wobble === null ? 0 : Math.max(...wobble.seen.map((_, k) => forgiven(wobble, k, scale)))

/** Whether a disagreement may be one of wobbling digits: it is not looked for behind grosser ones. */
export const mayWobble = (error: number, scale: number, precision: Precision = 'float64'): boolean =>
  error <= wobbling[precision] * Math.max(1, scale)
const wobbling = { float32: 1e-3, float64: 1e-6 }
