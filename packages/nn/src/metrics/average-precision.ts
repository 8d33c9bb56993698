import { checker } from '../checker.js'
import { type LabelOptions, labelOptions } from '../losses/classes.js'
import { requireReadable } from './decisions.js'
import { type StreamedMetric, streamed } from './metric.js'
import { Ranking } from './ranking.js'

const takes = checker('metrics.averagePrecision', { options: labelOptions })

/**
 * The mean of the precision at each threshold, by how much the recall grows there: the sum of (R[i] - R[i - 1]) P[i] over
 * the different scores, from the highest down, without interpolation. It keeps all scores, 8 bytes each. The output is
 * scores with targets 0 and 1 of their shape, or logits [..., 2] with int32 labels [...]. NaN where no example is of class
 * 1, and where a score is NaN.
 *
 * @throws ShapeError, of a batch, for more than two classes; OptionError for targets that are neither 0 nor 1
 * @example
 * const mean = metrics.averagePrecision().start()
 * mean.update(tensor([0.1, 0.4, 0.35, 0.8]), tensor([0, 0, 1, 1]))
 * mean.value()   // 5 / 6
 */
export function averagePrecision(options: LabelOptions = {}): StreamedMetric<number> {
  takes(arguments)
  requireReadable('metrics.averagePrecision', options)
  return streamed('metrics.averagePrecision', () => {
    const ranking = new Ranking('metrics.averagePrecision', options)
    return {
      update: (output, target) => ranking.add(output, target),
      value: () => {
        if (!ranking.isOrdered) return Number.NaN
        let sum = 0
        let positives = 0
        ranking.descend((p, n) => {
          sum += (p - positives) * (p / (p + n))
          positives = p
        })
        return sum / positives
      },
    }
  })
}
