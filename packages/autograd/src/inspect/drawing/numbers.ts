import type { DType } from '../../graph/dtype.js'

/** How a number is written for a reader. */
export interface DigitOptions {
  /** How many digits of a computed number: 5 in a graph, 7 in sums. Default 5. */
  readonly significant?: number
  /** What the number was rounded to when it was computed. Default 'float64'. */
  readonly dtype?: DType
}

/** At least this many digits are asked of `significant`, and at most those a float64 has. */
const most = 17

/** The longest number that counts as given, and is shown as it was written: 0.2, 128, 0.315. */
const givenDigits = 3

/** Integers below this are written out, with commas; all else that is as large gets an exponent. */
const large = 1e9
const small = 1e-4

/**
 * A number as pictures show it. What was given stays as written (0.2); what was computed has `significant` digits, zeros
 * kept (0.036770). Thousands have commas, minus is −, exponents begin below 1e-4 and at 1e9 (1.2346e−5), and what is no
 * number is a word.
 */
export const digits = (x: number, { significant = 5, dtype = 'float64' }: DigitOptions = {}): string => {
  const word = wordFor(x, dtype)
  if (word !== undefined) return word
  const given = Number(x.toPrecision(dtype === 'float32' ? 6 : 12))
  const size = Math.abs(x)
  if (Number.isInteger(x) && size < large) return withCommas(String(x))
  const isExponential = size < small || size >= large
  const mantissa = given.toExponential().split('e')[0]!
  const count = mantissa.replace(/\D/g, '').length <= givenDigits ? given.toExponential().split('e')[0]!.length : null
  const precision = Math.min(most, significant)
  if (isExponential) return typeset(count === null ? x.toExponential(precision - 1) : given.toExponential())
  if (count !== null) return withCommas(String(given))
  return withCommas(size >= powerOfTen(precision) ? x.toFixed(0) : x.toPrecision(precision))
}

/** All of a number: as many digits as tell it from its neighbours, in its dtype. */
export const fullDigits = (x: number, dtype: DType = 'float64'): string =>
  wordFor(x, dtype) ?? (Object.is(x, -0) ? '−0' : typeset(dtype === 'float32' ? shortest32(x) : String(x)))

const wordFor = (x: number, dtype: DType): string | undefined => {
  if (dtype === 'bool' && (x === 0 || x === 1)) return x === 1 ? 'true' : 'false'
  if (Number.isNaN(x)) return 'NaN'
  if (x === Number.POSITIVE_INFINITY) return 'infinity'
  return x === Number.NEGATIVE_INFINITY ? '−infinity' : undefined
}

/** The shortest decimal that rounds to this float32. */
const shortest32 = (x: number): string => {
  for (let precision = 1; precision < 9; precision++) {
    const short = Number(x.toPrecision(precision))
    if (Math.fround(short) === Math.fround(x)) return String(short)
  }
  return String(Number(x.toPrecision(9)))
}

const powerOfTen = (k: number): number => Number(`1e${k}`)

const typeset = (text: string): string => text.replaceAll('-', '−').replace('e+', 'e')

const withCommas = (text: string): string => {
  const [whole, ...rest] = typeset(text).split('.')
  return [whole!.replace(/\B(?=(\d{3})+$)/g, ','), ...rest].join('.')
}
