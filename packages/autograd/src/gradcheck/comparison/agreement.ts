import { type Coordinates, nameAt } from '../subject/coordinates.js'
import { type Precision, rounding } from '../subject/precision.js'

/** Two numbers closer than this, relative to each other, always agree (times the tolerance). */
const relativeBar = { float32: 2 ** -21, float64: 1e-10 }

/** One derivative as two modes gave it. */
export interface Element {
  /** `input[0].w[2, 3]`, or what stood for it. */
  readonly input: string
  /** `output[1]`, or what stood for it. */
  readonly output: string
  /** The derivative by the one mode. */
  readonly left: number
  /** The derivative by the other. */
  readonly right: number
  /** How far they lie apart. */
  readonly error: number
  /** How uncertain the two numbers are together. */
  readonly bar: number
  /** left / right */
  readonly ratio: number
}

/** All derivatives that two modes gave, side by side. */
export interface Comparison {
  /** The name of the one mode. */
  readonly left: string
  /** The name of the other. */
  readonly right: string
  /** Whether no two numbers differ by more than their bars allow. */
  readonly agrees: boolean
  /** How many numbers were compared. */
  readonly compared: number
  /** How many of them differ by more than that. */
  readonly disagreements: number
  /** The element with the greatest error, in bars; null if nothing was compared. */
  readonly worst: Element | null
  /** Those that differ most, the worst first: up to five, each by another element of the inputs. */
  readonly wrong: readonly Element[]
  /** The greatest error by each element of the inputs, in bars; null where directions stand for elements. */
  readonly byInput: Errors | null
  /** The greatest error of each element of the outputs, in bars; null where cotangents stand for elements. */
  readonly byOutput: Errors | null
}

/** Errors in bars, in the order of all elements: NaN where nothing was compared. */
export type Errors = Float64Array

const mostShown = 5

/** Two derivatives as they were added. */
interface Pair {
  readonly input: number
  readonly output: number
  readonly left: number
  readonly right: number
  readonly bar: number
  readonly badness: number
}

/** How far the sum of numbers may be off, in roundings of the largest of them. */
const severalRoundings = 8

/** The bar of two numbers that are uncertain by `bar` and were computed among numbers of the size `scale`. */
export const jointBar = (
  left: number,
  right: number,
  bar: number,
  scale: number,
  precision: Precision = 'float64',
): number =>
  Math.max(
    bar,
    relativeBar[precision] * Math.max(Math.abs(left), Math.abs(right)),
    severalRoundings * rounding[precision] * scale,
  )

export const closeEnough = (left: number, right: number, bar: number, tolerance: number): boolean =>
  left === right || (Number.isFinite(left - right) && Math.abs(left - right) <= tolerance * bar)

/** Collects what two modes say, and keeps the worst. */
export class Tally {
  private compared = 0
  private disagreements = 0
  private readonly worstBy = new Map<number, Pair>()
  private readonly worstOf = new Map<number, number>()
  private instead: Element | null = null

  constructor(
    private readonly left: string,
    private readonly right: string,
    private readonly tolerance: number,
  ) {}

  /** Adds the derivative of an output by an input; true if both agree on it. */
  add(input: number, output: number, left: number, right: number, bar: number): boolean {
    this.compared++
    const agrees = closeEnough(left, right, bar, this.tolerance)
    if (!agrees) this.disagreements++
    const error = left === right ? 0 : Math.abs(left - right)
    const inBars = error / bar
    const badness = error === 0 ? 0 : Number.isNaN(inBars) ? Number.POSITIVE_INFINITY : inBars
    if (badness > (this.worstBy.get(input)?.badness ?? -1)) {
      this.worstBy.set(input, { input, output, left, right, bar, badness })
    }
    if (badness > (this.worstOf.get(output) ?? -1)) this.worstOf.set(output, badness)
    return agrees
  }

  private get worst(): Pair | null {
    let worst: Pair | null = null
    for (const pair of this.worstBy.values()) if (worst === null || pair.badness > worst.badness) worst = pair
    return worst
  }

  /** The pairs that differ, the worst first. */
  private get differing(): Pair[] {
    return [...this.worstBy.values()]
      .filter(({ left, right, bar }) => !closeEnough(left, right, bar, this.tolerance))
      .sort((a, b) => (a.badness === b.badness ? 0 : b.badness - a.badness))
  }

  /** Where the worst disagreement is; null if there is none. */
  get wrong(): Pair | null {
    return this.disagreements === 0 ? null : this.worst
  }

  /** The element that the worst disagreement was traced to; null if it could not be. */
  blame(element: Element | null): void {
    this.instead = element
  }

  /** All of it. How many elements there are is given where these are what was compared, and no directions. */
  comparison(
    inputName: (position: number) => string,
    outputName: (position: number) => string,
    sizes: { readonly inputs?: number; readonly outputs?: number } = {},
  ): Comparison {
    const { left, right, compared, disagreements, instead, worst } = this
    const named = (pair: Pair): Element =>
      elementOf(inputName(pair.input), outputName(pair.output), pair.left, pair.right, pair.bar)
    const errors = (size: number | undefined, badness: (position: number) => number | undefined): Errors | null =>
      size === undefined ? null : Float64Array.from({ length: size }, (_, k) => badness(k) ?? Number.NaN)
    return {
      ...{ left, right, agrees: disagreements === 0, compared, disagreements },
      worst: instead ?? (worst && named(worst)),
      wrong: instead === null ? this.differing.slice(0, mostShown).map(named) : [instead],
      byInput: errors(sizes.inputs, (position) => this.worstBy.get(position)?.badness),
      byOutput: errors(sizes.outputs, (position) => this.worstOf.get(position)),
    }
  }
}

export const elementOf = (input: string, output: string, left: number, right: number, bar: number): Element => ({
  input,
  output,
  left,
  right,
  error: left === right ? 0 : Math.abs(left - right),
  bar,
  ratio: left / right,
})

/** The names of the elements of a vector. */
export const namesIn =
  (coordinates: Coordinates) =>
  (position: number): string =>
    nameAt(coordinates, position)
