import { everyday } from './everyday.js'
import { rare } from './rare.js'

/**
 * Every elementwise function. The `known` values are each function's definition in mpmath 1.3 at 60 digits, rounded to a double.
 */
export const rules = { ...everyday, ...rare }

export type RuleName = keyof typeof rules
