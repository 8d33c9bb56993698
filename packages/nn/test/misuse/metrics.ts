import { tensor } from '@adjoint/autograd'
import type { Subject } from '../../../autograd/test/misuse/walk.js'
import * as nn from '../../src/index.js'
import { type Entry, entriesOf, labels, none, weights } from './entries.js'

const ofLabels = { axis: -1, ignoreIndex: -100 }
const ofScores = { threshold: 0.5, ignoreIndex: -100 }

/** What makes metrics. */
export const metrics: Readonly<Record<string, Entry>> = {
  accuracy: { args: () => [ofScores] },
  ...entriesOf(['auc', 'averagePrecision', 'perplexity'], { args: () => [ofLabels] }),
  ...entriesOf(['precision', 'recall', 'f1'], { args: () => [{ ...ofScores, average: 'macro' }] }),
  confusionMatrix: { args: () => [3, ofLabels] },
  topK: { args: () => [2, ofLabels] },
  r2: { args: () => [{ average: 'none' }] },
  ...entriesOf(['meanAbsoluteError', 'meanSquaredError', 'rootMeanSquaredError'], none),
}

const scores = () => tensor([0.1, 0.9, 0.4, 0.2, 0.7, 0.3, 0.6])
const truths = () => tensor([0, 1, 0, 1, 1, 0, 1])

const update = (metric: nn.StreamedMetric<unknown>, args: Subject['args']): Subject => ({
  args,
  // a tensor of seven numbers is no pair of what has another shape, and labels are no scores
  may: ['', '-tensor'],
  call: (...args: [never, never]) => metric.start().update(...args),
})
const pair = () => [weights(), weights()]

/** What `update` of each takes. */
export const updates: Readonly<Record<string, Subject>> = {
  ...Object.fromEntries(
    [nn.metrics.accuracy(), nn.metrics.confusionMatrix(3), nn.metrics.topK(2), nn.metrics.perplexity()].map(
      (metric, i) => [`update of labels ${i}`, update(metric, () => [weights(), labels()])],
    ),
  ),
  ...Object.fromEntries(
    [nn.metrics.f1(), nn.metrics.auc(), nn.metrics.averagePrecision()].map((metric, i) => [
      `update of scores ${i}`,
      update(metric, () => [scores(), truths()]),
    ]),
  ),
  'update of numbers': update(nn.metrics.r2(), pair),
  'update of errors': update(nn.metrics.meanAbsoluteError(), pair),
}
