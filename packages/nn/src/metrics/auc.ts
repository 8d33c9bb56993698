import { checker } from '../checker.js'
import { type LabelOptions, labelOptions } from '../losses/classes.js'
import { requireReadable } from './decisions.js'
import { type StreamedMetric, streamed } from './metric.js'
import { Ranking } from './ranking.js'

const takes = checker('metrics.auc', { options: labelOptions })

/**
 * The area under the receiver operating characteristic: how often an example of class 1 has a higher score than one of
 * class 0, where equal scores count half (Hanley and McNeil, The meaning and use of the area under a ROC curve, 1982). It
 * is exact, and keeps all scores for that, 8 bytes each. The output is scores with targets 0 and 1 of their shape, or
 * logits [..., 2] with int32 labels [...]. NaN where all examples are of one class, and where a score is NaN.
 *
 * @throws ShapeError, of a batch, for more than two classes; OptionError for targets that are neither 0 nor 1
 * @example
 * const area = metrics.auc().start()
 * area.update(tensor([0.1, 0.4, 0.35, 0.8]), tensor([0, 0, 1, 1]))
 * area.value()   // 0.75
 */
export function auc(options: LabelOptions = {}): StreamedMetric<number> {
  takes(arguments)
  requireReadable('metrics.auc', options)
  return streamed('metrics.auc', () => {
    const ranking = new Ranking('metrics.auc', options)
    return {
      update: (output, target) => ranking.add(output, target),
      value: () => {
        if (!ranking.isOrdered) return Number.NaN
        let area = 0
        let [positives, negatives] = [0, 0]
        ranking.descend((p, n) => {
          area += ((n - negatives) * (p + positives)) / 2
          positives = p
          negatives = n
        })
        return area / (positives * negatives)
      },
    }
  })
}
