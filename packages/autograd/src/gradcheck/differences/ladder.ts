import { movedBy } from '../subject/vectors.js'
import { noiseIn } from './noise.js'
import type { Pair } from './ridders.js'

/** How many values on either side show the noise. */
const beside = [-4, -3, -2, -1, 1, 2, 3, 4]
/** The spacing of these is the first step divided by so much; then where that is too small, and where it is too large. */
const spacings = { usual: 64, wide: 8, narrow: 1024 }

/** A function of one vector, which it does not keep, as differences see it. */
export type Values = (point: Float64Array) => Float64Array

/** The values of all outputs at pairs of halving steps along a direction. */
export class Ladder {
  private readonly steps: number[] = []
  private readonly plus: Float64Array[] = []
  private readonly minus: Float64Array[] = []
  private readonly moved: Float64Array
  private readonly windows = new Map<number, readonly Float64Array[]>()

  constructor(
    private readonly value: Values,
    private readonly point: Float64Array,
    private readonly center: Float64Array,
    private readonly direction: Float64Array,
    readonly start: number,
  ) {
    this.moved = point.slice()
  }

  extend(): void {
    const step = this.start / 2 ** this.steps.length
    this.steps.push(step)
    this.plus.push(this.valueAt(step))
    this.minus.push(this.valueAt(-step))
  }

  pairsAt(output: number): Pair[] {
    return this.steps.map((step, row) => ({ step, plus: this.plus[row]![output]!, minus: this.minus[row]![output]! }))
  }

  /** The noise in single values of an output, measured beside the point; null if it does not show there. */
  noiseAt(output: number): number | null {
    const usual = this.windowAt(spacings.usual, output)
    if (usual === null) return null
    if (usual.seen === 'noise') return usual.level
    const other = this.windowAt(usual.seen === 'flat' ? spacings.wide : spacings.narrow, output)
    if (usual.seen === 'flat') return other === null || other.seen === 'flat' ? null : other.level
    return other === null || other.seen === 'flat' ? usual.level : Math.min(usual.level, other.level)
  }

  private windowAt(fraction: number, output: number): ReturnType<typeof noiseIn> | null {
    let window = this.windows.get(fraction)
    if (window === undefined) {
      window = beside.map((k) => this.valueAt((k * this.start) / fraction))
      this.windows.set(fraction, window)
    }
    const values = window.map((each) => each[output]!)
    values.splice(beside.length / 2, 0, this.center[output]!)
    return values.every(Number.isFinite) ? noiseIn(values) : null
  }

  private valueAt(step: number): Float64Array {
    return this.value(movedBy(this.point, step, this.direction, this.moved))
  }
}
