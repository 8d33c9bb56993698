import type { DoubtKind } from '../subject/doubt.js'
import { isBent } from './attempts.js'
import type { Estimate, Pair } from './ridders.js'

export interface SlopeDoubt {
  readonly kind: DoubtKind
  readonly says: string
}

const digits = (x: number): string => String(Number(x.toPrecision(6)))

/** What stands in the way of a derivative, from all that was seen along the direction. */
export const doubtOf = (
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
