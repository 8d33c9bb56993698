import type { StreamedMetric } from './metric.js'
import { type Average, type Shared, type ShareOptions, sharesOf } from './shares.js'

const of = sharesOf('metrics.f1', (right, predicted, actual) => (2 * right) / (predicted + actual))

/**
 * The harmonic mean of precision and recall, 2 right / (predicted + actual) for these numbers of examples of a class. The
 * output is logits [..., C] with int32 labels [...], or scores with targets 0 and 1 of their shape. NaN where the class was
 * neither predicted nor is there; in the averages of classes it then does not count. With the average 'micro' it is the
 * accuracy.
 *
 * @throws OptionError, of a batch, for more than two classes and the average 'binary'
 * @example
 * const mean = metrics.f1({ threshold: 0.5 }).start()
 * mean.update(tensor([0.9, 0.8, 0.1, 0.2]), tensor([1, 1, 1, 0]))
 * mean.value()   // 0.8
 */
export function f1<A extends Average = 'binary'>(options?: ShareOptions<A>): StreamedMetric<Shared<A>>
export function f1(): StreamedMetric<Shared<Average>> {
  return of(arguments)
}
