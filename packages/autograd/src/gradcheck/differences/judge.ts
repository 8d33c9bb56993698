import { type Precision, rounding } from '../subject/precision.js'
import type { NoiseThere } from './anywhere.js'
import type { Ladder } from './ladder.js'
import { common } from './noise.js'
import { type Estimate, estimate, leastNoise } from './ridders.js'

/** What differences are held against. */
export interface Expected {
  /** Whether a slope known to a bar is what is expected of an output. */
  readonly agrees: (output: number, slope: number, bar: number) => boolean
  /** The largest slope that is expected of an output, along any direction: what is far smaller need not be seen. */
  readonly scale: (output: number) => number
}

/** An estimate is relied on at once if it is this certain, relative to the slopes of its output. */
const certain = { float32: 1e-3, float64: 1e-5 }
/** And at last if it is this certain: less would not tell a derivative from another. */
const telling = 0.1
/** A slope this certain, relative to itself, is there; a bend this certain, relative to slope and values, is not. */
const firm = 1e-3
/** How much larger the steps are from which values are looked at again that noise hides near by. */
const longer = 9.7
/** How much larger the steps are from which a flat place is looked at again. */
const wider = 30.1
/** How well the slope of a staircase is known from there. */
const rough = 0.03
/** How far below another a ladder may begin to confirm it, if noise allows it; and one that is as precise. */
const smaller = { float32: [13.7, 3.71], float64: [913, 31.3] }
const sibling = 1.37

interface Seen {
  readonly ladder: Ladder
  readonly estimate: Estimate
}

/** What ladder after ladder says of one output. */
export class Judge {
  best: Estimate | undefined
  /** Whether the slope is known. */
  isSettled = false
  /** Whether to look no further. */
  isDone = false
  /** Where the next ladder should begin, to confirm what is not as expected; null if it does not matter. */
  wanted: number | null = null
  /** The slope from afar where values are a staircase whose steps are what is expected on average; null elsewhere. */
  stair: number | null = null
  private readonly clean: Seen[] = []
  /** The greatest bend seen so far: a later ladder that could not see it says nothing against it. */
  private bend = 0
  private isSloped = false
  /** How far values lie from that at the point, at most. */
  private range = 0
  /** The first step by which values were looked at again that noise hid; null if none was. */
  private long: number | null = null
  /** Whether a flat place was looked at from afar. */
  private isWidened = false

  constructor(
    readonly output: number,
    private readonly center: number,
    private readonly shift: number,
    private readonly tolerance: number,
    private readonly expected: Expected | null,
    /** The noise where all inputs move. */
    private readonly noise: (output: number) => NoiseThere,
    private readonly precision: Precision,
  ) {}

  private estimate(ladder: Ladder, noise: number | null): Estimate {
    return estimate(ladder.pairsAt(this.output), this.center, this.shift, noise, this.precision)
  }

  /** The estimate of a ladder, with the noise that values have at least. */
  quick(ladder: Ladder): Estimate {
    return this.estimate(ladder, null)
  }

  add(ladder: Ladder): void {
    const quick = this.quick(ladder)
    if (this.isWidened && this.stair === null && this.looksLikeStairs(ladder)) {
      this.isDone = true
      return
    }
    this.wanted = null
    this.range = Math.max(this.range, quick.range)
    const enough = certain[this.precision]
    const isEnough = this.isReliable(quick) && this.isTight(quick, enough) && this.isExpected(quick)
    const found = isEnough ? quick : this.estimate(ladder, this.noiseOn({ ladder, estimate: quick }))
    const isLong = ladder.start === this.long
    // what bends from afar only says nothing of the point
    if ((isLong && this.isBent(found)) || !this.counts(found)) return
    this.best = preciser(this.best, found)
    if (this.long === null && this.isHiddenByNoise(found)) this.wanted = this.long = ladder.start * longer
    if (!this.isReliable(found)) return
    if (this.isExpected(found)) {
      this.isSettled = this.against(found) === undefined && !found.isNarrow && this.isTight(found, enough)
      if (this.isSettled) this.best = found
    } else {
      const confirmed = this.against(found)
      this.isSettled = confirmed !== undefined
      if (confirmed !== undefined) this.best = preciser(confirmed, found)
      else if (found.isMostlyFlat && this.isHidden(found, ladder)) this.isSettled = true
      else if (found.isFlat && !this.isWidened) {
        this.isWidened = true
        this.wanted = ladder.start * wider
      } else this.wanted = this.startToConfirm(found, ladder)
    }
    this.isDone = this.isSettled
    this.clean.push({ ladder, estimate: found })
  }

  /** No ladder is left: what was seen best is known, if it tells anything. */
  conclude(): void {
    if (this.isSettled) return
    const reliable = this.clean.filter(({ estimate: each }) => this.isExpected(each) && !each.isNarrow)
    const best = reliable.reduce<Seen | undefined>(
      (a, b) => (a !== undefined && a.estimate.slope.bar <= b.estimate.slope.bar ? a : b),
      undefined,
    )
    if (best === undefined) return
    const isBlind = this.against(best.estimate, best.estimate.slope.bar) !== undefined
    if (isBlind || !this.isTight(best.estimate, telling)) return
    this.best = best.estimate
    this.isSettled = true
  }

