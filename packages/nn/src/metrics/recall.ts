import type { StreamedMetric } from './metric.js'
import { type Average, type Shared, type ShareOptions, sharesOf } from './shares.js'

const of = sharesOf('metrics.recall', (right, _predicted, actual) => right / actual)

/**
 * Of the examples of a class, the share that was taken for it. The output is logits [..., C] with int32 labels [...], or
 * scores with targets 0 and 1 of their shape. NaN where there are no examples of the class; in the averages of classes that
 * counts as 0, and a class that was neither predicted nor is there does not count.
 *
 * @throws OptionError, of a batch, for more than two classes and the average 'binary'
 * @example
 * const share = metrics.recall({ average: 'none' }).start()
 * share.update(tensor([[2, 1], [0, 1], [0, 3]]), tensor([0, 0, 1], { dtype: 'int32' }))
 * share.value()   // [0.5, 1]
 */
export function recall<A extends Average = 'binary'>(options?: ShareOptions<A>): StreamedMetric<Shared<A>>
export function recall(): StreamedMetric<Shared<Average>> {
  return of(arguments)
}
