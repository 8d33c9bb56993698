import { everyday } from './everyday.js'
import { rare } from './rare.js'

/**
 * Every elementwise function. The `known` values are each function's definition in mpmath 1.3 at 60 digits, rounded to a double.
 */
// not as a spread: that may run a getter, so all would carry it
export const rules = /* @__PURE__ */ Object.assign({}, everyday, rare)

export type RuleName = keyof typeof rules
