import { type AnyTensor, noGrad, Tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { type Batch, type Data, examplesOf } from '../data/batch.js'
import { TrainingError } from '../errors.js'
import type { Module } from '../module/module.js'
import { runnable } from '../module/runnable.js'
import { formatShape } from '../shapes.js'
import { createClock } from './clock.js'
import * as kind from './kinds.js'
import { createMode } from './mode.js'

/** A module that maps one tensor to one. */
export type Model = Module & { forward(x: never): unknown }

// written as methods: a function of particular shapes is accepted where any may come

/** A scalar to minimize, as `crossEntropy` and `mse` are. */
export type Loss = { of(output: Tensor, target: Tensor): AnyTensor }['of']

/** A number to watch: a function of outputs and targets that gives a number or a scalar. */
export type Metric = { of(output: Tensor, target: Tensor): number | AnyTensor }['of']

/** Functions of the output and the targets, by the names that their numbers get. */
export interface Metrics {
  readonly [name: string]: Metric
}

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
 * The mean of each metric over data, in evaluation mode and without recording; each batch counts by its examples.
 *
 * The model is in evaluation mode while it and the metrics are computed for a batch, and in its own mode whenever anything
 * else runs, so that an evaluation that is not awaited does not touch a training that goes on meanwhile.
 *
 * @throws TrainingError if there are no batches, and for a metric that gives no number
 * @example const { loss } = await evaluate(model, data, { loss: crossEntropy, accuracy })
 */
export async function evaluate<M extends Metrics>(
  model: Model,
  data: Data,
  metrics: M,
): Promise<{ -readonly [Name in keyof M]: number }> {
  takes(arguments)
  return measure(model, (x) => outputOf(model, x), data, metrics)
}

/** As `evaluate`, given how the model's output comes about. */
export const measure = async <M extends Metrics>(
  model: Model,
  forward: (x: Tensor) => Tensor,
  data: Data,
  metrics: M,
): Promise<{ -readonly [Name in keyof M]: number }> => {
  const clock = createClock()
  const sums = new Map<string, number>()
  let examples = 0
  const inEvaluation = createMode(model, false)
  for await (const batch of data) {
    requireBatch([batch])
    const count = examplesOf(batch)
    examples += count
    inEvaluation(() =>
      noGrad(() => {
        const output = countedOf('the output', forward(batch.x as Tensor), batch)
        const target = countedOf('y', batch.y as Tensor, batch)
        for (const [name, metric] of Object.entries(metrics)) {
          const number = numberOf(name, metric(output, target))
          sums.set(name, (sums.get(name) ?? 0) + number * count)
        }
      }),
    )
    if (clock.isDue()) await clock.breathe()
  }
  if (examples === 0)
    throw new TrainingError(
      'evaluate: the data gave no batches; an iterator or generator can be read only once: pass an array of batches, ' +
        'or batches(x, y).',
    )
  return Object.fromEntries([...sums].map(([name, sum]) => [name, sum / examples])) as {
    -readonly [Name in keyof M]: number
  }
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

const numberOf = (name: string, value: unknown): number => {
  if (typeof value === 'number') return value
  if (value instanceof Tensor && value.size === 1) return value.item()
  const what =
    value instanceof Tensor ? String(value) : value instanceof Promise ? 'a promise' : `of type ${typeof value}`
  throw new TrainingError(`evaluate: the metric ${name} is ${what}; return a number or a tensor of one element.`)
}
