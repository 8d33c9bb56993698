import * as activation from './activation.js'
import * as arithmetic from './arithmetic.js'
import * as comparison from './comparison.js'
import * as division from './division.js'
import * as exponential from './exponential.js'
import * as hyperbolic from './hyperbolic.js'
import * as piecewise from './piecewise.js'
import * as rounding from './rounding.js'
import * as selection from './selection.js'
import * as special from './special.js'
import * as trigonometric from './trigonometric.js'

/**
 * Every elementwise function. Each family's exports are rules and nothing else: one exported there is in the table.
 * The `known` values are each function's definition in mpmath 1.3 at 60 digits, rounded to a double.
 */
export const rules = {
  ...arithmetic,
  ...division,
  ...exponential,
  ...trigonometric,
  ...hyperbolic,
  ...special,
  ...activation,
  ...piecewise,
  ...selection,
  ...comparison,
  ...rounding,
}

export type RuleName = keyof typeof rules
