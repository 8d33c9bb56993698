import { errorsOf } from './errors.js'
import type { StreamedMetric } from './metric.js'

const of = errorsOf('metrics.meanAbsoluteError', Math.abs, (mean) => mean)

/**
 * The mean of |output - target| over all elements, of tensors of one shape, summed in float64. NaN where there are none.
 *
 * @throws ShapeError, of a batch, for different shapes
 * @example
 * const error = metrics.meanAbsoluteError().start()
 * error.update(tensor([1, 2]), tensor([1, 5]))
 * error.value()   // 1.5
 */
export function meanAbsoluteError(): StreamedMetric<number> {
  return of(arguments)
}
