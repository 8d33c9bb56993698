import type { Estimate } from './ridders.js'

/** Estimates are relied on if they are this certain, relative to the slope or to the values. */
const certain = 1e-5
/** A slope this certain, relative to itself, is there; a bend this certain, relative to slope and values, is not. */
const firm = 1e-3

/** What attempt after attempt says of one output. */
export class Attempts {
  best: Estimate | undefined
  isSettled = false
  private candidate: Estimate | undefined
  /** The greatest value beside the point so far. */
  private size = 0
  /** The greatest bend seen so far: a later attempt that could not see it says nothing against it. */
  private bend = 0
  private isSloped = false

  constructor(private readonly tolerance: number) {}

  /** True if this estimate is what is expected, or the second that says otherwise: no further attempt is needed. */
  settles(found: Estimate, isExpected: (slope: number, bar: number) => boolean): boolean {
    const { tolerance, candidate } = this
    const { slope, bend } = found
    this.size = Math.max(this.size, found.size)
    const isBlind = tolerance * bend.bar > this.bend / 2 && this.bend > 0
    // sloped from afar and flat near by: those are the steps of rounded numbers
    const isStep = found.isFlat && this.isSloped
    if (isBent(found, tolerance)) this.bend = Math.max(this.bend, Math.abs(bend.value))
    else if (slope.bar <= firm * Math.abs(slope.value)) this.isSloped = true
    if (isStep || isBlind) return false
    if (isClean(found, this.size, tolerance)) {
      const isRight = isExpected(slope.value, slope.bar)
      const confirms = !isRight && candidate !== undefined && consistent(candidate, found, tolerance)
      this.isSettled = isRight || confirms
      this.candidate = confirms ? preciser(candidate, found) : found
    }
    this.best = this.isSettled ? this.candidate : preciser(this.best, found)
    return this.isSettled
  }
}

const preciser = (a: Estimate | undefined, b: Estimate): Estimate =>
  a !== undefined && a.slope.bar < b.slope.bar ? a : b

/** A kink: the slopes on both sides differ by more than they are uncertain. */
export const isBent = ({ slope, bend }: Estimate, tolerance: number): boolean =>
  Math.abs(bend.value) > Math.max(tolerance * bend.bar, certain * Math.abs(slope.value))

/** Certain, and with a bend that is seen to vanish: beside a point where the function jumps, it does not. */
const isClean = (found: Estimate, size: number, tolerance: number): boolean => {
  const { slope, bend } = found
  const scale = Math.max(Math.abs(slope.value), size)
  return tolerance * slope.bar <= certain * scale && bend.bar <= firm * scale && !isBent(found, tolerance)
}

const consistent = (a: Estimate, b: Estimate, tolerance: number): boolean => {
  const bar = a.slope.bar + b.slope.bar + 1e-10 * Math.abs(a.slope.value)
  return Math.abs(a.slope.value - b.slope.value) <= tolerance * bar
}
