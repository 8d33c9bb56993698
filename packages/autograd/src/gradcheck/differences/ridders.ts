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
  let best: Limit = { value: Number.NaN, bar: Number.POSITIVE_INFINITY, noise: Number.POSITIVE_INFINITY }
  let previous: readonly number[] = []
  values.forEach((value, row) => {
    const current = [value]
    for (let column = 1, factor = 2 ** first; column <= row; column++, factor *= 4) {
      const finer = current[column - 1]!
      const coarser = previous[column - 1]!
      const better = finer + (finer - coarser) / (factor - 1)
      const bar = Math.max(Math.abs(better - finer), Math.abs(better - coarser)) + roundOff[row]!
      if (bar < best.bar) best = { value: better, bar, noise: roundOff[row]! }
      current.push(better)
    }
    previous = current
  })
  return best
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
  /** The values are float32 numbers, whatever their dtype. */
  readonly isNarrow: boolean
}

/** The noise that values have at least, of functions that lose no digits on the way. */
export const leastNoise = (size: number, isNarrow: boolean): number => (isNarrow ? 2 ** -24 : 2 ** -53) * size

const significant = 2 ** 40
const finest = 2 ** -30

/**
 * The unit that values are multiples of, where that is much coarser than numbers of their size can be: they are small differences of
 * large numbers. 0 if there is none.
 */
const unitOf = (values: readonly number[], size: number): number => {
  for (let unit = 2 ** -54; unit <= finest; unit *= 4) {
    if (size / unit >= significant) continue
    return values.every((value) => Number.isInteger(value / unit)) ? unit : 0
  }
  return 0
}

/**
 * The derivative at 0 of a function known at 0 and at pairs of halving steps, which are no round numbers.
 *
 * @param shift how far, at most, the points lie from where they were meant to be
 * @param noise what was measured of it in single values; null where it was not
 */
export const estimate = (pairs: readonly Pair[], center: number, shift: number, noise: number | null): Estimate => {
  const firstUsable = pairs.findLastIndex(({ plus, minus }) => !Number.isFinite(plus) || !Number.isFinite(minus)) + 1
  const usable = pairs.slice(firstUsable)
  const values = usable.flatMap(({ plus, minus }) => [plus, minus])
  const size = values.reduce((most, value) => Math.max(most, Math.abs(value)), Math.abs(center))
  const range = values.reduce((most, value) => Math.max(most, Math.abs(value - center)), 0)
  const isFlat = range === 0
  // a few units of rounding are float32 numbers by chance
  const isNarrow = range > 2 ** -44 && values.every((value) => Math.fround(value) === value)
  const slopes = usable.map(({ step, plus, minus }) => plus / (2 * step) - minus / (2 * step))
  const bends = usable.map(({ step, plus, minus }) => (plus - center - (center - minus)) / step)
  const level = Math.max(
    noise ?? 0,
    leastNoise(size, isNarrow),
    size === 0 ? 0 : 0.3 * unitOf([center, ...values], size),
  )
  const error = level + shift * Math.abs(slopes.at(-1) ?? 0)
  return {
    slope: extrapolate(
      slopes,
      usable.map(({ step }) => (2 * error) / step),
      2,
    ),
    bend: extrapolate(
      bends,
      usable.map(({ step }) => (5 * error) / step),
      1,
    ),
    size,
    noise: level,
    range,
    isFlat,
    isMostlyFlat: 2 * values.filter((value) => value === center).length >= values.length,
    isNarrow,
  }
}
