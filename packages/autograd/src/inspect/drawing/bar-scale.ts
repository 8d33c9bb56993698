import { log } from '../../rules/math/logarithm.js'
import type { Bars } from './small.js'

/** Where bars begin and end, as parts of the room from 0 to 1. */
export interface BarScale {
  /** Where 0 is, or on a log scale the power of ten below the least number. */
  readonly origin: number
  readonly at: (value: number) => number
  /** What to write at the ends of a log scale. */
  readonly ends: readonly [number, number] | null
}

const exponentOf = (size: number): number => Math.floor(log(size) / Math.LN10 + 1e-12)

export const scaleOf = ({ bars, scale }: Bars): BarScale => {
  const finite = bars.map(({ value }) => value).filter(Number.isFinite)
  if (scale === 'log') {
    const sizes = finite.filter((value) => value > 0)
    if (sizes.length === 0) return { origin: 0, at: () => 0, ends: null }
    const low = sizes.reduce((least, size) => Math.min(least, exponentOf(size)), Number.POSITIVE_INFINITY) - 1
    const high = sizes.reduce((most, size) => Math.max(most, log(size) / Math.LN10), Number.NEGATIVE_INFINITY)
    const top = Math.ceil(high - 1e-12)
    const at = (value: number) => (value > 0 ? (log(value) / Math.LN10 - low) / Math.max(1, top - low) : 0)
    return { origin: 0, at, ends: [Number(`1e${low}`), Number(`1e${top}`)] }
  }
  const low = finite.reduce((least, value) => Math.min(least, value), 0)
  const high = finite.reduce((most, value) => Math.max(most, value), 0)
  const origin = high - low === 0 ? 0 : -low / (high - low)
  return { origin, at: (value) => (high - low === 0 ? 0 : (value - low) / (high - low)), ends: null }
}
