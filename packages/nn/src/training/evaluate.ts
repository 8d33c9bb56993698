import { type AnyTensor, noGrad, type Tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { type Batch, type Data, examplesOf } from '../data/batch.js'
import { TrainingError } from '../errors.js'
import type { Measured, Metrics } from '../metrics/metric.js'
import type { Module } from '../module/module.js'
import { runnable } from '../module/runnable.js'
import { formatShape } from '../shapes.js'
import { createClock } from './clock.js'
import * as kind from './kinds.js'
import { measurementOf } from './measurements.js'
import { createMode } from './mode.js'

/** A module that maps one tensor to one. */
export type Model = Module & { forward(x: never): unknown }

// written as a method: a function of particular shapes is accepted where any may come

/** A scalar to minimize, as `crossEntropy` and `mse` are. */
export type Loss = { of(output: Tensor, target: Tensor): AnyTensor }['of']

/** The output of a model for the x of a batch. */
export const outputOf = (model: Model, x: AnyTensor): Tensor => {
  const output: unknown = (model as unknown as { forward(x: AnyTensor): unknown }).forward(x)
  if (output === undefined || output instanceof Promise) {
    const what = output === undefined ? 'nothing; return its output' : 'a promise; make it a function that is not async'
    throw new TrainingError(`${model.constructor.name}.forward gives ${what}.`)
  }
  return output as Tensor
}

const takes = checker('evaluate', { model: runnable, data: kind.data, metrics: kind.metrics })
const requireBatch = checker('evaluate', { batch: kind.batch })

/**
 * Metrics over data, in evaluation mode and without recording. Of a function of outputs and targets that gives a number
 * it is the mean over the examples: each batch counts by its examples. What is no such mean, as `metrics.f1()`, keeps
 * what it needs of each batch, and gives its value in the end; so may metrics of your own (`StreamedMetric`). Examples that
 * only fill a batch up count nowhere.
 *
 * The model is in evaluation mode while it and the metrics are computed for a batch, and in its own mode whenever anything
 * else runs, so that an evaluation that is not awaited does not touch a training that goes on meanwhile.
 *
 * @throws TrainingError if there are no batches, and for a metric that gives nothing or, being a function, no number
 * @example
 * const scores = await evaluate(model, data, { loss: crossEntropy, accuracy, confusion: metrics.confusionMatrix(3) })
 * scores.confusion[0]   // how often examples of class 0 were taken for each class
 */
export async function evaluate<M extends Metrics>(model: Model, data: Data, metrics: M): Promise<Measured<M>> {
  takes(arguments)
  return measure(model, (x) => outputOf(model, x), data, metrics)
}

/** As `evaluate`, given how the model's output comes about. */
export const measure = async <M extends Metrics>(
  model: Model,
  forward: (x: Tensor) => Tensor,
  data: Data,
  metrics: M,
): Promise<Measured<M>> => {
  const clock = createClock()
  const measured = Object.entries(metrics).map(([name, metric]) => [name, measurementOf(name, metric)] as const)
  let hasBatches = false
  const inEvaluation = createMode(model, false)
  for await (const batch of data) {
    requireBatch([batch])
    hasBatches = true
    inEvaluation(() =>
      noGrad(() => {
        const output = countedOf('the output', forward(batch.x as Tensor), batch)
        const target = countedOf('y', batch.y as Tensor, batch)
        for (const [, { update }] of measured) update(output, target, examplesOf(batch))
      }),
    )
    if (clock.isDue()) await clock.breathe()
  }
  if (!hasBatches) {
    throw new TrainingError(
      'evaluate: the data gave no batches; an iterator or generator can be read only once: pass an array of batches, ' +
        'or batches(x, y).',
    )
  }
  const values: [string, unknown][] = []
  for (const [name, { value }] of measured) {
    values.push([name, inEvaluation(() => noGrad(value))])
    if (clock.isDue()) await clock.breathe()
  }
  return Object.fromEntries(values) as Measured<M>
}

/** Without the rows of examples that only fill a batch up. */
const countedOf = (what: string, rows: Tensor, { x, examples }: Batch<AnyTensor, AnyTensor>): Tensor => {
  if (examples === undefined || examples === x.shape[0]) return rows
  if (rows.shape[0] !== x.shape[0]) {
    throw new TrainingError(
      `evaluate: ${examples} of ${x.shape[0]} examples of a batch count, and ${what} ${formatShape(rows.shape)} does not ` +
        "have them along its first axis; give it one row an example, or batches that are not padded: lastBatch: 'keep'.",
    )
  }
  return rows.slice(0, 0, examples)
}
