/** The floats with which a function is computed, and its derivatives. */
export type Precision = 'float32' | 'float64'

/** By how much a number of the size of 1 is rounded at most. */
export const rounding = { float32: 2 ** -24, float64: 2 ** -53 } as const
