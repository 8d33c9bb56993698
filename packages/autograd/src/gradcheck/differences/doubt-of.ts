import type { DoubtKind } from '../subject/doubt.js'
import type { Precision } from '../subject/precision.js'
import { isBent } from './judge.js'
import type { Estimate, Pair } from './ridders.js'

export interface SlopeDoubt {
  readonly kind: DoubtKind
  readonly says: string
}

const digits = (x: number): string => String(Number(x.toPrecision(6)))

/** By how much the value changes on one side however small the step is; 0 where it does not, or where that differs from step to step. */
const jumpIn = (center: number, attemptsPairs: readonly (readonly Pair[])[]): number => {
  const far = attemptsPairs[0]![0]!
  const near = attemptsPairs.at(-1)!
  const gaps = (['plus', 'minus'] as const).map((side) => {
    const jumps = near.map((pair) => pair[side] - center)
    const last = jumps.at(-1)!
    const isSteady = jumps.every((jump) => Math.abs(jump - last) <= Math.abs(last) / 8)
    return isSteady && Math.abs(last) > Math.abs(far[side] - center) / 8 ? Math.abs(last) : 0
  })
  return Math.max(...gaps)
}

/** What stands in the way of a derivative, from all that was seen along the direction. */
export const doubtOf = (
  center: number,
  found: Estimate | undefined,
  attemptsPairs: readonly (readonly Pair[])[],
  tolerance: number,
  precision: Precision,
): SlopeDoubt => {
  if (!Number.isFinite(center)) {
    return { kind: 'not finite', says: `the value is ${center}, and differences of it mean nothing` }
  }
  const last = attemptsPairs.at(-1)!.at(-1)!
  if (!Number.isFinite(last.plus) || !Number.isFinite(last.minus)) {
    const [side, value] = Number.isFinite(last.plus) ? ['below', last.minus] : ['above', last.plus]
    return { kind: 'edge', says: `just ${side} the point the value is ${value}: this is the edge of its domain` }
  }
  if (found !== undefined && isBent(found, tolerance, precision)) {
    const { slope, bend } = found
    const sides = [slope.value - bend.value / 2, slope.value + bend.value / 2]
    const [left, right] = sides.map((side) => digits(Math.abs(side) < 1e-9 * Math.abs(bend.value) ? 0 : side))
    return { kind: 'kink', says: `a kink: the slope is ${left} on the left and ${right} on the right` }
  }
  if (found === undefined || Number.isNaN(found.slope.value)) {
    return { kind: 'not finite', says: 'differences of the values, divided by a step, are beyond the largest number' }
  }
  const jump = jumpIn(center, attemptsPairs)
  if (jump > 1e-6 * Math.abs(center)) {
    return { kind: 'discontinuity', says: `a jump by ${digits(jump)}: it is not continuous here` }
  }
  const why = found.isNarrow
    ? 'the values have no more digits than float32 numbers; compute in float64, and avoid cancellation'
    : 'the values are rough, or lose digits by cancellation or in float32'
  const shown = `${digits(found.slope.value)} +- ${digits(found.slope.bar)}`
  return { kind: 'imprecise', says: `differences show ${shown}: ${why}` }
}

/** Values that stay the same near by, and rise from afar. */
export const stairs = (slope: number): SlopeDoubt => ({
  kind: 'discontinuity',
  says:
    `a staircase: the value does not change near by, and from afar its slope is about ${digits(slope)}: it is rounded, ` +
    'or a small difference of large numbers',
})
