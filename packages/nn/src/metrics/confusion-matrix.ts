import { checker } from '../checker.js'
import { requireOption } from '../errors.js'
import * as kind from '../kinds.js'
import { requireAsMany } from './counts.js'
import { type DecisionOptions, decide, decisionOptions, requireReadable } from './decisions.js'
import { type StreamedMetric, streamed } from './metric.js'

const takes = checker('metrics.confusionMatrix', { classes: kind.count, options: decisionOptions })

/**
 * How often each class was taken for each: `matrix[truth][prediction]` is a number of examples. The output is logits
 * [..., C] with int32 labels [...], or for two classes scores with targets 0 and 1 of their shape.
 *
 * @param classes how many there are
 * @throws OptionError for less than two classes; ShapeError, of a batch, for another number of them
 * @example
 * const matrix = metrics.confusionMatrix(2).start()
 * matrix.update(tensor([[0, 1], [3, 2], [0, 1]]), tensor([1, 1, 0], { dtype: 'int32' }))
 * matrix.value()   // [[0, 1], [1, 1]]
 */
export function confusionMatrix(classes: number, options: DecisionOptions = {}): StreamedMetric<number[][]> {
  takes(arguments)
  const isCount = Number.isSafeInteger(classes) && classes >= 2
  requireOption('metrics.confusionMatrix', 'classes', classes, isCount, 'an integer of at least 2')
  requireReadable('metrics.confusionMatrix', options)
  return streamed('metrics.confusionMatrix', () => {
    const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
    return {
      update: (output, target) => {
        const decisions = decide('metrics.confusionMatrix', output, target, options)
        requireAsMany('metrics.confusionMatrix', decisions.classes, classes)
        for (let i = 0; i < decisions.actual.length; i++) {
          const truth = decisions.actual[i]!
          if (truth !== options.ignoreIndex) matrix[truth]![decisions.predicted[i]!]!++
        }
      },
      value: () => matrix.map((row) => [...row]),
    }
  })
}