  /** Whether a ladder that begins there could be more certain than what there is: where values are noise, smaller steps are worse. */
  couldGain(start: number): boolean {
    const last = this.clean.at(-1)
    if (last === undefined || this.best === undefined) return true
    // values that fall with the step may have less of it
    const isFalling = Math.abs(this.center) < last.estimate.size / 2
    return isFalling || this.noiseOn(last) / start < this.best.slope.bar || !this.isReliable(this.best)
  }

  private counts(found: Estimate): boolean {
    const { slope, bend } = found
    const isBlind = this.tolerance * bend.bar > this.bend / 2 && this.bend > 0
    // sloped from afar and flat near by: those are the steps of rounded numbers
    const isStep = found.isFlat && this.isSloped
    if (this.isBent(found)) this.bend = Math.max(this.bend, Math.abs(bend.value))
    else if (slope.bar <= firm * Math.abs(slope.value)) this.isSloped = true
    return !isStep && !isBlind
  }

  /** Of a rounded value, or one computed among far larger ones, differences near by say nothing. */
  private looksLikeStairs(ladder: Ladder): boolean {
    const { step, plus, minus } = ladder.pairsAt(this.output)[0]!
    const slope = (plus - minus) / (2 * step)
    if (slope === 0 || !this.expected?.agrees(this.output, slope, rough * Math.abs(slope))) return false
    this.stair = slope
    return true
  }

  /** Whether what is expected is as small as the rounding of numbers of the size of 1, of which the values may be made. */
  private isHidden(found: Estimate, { start }: Ladder): boolean {
    const bar = rounding[this.precision] / start
    if (found.size >= 1 || !this.expected?.agrees(this.output, 0, bar)) return false
    this.best = { ...found, slope: { ...found.slope, bar } }
    return true
  }

  private noiseOn({ ladder, estimate: { size } }: Seen): number {
    const beside = ladder.noiseAt(this.output) ?? 0
    const { level, rounding } = this.noise(this.output)
    // what is seen from afar is no noise of values that are smaller than that
    return Math.max(beside, rounding !== null && size < level ? rounding : level)
  }

  private isExpected({ slope }: Estimate): boolean {
    return this.expected === null || this.expected.agrees(this.output, slope.value, slope.bar)
  }

  private scaleOf({ slope, size }: Estimate): number {
    const expected = this.expected === null ? size : this.expected.scale(this.output)
    return Math.max(Math.abs(slope.value), expected > 0 ? expected : this.range)
  }

  private isTight(found: Estimate, enough: number): boolean {
    return (
      this.tolerance * found.slope.bar <= enough * this.scaleOf(found) ||
      // nothing is expected, and nothing but noise is seen
      (found.range <= 4 * found.noise && this.expected?.agrees(this.output, 0, 0) === true)
    )
  }

  private isHiddenByNoise(found: Estimate): boolean {
    return this.isExpected(found) && this.isRounding(found) && !this.isTight(found, certain[this.precision])
  }

  /** Known to some digits, and with a bend that is seen to vanish: beside a point where the function jumps, it does not. */
  private isReliable(found: Estimate): boolean {
    const { slope, bend, size } = found
    const scale = Math.max(Math.abs(slope.value), size, this.range)
    const isCertain = this.tolerance * slope.bar <= certain[this.precision] * scale
    const isNoisy = this.isRounding(found) && this.tolerance * slope.bar <= telling * this.scaleOf(found)
    // where values are 0 but for noise, that alone hides a bend: it is small beside the slopes that there are
    const seen = isNoisy ? Math.max(scale, this.scaleOf(found)) : scale
    return (isCertain || isNoisy) && bend.bar <= firm * seen && !this.isBent(found)
  }

  /** Whether what is uncertain is noise, and that not more than the loss of a few digits. */
  private isRounding({ slope, size, noise }: Estimate): boolean {
    return noise <= common[this.precision] * Math.max(1, size) && slope.bar <= 4 * slope.noise
  }

  private isBent(found: Estimate): boolean {
    return isBent(found, this.tolerance, this.precision)
  }

  /** An earlier estimate, no less certain than that, which is not as expected and does not contradict this one. */
  private against(found: Estimate, bar = Number.POSITIVE_INFINITY): Estimate | undefined {
    return this.clean
      .map(({ estimate: each }) => each)
      .find((other) => !this.isExpected(other) && other.slope.bar <= bar && this.isConsistent(other, found))
  }

  private isConsistent(a: Estimate, b: Estimate): boolean {
    const bar = a.slope.bar + b.slope.bar + 1e-10 * Math.abs(a.slope.value)
    return Math.abs(a.slope.value - b.slope.value) <= this.tolerance * bar
  }

  /** As far below as noise allows: what is wrong must be so near by. */
  private startToConfirm(found: Estimate, ladder: Ladder): number {
    const noise = Math.max(
      this.noiseOn({ ladder, estimate: found }),
      leastNoise(found.size, found.isNarrow, this.precision),
    )
    const tells = (start: number) =>
      this.expected !== null && !this.expected.agrees(this.output, found.slope.value, (100 * noise) / start)
    return smaller[this.precision].map((ratio) => ladder.start / ratio).find(tells) ?? ladder.start / sibling
  }
}

const preciser = (a: Estimate | undefined, b: Estimate): Estimate =>
  a !== undefined && a.slope.bar < b.slope.bar ? a : b

/** A kink: the slopes on both sides differ by more than they are uncertain. */
export const isBent = ({ slope, bend }: Estimate, tolerance: number, precision: Precision): boolean =>
  Math.abs(bend.value) > Math.max(tolerance * bend.bar, certain[precision] * Math.abs(slope.value))
