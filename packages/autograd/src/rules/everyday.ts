import * as activation from './activation.js'
import * as arithmetic from './arithmetic.js'
import * as comparison from './comparison.js'
import * as errorFunction from './error-function.js'
import * as exponential from './exponential.js'
import * as hyperbolic from './hyperbolic.js'
import * as piecewise from './piecewise.js'
import * as rounding from './rounding.js'
import * as selection from './selection.js'
import * as trigonometric from './trigonometric.js'

/**
 * The elementwise functions of every day: they are methods of a tensor, and whoever has one carries them. Each family's exports are
 * rules and nothing else: one exported there is in the table.
 */
export const everyday = {
  ...arithmetic,
  ...exponential,
  ...trigonometric,
  ...hyperbolic,
  ...errorFunction,
  ...activation,
  ...piecewise,
  ...selection,
  ...comparison,
  ...rounding,
}
