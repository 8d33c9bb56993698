import type { Subject } from '../subject/subject.js'
import type { Pair } from './ridders.js'

// The first step of all: most functions have no edge or kink nearer than that. It is no round number, so that values
// which are round numbers show how they are rounded.
const largestStep = 0.0517
/** An element far from 0 is moved in proportion. */
const relativeStep = 2 ** -12

/** The values of all outputs at pairs of halving steps along a direction. */
export class Line {
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

export const firstStep = (point: Float64Array, direction: Float64Array): number => {
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
export const farthest = (point: Float64Array, direction: Float64Array): number =>
  point.reduce((most, x, j) => (direction[j] === 0 || !Number.isFinite(x) ? most : Math.max(most, Math.abs(x))), 0)
