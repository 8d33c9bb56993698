import { tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { type LabelOptions, labelOptions } from '../losses/classes.js'
import { crossEntropy } from '../losses/cross-entropy.js'
import { labelled, requireReadable } from './decisions.js'
import { type StreamedMetric, streamed } from './metric.js'

const takes = checker('metrics.perplexity', { options: labelOptions })

/**
 * Among how many equally likely classes, as it were, a model chooses: the exponential of the mean of -log softmax(logits)
 * [label] over all labels that count, of logits [..., C] with int32 labels [...]. It is not the mean of what batches have.
 * Computed in float64; NaN where no label counts.
 *
 * @example
 * const choices = metrics.perplexity().start()
 * choices.update(zeros([2, 3, 27]), zeros([2, 3], { dtype: 'int32' }))
 * choices.value()   // 27
 */
export function perplexity(options: LabelOptions = {}): StreamedMetric<number> {
  takes(arguments)
  requireReadable('metrics.perplexity', options)
  return streamed('metrics.perplexity', () => {
    let sum = 0
    let total = 0
    return {
      update: (output, target) => {
        labelled('metrics.perplexity', output, target, options)
        sum += crossEntropy(output.detach().cast('float64'), target, { ...options, reduction: 'sum' }).item()
        for (const label of target.data) if (label !== options.ignoreIndex) total++
      },
      value: () =>
        total === 0
          ? Number.NaN
          : tensor(sum / total, { dtype: 'float64' })
              .exp()
              .item(),
    }
  })
}
