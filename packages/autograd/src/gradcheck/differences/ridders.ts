import { type Precision, rounding } from '../subject/precision.js'

/** The values of a function of one number at the same distance on both sides of 0. */
export interface Pair {
  readonly step: number
  readonly plus: number
  readonly minus: number
}

export interface Limit {
  readonly value: number
  /** How far from it the truth may be. */
  readonly bar: number
  /** How much of that is round-off. */
  readonly noise: number
}

/**
 * The limit at step 0 of values at steps h, h/2, h/4, ..., whose error is a series in h^first, h^(first + 2), ...:
 * each column of the tableau removes one more term. The entry that differs least from those it was made of is the
 * best, and by how much it differs is its error bar, to which the round-off of its row is added.
 *
 * Ridders, Accurate computation of F'(x) and F'(x) F''(x), Advances in Engineering Software 4 (1982); as in Press et
 * al., Numerical Recipes, 3rd ed., section 5.7.
 */
export const extrapolate = (values: readonly number[], roundOff: readonly number[], first: 1 | 2): Limit => {
  let value = Number.NaN
  let bar = Number.POSITIVE_INFINITY
  let noise = Number.POSITIVE_INFINITY
  // the last entry of each column
  const entries: number[] = []
  for (let row = 0; row < values.length; row++) {
    let entry = values[row]!
    for (let column = 1, factor = 2 ** first; column <= row; column++, factor *= 4) {
      const finer = entry
      const coarser = entries[column - 1]!
      const better = finer + (finer - coarser) / (factor - 1)
      const uncertain = Math.max(Math.abs(better - finer), Math.abs(better - coarser)) + roundOff[row]!
      if (uncertain < bar) {
        value = better
        bar = uncertain
        noise = roundOff[row]!
      }
      entries[column - 1] = finer
      entry = better
    }
    entries.push(entry)
  }
  return { value, bar, noise }
}

export interface Estimate {
  /** The derivative at 0, or the mean of its two sides. */
  readonly slope: Limit
  /** By how much the derivative on the right exceeds that on the left. */
  readonly bend: Limit
  /** How large the values are beside the point. */
  readonly size: number
  /** The noise in single values, as far as it is known. */
  readonly noise: number
  /** How far they lie from that at the point. */
  readonly range: number
  /** All values are the same. */
  readonly isFlat: boolean
  /** Most values are the same. */
  readonly isMostlyFlat: boolean
  /** The values are float32 numbers, though they should be float64. */
  readonly isNarrow: boolean
}

/** The noise that values have at least, of functions that lose no digits on the way. */
export const leastNoise = (size: number, isNarrow: boolean, precision: Precision): number =>
  rounding[isNarrow ? 'float32' : precision] * size

const significant = 2 ** 40
const finest = 2 ** -30

/**
 * The unit that values are multiples of, where that is much coarser than numbers of their size can be: they are small differences of
 * large numbers. 0 if there is none.
 */
const unitOf = (center: number, values: readonly number[], size: number): number => {
  for (let unit = 2 ** -54; unit <= finest; unit *= 4) {
    if (size / unit >= significant) continue
    const isMultiple = (value: number) => Number.isInteger(value / unit)
    return isMultiple(center) && values.every(isMultiple) ? unit : 0
  }
  return 0
}

/**
 * The derivative at 0 of a function known at 0 and at pairs of halving steps, which are no round numbers.
 *
 * @param shift how far, at most, the points lie from where they were meant to be
 * @param noise what was measured of it in single values; null where it was not
 */
export const estimate = (
  pairs: readonly Pair[],
  center: number,
  shift: number,
  noise: number | null,
  precision: Precision = 'float64',
): Estimate => {
  const firstUsable = pairs.findLastIndex(({ plus, minus }) => !Number.isFinite(plus) || !Number.isFinite(minus)) + 1
  const values: number[] = []
  const slopes: number[] = []
  const bends: number[] = []
  let size = Math.abs(center)
  let range = 0
  let same = 0
  for (let row = firstUsable; row < pairs.length; row++) {
    const { step, plus, minus } = pairs[row]!
    values.push(plus, minus)
    slopes.push(plus / (2 * step) - minus / (2 * step))
    bends.push((plus - center - (center - minus)) / step)
    size = Math.max(size, Math.abs(plus), Math.abs(minus))
    range = Math.max(range, Math.abs(plus - center), Math.abs(minus - center))
    same += Number(plus === center) + Number(minus === center)
  }
  // a few units of rounding are float32 numbers by chance
  const isNarrow = precision === 'float64' && range > 2 ** -44 && values.every((value) => Math.fround(value) === value)
  const level = Math.max(
    noise ?? 0,
    leastNoise(size, isNarrow, precision),
    size === 0 ? 0 : 0.3 * unitOf(center, values, size),
  )
  const error = level + shift * Math.abs(slopes.at(-1) ?? 0)
  const roundOff = (factor: number) => slopes.map((_, row) => (factor * error) / pairs[firstUsable + row]!.step)
  return {
    slope: extrapolate(slopes, roundOff(2), 2),
    bend: extrapolate(bends, roundOff(5), 1),
    size,
    noise: level,
    range,
    isFlat: range === 0,
    isMostlyFlat: 2 * same >= values.length,
    isNarrow,
  }
}
