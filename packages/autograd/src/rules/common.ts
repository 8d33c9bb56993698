import type { Algebra, Misfit } from './algebra.js'

// What rules of several files have in common.

/** a - b, and 0 where both are the same infinity. */
export const gap = <T>(m: Algebra<T>, a: T, b: T): T =>
  m.select(m.logicalAnd(m.equal(a, b), m.equal(m.abs(a), Infinity)), 0, m.sub(a, b))

/** What an operand has of the derivative: all where it is taken, half at a tie. */
export const share = <T>(m: Algebra<T>, isTaken: T, isTie: T): T => m.select(isTaken, 1, m.select(isTie, 0.5, 0))

/** 1, but NaN where the result is. */
export const unlessNaN = <T>(m: Algebra<T>, y: T): T => m.select(m.equal(y, y), 1, y)

/** Why there is no quotient, or no remainder, of truth values and by an integer 0. */
export const noneByZero =
  (noun: string, instead: string): Misfit =>
  (dtype, [, divisor]) => {
    if (dtype === 'bool') return `truth values have no ${noun}; cast them to 'int32'`
    return divisor === 0 ? `integers have no ${noun} by 0; cast them to 'float32' or 'float64' for ${instead}` : null
  }
