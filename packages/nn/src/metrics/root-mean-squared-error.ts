import { errorsOf } from './errors.js'
import type { StreamedMetric } from './metric.js'

const of = errorsOf('metrics.rootMeanSquaredError', (error) => error * error, Math.sqrt)

/**
 * The root of the mean of (output - target)^2 over all elements of all examples, of tensors of one shape, summed in float64:
 * not the mean of the roots of batches. NaN where there are none.
 *
 * @throws ShapeError, of a batch, for different shapes
 * @example
 * const error = metrics.rootMeanSquaredError().start()
 * error.update(tensor([1, 2]), tensor([1, 5]))
 * error.value()   // Math.sqrt(4.5)
 */
export function rootMeanSquaredError(): StreamedMetric<number> {
  return of(arguments)
}
