import { type Estimate, estimate, type Pair } from './ridders.js'
import type { Subject } from './subject.js'

/** Why differences show no derivative. */
export type DoubtKind = 'not finite' | 'edge' | 'kink' | 'discontinuity' | 'imprecise' | 'nondeterministic'

export interface SlopeDoubt {
  readonly kind: DoubtKind
  readonly says: string
}

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

// The first step of the first attempt: most functions have no edge or kink nearer than that. It is no round number, so
// that values which are round numbers show how they are rounded.
const largestStep = 0.0517
/** An element far from 0 is moved in proportion. */
const relativeStep = 2 ** -12
/** Each attempt begins with a step this much smaller. */
const shrink = 32
const attempts = 7
const pairsPerAttempt = 7
/** Estimates are relied on if they are this certain, relative to the slope or to the values. */
const certain = 1e-6
/** Steps go on until estimates are this certain. */
const settled = 1e-11
/** A slope this certain, relative to itself, is there; a bend this certain, relative to the slope or the values, is not. */
const firm = 1e-3

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
      found = open.map((i) => estimate(line.pairsAt(i), center[i]!, shift))
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

/** What attempt after attempt says of one output. */
class Attempts {
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
      const confirms = candidate !== undefined && consistent(candidate, found, tolerance)
      this.isSettled = confirms || isExpected(slope.value, slope.bar)
      this.candidate = confirms ? preciser(candidate, found) : found
    }
    this.best = this.isSettled ? this.candidate : preciser(this.best, found)
    return this.isSettled
  }
}

const preciser = (a: Estimate | undefined, b: Estimate): Estimate =>
  a !== undefined && a.slope.bar < b.slope.bar ? a : b

/** The values of all outputs at pairs of halving steps along a direction. */
class Line {
  private readonly steps: number[] = []
  private readonly plus: Float64Array[] = []
  private readonly minus: Float64Array[] = []

  constructor(
    private readonly subject: Subject,
    private readonly point: Float64Array,
    private readonly direction: Float64Array,
    private readonly firstStep: number,
  ) {}

  extend(): void {
    const step = this.firstStep / 2 ** this.steps.length
    this.steps.push(step)
    this.plus.push(this.valueAt(step))
    this.minus.push(this.valueAt(-step))
  }

  pairsAt(output: number): Pair[] {
    return this.steps.map((step, row) => ({ step, plus: this.plus[row]![output]!, minus: this.minus[row]![output]! }))
  }

  private valueAt(step: number): Float64Array {
    return this.subject.value(this.point.map((x, j) => (this.direction[j] === 0 ? x : x + step * this.direction[j]!)))
  }
}

const firstStep = (point: Float64Array, direction: Float64Array): number => {
  let moved = 0
  let step = Number.POSITIVE_INFINITY
  point.forEach((x, j) => {
    if (direction[j] === 0) return
    moved++
    step = Math.min(step, Number.isFinite(x) ? Math.max(largestStep, Math.abs(x) * relativeStep) : largestStep)
  })
  return moved === 0 ? largestStep : step / Math.sqrt(moved)
}

/** How far from 0 the elements are that move: their sum with a step is rounded. */
const farthest = (point: Float64Array, direction: Float64Array): number =>
  point.reduce((most, x, j) => (direction[j] === 0 || !Number.isFinite(x) ? most : Math.max(most, Math.abs(x))), 0)

const isBent = ({ slope, bend }: Estimate, tolerance: number): boolean =>
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

const digits = (x: number): string => String(Number(x.toPrecision(6)))

/** What stands in the way of a derivative, from all that was seen along the direction. */
const doubtOf = (
  center: number,
  found: Estimate | undefined,
  attemptsPairs: readonly (readonly Pair[])[],
  tolerance: number,
): SlopeDoubt => {
  if (!Number.isFinite(center)) {
    return { kind: 'not finite', says: `the value is ${center}, and differences of it mean nothing` }
  }
  const first = attemptsPairs[0]![0]!
  const last = attemptsPairs.at(-1)!.at(-1)!
  if (!Number.isFinite(last.plus) || !Number.isFinite(last.minus)) {
    const [side, value] = Number.isFinite(last.plus) ? ['below', last.minus] : ['above', last.plus]
    return { kind: 'edge', says: `just ${side} the point the value is ${value}: this is the edge of its domain` }
  }
  if (found !== undefined && isBent(found, tolerance)) {
    const { slope, bend } = found
    const sides = [slope.value - bend.value / 2, slope.value + bend.value / 2]
    const [left, right] = sides.map((side) => digits(Math.abs(side) < 1e-9 * Math.abs(bend.value) ? 0 : side))
    return { kind: 'kink', says: `a kink: the slope is ${left} on the left and ${right} on the right` }
  }
  const gap = (pair: Pair) => Math.max(Math.abs(pair.plus - center), Math.abs(pair.minus - center))
  const jump = gap(last)
  if (jump > gap(first) / 8 && jump > 1e-6 * Math.abs(center)) {
    return { kind: 'discontinuity', says: `a jump by ${digits(jump)}: it is not continuous here` }
  }
  const why = found?.isNarrow
    ? 'the values have no more digits than float32 numbers; compute in float64, and avoid cancellation'
    : 'the values are rough, or lose digits by cancellation or in float32'
  const shown = found === undefined ? 'nothing' : `${digits(found.slope.value)} +- ${digits(found.slope.bar)}`
  return { kind: 'imprecise', says: `differences show ${shown}: ${why}` }
}
