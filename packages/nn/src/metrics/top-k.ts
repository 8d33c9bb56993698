import type { Tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { requireCount, requireOption } from '../errors.js'
import * as kind from '../kinds.js'
import { type LabelOptions, labelOptions } from '../losses/classes.js'
import { classesLast } from './classes-last.js'
import { requireReadable } from './decisions.js'
import { type StreamedMetric, streamed } from './metric.js'

const takes = checker('metrics.topK', { k: kind.count, options: labelOptions })

/**
 * The share of examples whose label is among the k largest of logits [..., C], with int32 labels [...]. Of equal logits the
 * one that comes first counts as larger, so that k = 1 is the accuracy. A label whose logit is NaN is not among them. NaN
 * where no example counts.
 *
 * @throws OptionError for a k that is no positive integer, and, of a batch, for one above the number of classes
 * @example
 * const two = metrics.topK(2).start()
 * two.update(tensor([[3, 2, 1], [3, 2, 1]]), tensor([1, 2], { dtype: 'int32' }))
 * two.value()   // 0.5
 */
export function topK(k: number, options: LabelOptions = {}): StreamedMetric<number> {
  takes(arguments)
  requireReadable('metrics.topK', options)
  requireCount('metrics.topK', 'k', k)
  return streamed('metrics.topK', () => {
    let right = 0
    let total = 0
    return {
      update: (output, target) => {
        const { classes, logits, labels } = classesLast('metrics.topK', output, target, options)
        requireOption('metrics.topK', 'k', k, k <= classes, `at most the number of classes, ${classes}`)
        for (const [row, label] of labels.entries()) {
          if (label === options.ignoreIndex) continue
          total++
          if (placeOf(logits, row * classes, classes, label) < k) right++
        }
      },
      value: () => right / total,
    }
  })
}

/** How many classes come before that of the label. */
const placeOf = (logits: Tensor['data'], start: number, classes: number, label: number): number => {
  const own = logits[start + label]!
  if (Number.isNaN(own)) return classes
  let before = 0
  for (let i = 0; i < classes; i++) {
    const other = logits[start + i]!
    // also of NaN it cannot be said that it is below
    if (!(other <= own) || (other === own && i < label)) before++
  }
  return before
}
