import { type AnyTensor, kinds, noGrad, type Tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { type Batch, type Data, examplesOf } from '../data/batch.js'
import { lengthOf } from '../data/epoch.js'
import { TrainingError } from '../errors.js'
import type { Measured, Metrics } from '../metrics/metric.js'
import { runnable } from '../module/runnable.js'
import { formatShape } from '../shapes.js'
import { createAside, readAside } from './aside.js'
import { createClock } from './clock.js'
import * as kind from './kinds.js'
import { measurementOf } from './measurements.js'
import { createMode } from './mode.js'
import { type Model, outputOf } from './output.js'
import { predictorOf } from './predict.js'

export { type Model, outputOf }

// written as a method: a function of particular shapes is accepted where any may come

/** A scalar to minimize, as `crossEntropy` and `mse` are. */
export type Loss = { of(output: Tensor, target: Tensor): AnyTensor }['of']

/** Draws how far an evaluation is; inject one of the console or the page. */
export interface EvaluationProgress {
  /** Called once, before the first batch. @param total the number of batches, where it is known */
  start(total: number | undefined, label: string): void
  /** Called after each batch. @param done the number of batches so far */
  update(done: number): void
  /** Called once, also where the evaluation throws. */
  stop(): void
}

/** How an evaluation runs. */
export interface EvaluateOptions {
  /**
   * Run the model as a compiled program (see `compile`), as `fit` does for its validation. It pays where there are many
   * batches of one shape. Default false.
   */
  readonly compile?: boolean
  /** Ends the evaluation before the next batch, by a TrainingError: what was measured until then is no measure of the data. */
  readonly signal?: { readonly aborted: boolean; readonly reason?: unknown }
  /** Draws how far it is. Default nothing. */
  readonly progress?: EvaluationProgress
}

const takes = checker('evaluate', {
  model: runnable,
  data: kind.data,
  metrics: kind.metrics,
  options: { compile: kinds.boolean, signal: kind.signal, progress: kind.progress },
})
const requireBatch = checker('evaluate', { batch: kind.batch })

/**
 * Metrics over data, in evaluation mode and without recording. Of a function of outputs and targets that gives a number
 * it is the mean over the examples: each batch counts by its examples. What is no such mean, as `metrics.f1()`, keeps
 * what it needs of each batch, and gives its value in the end; so may metrics of your own (`StreamedMetric`). Examples that
 * only fill a batch up count nowhere. It lets other work run now and then.
 *
 * It changes nothing of a training that goes on meanwhile, or later. The model is in evaluation mode while it and the
 * metrics are computed for a batch, and in its own mode whenever anything else runs. What they draw then, and what the data
 * draws as it begins and up to where it awaits something, is drawn aside: the global generator, that of the data, and those
 * that modules have as properties are put back. So one evaluation draws what the one before drew, if nothing else did.
 *
 * @throws TrainingError if there are no batches, for a metric that gives nothing or, being a function, no number, for a
 *   model that cannot be compiled and was to be, and where the signal ends it
 * @example
 * const scores = await evaluate(model, data, { loss: crossEntropy, accuracy, confusion: metrics.confusionMatrix(3) })
 * scores.confusion[0]   // how often examples of class 0 were taken for each class
 */
export async function evaluate<M extends Metrics>(
  model: Model,
  data: Data,
  metrics: M,
  options: EvaluateOptions = {},
): Promise<Measured<M>> {
  takes(arguments)
  const { compile = false, progress } = options
  const program = predictorOf('evaluate', model, compile)
  progress?.start(lengthOf(data), 'evaluation')
  try {
    return await measure(model, program.call, data, metrics, { ...options, prepare: program.prepare })
  } finally {
    program.release()
    progress?.stop()
  }
}

/** What `measure` does besides. */
interface MeasureOptions extends EvaluateOptions {
  /** Called before the model's output is computed for such an x, and waited for. */
  readonly prepare?: (x: Tensor) => Promise<void> | null
}

/** As `evaluate`, given how the model's output comes about. */
export const measure = async <M extends Metrics>(
  model: Model,
  forward: (x: Tensor) => Tensor,
  data: Data,
  metrics: M,
  { prepare, signal, progress }: MeasureOptions = {},
): Promise<Measured<M>> => {
  const clock = createClock()
  const measured = Object.entries(metrics).map(([name, metric]) => [name, measurementOf(name, metric)] as const)
  const inEvaluation = createMode(model, false)
  const aside = createAside(model, data)
  const compute = <R>(call: () => R): R => aside(() => inEvaluation(() => noGrad(call)))
  let done = 0
  for await (const given of readAside(data, aside)) {
    if (signal?.aborted) {
      const after = done === 1 ? '1 batch' : `${done} batches`
      throw new TrainingError(`evaluate: the signal ended it after ${after}; evaluate again for the whole.`, {
        cause: signal.reason,
      })
    }
    requireBatch([given])
    const batch = given as Batch
    const preparing = compute(() => [prepare?.(batch.x) ?? null])[0]!
    if (preparing !== null) await preparing
    compute(() => {
      const output = countedOf('the output', forward(batch.x), batch)
      const target = countedOf('y', batch.y, batch)
      for (const [, { update }] of measured) update(output, target, examplesOf(batch))
    })
    done++
    progress?.update(done)
    if (clock.isDue()) await clock.breathe()
  }
  if (done === 0) {
    throw new TrainingError(
      'evaluate: the data gave no batches; an iterator or generator can be read only once: pass an array of batches, ' +
        'or batches(x, y).',
    )
  }
  const values: [string, unknown][] = []
  for (const [name, { value }] of measured) {
    values.push([name, compute(value)])
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
