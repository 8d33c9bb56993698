/** How far single values of a function lie from a smooth curve. */
export interface Noise {
  /** The standard deviation; an upper bound where the curve itself is not smooth at this spacing. */
  readonly level: number
  /** `flat`: most neighbours are equal, so that this spacing is too small to see rounding. `curved`: too large to see only that. */
  readonly seen: 'noise' | 'flat' | 'curved'
}

/** Noise beyond this is not the loss of a few digits: the values have fewer than were meant, or the function is steep. */
export const common = { float32: 2 ** -16, float64: 2 ** -34 }

/** The k-th differences of independent noise have `spread[k]` times its variance: (2k)! / (k!)^2. */
const spread = [1, 2, 6, 20, 70, 252, 924]

/**
 * The noise in values at equal spacing, from their differences of high order: those of a smooth function vanish, those of noise grow in
 * a known way. Nine values or so.
 *
 * Hamming, Introduction to Applied Numerical Analysis (1971), section 6.5, as refined in Moré and Wild, Estimating computational
 * noise, SIAM Journal on Scientific Computing 33 (2011).
 */
export const noiseIn = (values: readonly number[]): Noise => {
  let differences = values
  const levels: number[] = []
  let equal = 0
  for (let order = 1; order < spread.length; order++) {
    differences = differences.slice(1).map((x, i) => x - differences[i]!)
    if (order === 1) equal = differences.filter((x) => x === 0).length
    const most = differences.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0)
    // so that no square overflows
    const mean = differences.reduce((total, x) => total + (x / most) * (x / most), 0) / differences.length
    levels.push(most === 0 ? 0 : most * Math.sqrt(mean / spread[order]!))
  }
  const [, , third, fourth, fifth, sixth] = levels as [number, number, number, number, number, number]
  const level = Math.max(fifth, sixth)
  if (equal > values.length / 2) return { level, seen: 'flat' }
  const isCurved = third > 3 * fourth && fourth > 3 * fifth && fifth > 3 * sixth
  return { level, seen: isCurved ? 'curved' : 'noise' }
}
