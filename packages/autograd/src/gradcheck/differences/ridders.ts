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
  let best: Limit = { value: Number.NaN, bar: Number.POSITIVE_INFINITY }
  let previous: readonly number[] = []
  values.forEach((value, row) => {
    const current = [value]
    for (let column = 1, factor = 2 ** first; column <= row; column++, factor *= 4) {
      const finer = current[column - 1]!
      const coarser = previous[column - 1]!
      const better = finer + (finer - coarser) / (factor - 1)
      const bar = Math.max(Math.abs(better - finer), Math.abs(better - coarser)) + roundOff[row]!
      if (bar < best.bar) best = { value: better, bar }
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
  /** All values are the same. */
  readonly isFlat: boolean
  /** The values are float32 numbers, whatever their dtype. */
  readonly isNarrow: boolean
}

/**
 * The derivative at 0 of a function known at 0 and at pairs of halving steps, which are no round numbers.
 *
 * @param shift how far, at most, the points lie from where they were meant to be
 * @param least the size of the numbers that the values were computed from, if they are smaller themselves
 */
export const estimate = (pairs: readonly Pair[], center: number, shift: number, least: number): Estimate => {
  const firstUsable = pairs.findLastIndex(({ plus, minus }) => !Number.isFinite(plus) || !Number.isFinite(minus)) + 1
  const usable = pairs.slice(firstUsable)
  const values = usable.flatMap(({ plus, minus }) => [plus, minus])
  const size = values.reduce((most, value) => Math.max(most, Math.abs(value)), least)
  const isFlat = values.every((value) => value === center)
  const isNarrow = !isFlat && values.every((value) => Math.fround(value) === value)
  const epsilon = isNarrow ? 2 ** -23 : 2 ** -52
  const slopes = usable.map(({ step, plus, minus }) => (plus - minus) / (2 * step))
  const bends = usable.map(({ step, plus, minus }) => (plus - center - (center - minus)) / step)
  const error = 4 * epsilon * Math.max(size, Math.abs(center)) + shift * Math.abs(slopes.at(-1) ?? 0)
  const roundOff = usable.map(({ step }) => error / step)
  return {
    slope: extrapolate(slopes, roundOff, 2),
    bend: extrapolate(
      bends,
      roundOff.map((each) => 4 * each),
      1,
    ),
    size,
    isFlat,
    isNarrow,
  }
}
