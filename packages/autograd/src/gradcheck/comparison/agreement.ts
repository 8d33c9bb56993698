import { type Coordinates, nameAt } from '../subject/coordinates.js'

/** Two numbers closer than this, relative to each other, always agree (times the tolerance). */
const relativeBar = 1e-10

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
}

/** The bar of two numbers that are uncertain by `bar` and were computed among numbers of the size `scale`. */
export const jointBar = (left: number, right: number, bar: number, scale: number): number =>
  Math.max(bar, relativeBar * Math.max(Math.abs(left), Math.abs(right)), 1e-13 * scale)

export const closeEnough = (left: number, right: number, bar: number, tolerance: number): boolean =>
  left === right || (Number.isFinite(left - right) && Math.abs(left - right) <= tolerance * bar)

/** Collects what two modes say, and keeps the worst. */
export class Tally {
  private compared = 0
  private disagreements = 0
  private worst: { input: number; output: number; left: number; right: number; bar: number; badness: number } | null =
    null
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
    const badness = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error === 0 ? 0 : error / bar
    if (this.worst === null || badness > this.worst.badness) this.worst = { input, output, left, right, bar, badness }
    return agrees
  }

  /** Where the worst disagreement is; null if there is none. */
  get wrong(): { readonly input: number; readonly output: number } | null {
    return this.disagreements === 0 ? null : this.worst
  }

  /** The element that the worst disagreement was traced to; null if it could not be. */
  blame(element: Element | null): void {
    this.instead = element
  }

  comparison(inputName: (position: number) => string, outputName: (position: number) => string): Comparison {
    const { left, right, compared, disagreements, worst } = this
    const element =
      this.instead ??
      (worst && elementOf(inputName(worst.input), outputName(worst.output), worst.left, worst.right, worst.bar))
    return { left, right, agrees: disagreements === 0, compared, disagreements, worst: element }
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
