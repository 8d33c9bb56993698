import { checker } from '../checker.js'
import { Counts } from './counts.js'
import { type DecisionOptions, decisionOptions, requireReadable } from './decisions.js'
import { type StreamedMetric, streamed } from './metric.js'

const takes = checker('metrics.accuracy', { options: decisionOptions })

/**
 * The share of decisions that are right: the class of the largest of logits [..., C] against int32 labels [...], or scores
 * above `threshold` against targets 0 and 1 of their shape. Every decision counts as much as any other, also where batches
 * have different numbers of labels to ignore; there the mean of `accuracy` over batches would be another number.
 * NaN where none counts.
 *
 * @example
 * const yes = metrics.accuracy({ threshold: 0.5 }).start()
 * yes.update(tensor([0.9, 0.2, 0.4]), tensor([1, 0, 1]))
 * yes.value()   // 2 / 3
 */
export function accuracy(options: DecisionOptions = {}): StreamedMetric<number> {
  takes(arguments)
  requireReadable('metrics.accuracy', options)
  return streamed('metrics.accuracy', () => {
    const counts = new Counts('metrics.accuracy', options)
    return {
      update: (output, target) => counts.add(output, target),
      value: () => counts.right.reduce((sum, count) => sum + count, 0) / counts.total,
    }
  })
}
