// How long sums are parted, whatever computes them, so that every way keeps the promises of docs/conventions.md.

/** Rounding errors grow with the number of additions: after so many in float64, their sum goes to a compensated one. */
export const run = 256

/**
 * The same of float32 numbers, whose sums in float64 have 29 bits more than they need: within this many terms, rounding
 * takes less than 2^-36 of the sum of their sizes.
 */
export const runOfSingles = 2 ** 16

/** So many float32 numbers may be added in float32: more make rounding errors that show. */
export const mostAdditions = 64

/** Sums of so many int32 elements are exact in float64. */
export const mostIntegers = 2 ** 21

/** So many products are summed at a time: the sum of such sums is more accurate than one long sum. */
export const blockDepth = 256

/** A power of 2: so many terms of any size, made smaller by it, have a sum that does not overflow. */
export const shareOf = (terms: number): number => 2 ** (Math.clz32(terms - 1) - 32)
