import type { StreamedMetric } from './metric.js'
import { type Average, type Shared, type ShareOptions, sharesOf } from './shares.js'

const of = sharesOf('metrics.precision', (right, predicted) => right / predicted)

/**
 * Of the examples that were taken for a class, the share that is of it. The output is logits [..., C] with int32 labels
 * [...], or scores with targets 0 and 1 of their shape. NaN where nothing was taken for the class; in the averages of
 * classes that counts as 0, and a class that was neither predicted nor is there does not count.
 *
 * @throws OptionError, of a batch, for more than two classes and the average 'binary'
 * @example
 * const share = metrics.precision().start()
 * share.update(tensor([2, 1, -1, -3]), tensor([1, 0, 1, 0]))
 * share.value()   // 0.5
 */
export function precision<A extends Average = 'binary'>(options?: ShareOptions<A>): StreamedMetric<Shared<A>>
export function precision(): StreamedMetric<Shared<Average>> {
  return of(arguments)
}
