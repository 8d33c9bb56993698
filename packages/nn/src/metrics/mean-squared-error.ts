import { errorsOf } from './errors.js'
import type { StreamedMetric } from './metric.js'

const of = errorsOf(
  'metrics.meanSquaredError',
  (error) => error * error,
  (mean) => mean,
)

/**
 * The mean of (output - target)^2 over all elements, of tensors of one shape, summed in float64. NaN where there are none.
 *
 * @throws ShapeError, of a batch, for different shapes
 * @example
 * const error = metrics.meanSquaredError().start()
 * error.update(tensor([1, 2]), tensor([1, 5]))
 * error.value()   // 4.5
 */
export function meanSquaredError(): StreamedMetric<number> {
  return of(arguments)
}
