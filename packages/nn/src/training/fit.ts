import { kinds } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { type Data, examplesOf } from '../data/batch.js'
import { OptionError, requireAmount, requireCount, TrainingError } from '../errors.js'
import { amount, count } from '../kinds.js'
import type { Metrics } from '../metrics/metric.js'
import { runnable } from '../module/runnable.js'
import type { Optimizer } from '../optimizers/optimizer.js'
import { createClock } from './clock.js'
import { type Loss, type Model, measure } from './evaluate.js'
import * as kind from './kinds.js'
import { createMode } from './mode.js'
import { createStep } from './step.js'

/** How far training is; epochs and batches count from 1. */
export interface BatchReport {
  /** The epoch that runs. */
  readonly epoch: number
  /** How many there are to be. */
  readonly epochs: number
  /** The batch of this epoch. */
  readonly batch: number
  /** Of this batch. */
  readonly loss: number
  /** The name of the loss function; 'loss' if it has none. */
  readonly lossName: string
}

/** How an epoch went; epochs count from 1. */
export interface EpochReport {
  /** The epoch that has ended. */
  readonly epoch: number
  /** How many there are to be. */
  readonly epochs: number
  /** The mean over the epoch's examples, each as it was when its turn came. */
  readonly loss: number
  /** The name of the loss function; 'loss' if it has none. */
  readonly lossName: string
  /** The loss and the metrics on the validation data after the epoch. */
  readonly validation?: Scores
}

/** `loss`, and each metric by its name. */
export interface Scores {
  /** The mean loss of the examples. */
  readonly loss: number
  readonly [metric: string]: number
}

/** Draws progress; inject one of the console or the page. */
export interface Progress {
  /** Called once, before the first batch. @param total the number of batches to come, where it is known */
  start(total: number | undefined, label: string): void
  /** Called after each batch. @param done the number of batches so far, over all epochs */
  update(done: number, info: BatchReport): void
  /** Called once, also where training ends early or throws. */
  stop(): void
}

/** When training ends before its last epoch. */
export interface EarlyStopping {
  /** Stop after this many epochs in a row without a better loss (on the validation data, if there are any). */
  readonly patience: number
  /** How much lower a loss must be to count as better. Default 0. */
  readonly minDelta?: number
  /** Give the model the state of its best epoch in the end: parameters and buffers. Default false. */
  readonly restoreBest?: boolean
}

/** What `fit` trains on, by what, and who is told. */
export interface FitOptions {
  /** The batches of an epoch; they are gone through once an epoch. */
  readonly data: Data
  /** What is to become small: `crossEntropy` and its like. */
  readonly loss: Loss
  /** What takes the steps. */
  readonly optimizer: Optimizer
  /** How many times to go through the data. */
  readonly epochs: number
  /** What to evaluate the loss and the metrics on after each epoch. */
  readonly validation?: Data
  /** Further numbers to watch on the validation data, such as `{ accuracy }`. */
  readonly metrics?: Metrics
  /** Stop before the last epoch where the loss gets no better. */
  readonly earlyStopping?: EarlyStopping
  /** Called after each batch; a promise is waited for. */
  readonly onBatch?: (report: BatchReport) => void | Promise<void>
  /** Called after each epoch, and its validation; a promise is waited for. */
  readonly onEpoch?: (report: EpochReport) => void | Promise<void>
  /** Draws how far it is. Default nothing. */
  readonly progress?: Progress
  /**
   * Run steps, and the model on validation data, as compiled programs (see `compile`). Default true. They follow tensors
   * and those properties of modules and the optimizer that are numbers, strings or booleans; if `forward` or the loss read
   * other JavaScript values that change during training, read those through `guard`, or say `compile: false`.
   */
  readonly compile?: boolean
  /** Stops training before the next batch. The promise resolves with what was done until then. */
  readonly signal?: { readonly aborted: boolean }
}

const takes = checker('fit', {
  model: runnable,
  options: {
    data: kinds.required(kind.data),
    loss: kinds.required(kind.loss),
    optimizer: kind.optimizer,
    epochs: kinds.required(count),
    validation: kind.data,
    metrics: kind.metrics,
    earlyStopping: kinds.kind(
      'an object such as { patience: 3 }',
      (thing) => typeof thing === 'object' && thing !== null,
    ),
    onBatch: kinds.function,
    onEpoch: kinds.function,
    progress: kind.progress,
    compile: kinds.boolean,
    signal: kind.signal,
  },
})
const takesEarlyStopping = checker('fit', {
  earlyStopping: { patience: kinds.required(count), minDelta: amount, restoreBest: kinds.boolean },
})
const requireBatch = checker('fit', { batch: kind.batch })

/** What became of a training run. */
export interface History {
  /** The mean loss of each epoch. */
  readonly loss: number[]
  /** The name of the loss function; 'loss' if it has none. */
  readonly lossName: string
  /** The scores on the validation data after each epoch; empty without such data. */
  readonly validation: Scores[]
  /** Why training ended: all epochs done, no better loss, or the signal. */
  readonly stopped: 'epochs' | 'patience' | 'signal'
}

/**
 * Trains a model: for each batch the loss, its gradients and a step of the optimizer. It lets other work run now and
 * then, so that progress can draw.
 *
 * The model is in training mode during each step and in evaluation mode while validation computes, and in its own modes
 * whenever anything else runs, such as `onBatch`: what `train()` and `eval()` set there holds for your own calls of
 * `forward`. Training mode is what `model.train()` makes of the modules at the start of an epoch, also of one that is in
 * evaluation mode; a model that keeps a part of it there overrides `train`.
 *
 * @throws TrainingError at a loss that is not finite (the parameters are those of the step before), and where data gave
 *   no batches; OptionError for an option outside its range
 * @example
 * const history = await fit(model, { data, loss: crossEntropy, optimizer, epochs: 5 })
 * history.loss   // one number an epoch
 */
export async function fit(model: Model, options: FitOptions): Promise<History> {
  takes(arguments)
  const { data, loss, epochs, validation, metrics, earlyStopping, onEpoch, progress } = options
  requireCount('fit', 'epochs', epochs)
  requireMeasurable(options)
  const patience = earlyStopping && createPatience(model, earlyStopping)
  const lossName = nameOf(loss)
  const losses: number[] = []
  const validations: Scores[] = []
  let stopped: History['stopped'] = 'epochs'
  const trainer = createStep(model, options)
  const trainEpoch = createEpochs(model, trainer, options)
  progress?.start(totalOf(data, epochs), 'training')
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const mean = await trainEpoch(epoch)
      if (mean === undefined) {
        stopped = 'signal'
        break
      }
      const scores = validation && ((await measure(model, trainer.forward, validation, { ...metrics, loss })) as Scores)
      losses.push(mean)
      if (scores) validations.push(scores)
      await onEpoch?.({ epoch, epochs, loss: mean, lossName, ...(scores && { validation: scores }) })
      if (patience?.isOver((scores ?? { loss: mean }).loss)) {
        stopped = 'patience'
        break
      }
    }
  } finally {
    trainer.finish()
    progress?.stop()
  }
  patience?.finish()
  return { loss: losses, lossName, validation: validations, stopped }
}

/** A function that trains for one epoch and gives its mean loss; undefined if the signal has stopped it. */
const createEpochs = (model: Model, { step, prepare }: ReturnType<typeof createStep>, options: FitOptions) => {
  const { data, loss: lossOf, optimizer, epochs, onBatch, progress, signal } = options
  const lossName = nameOf(lossOf)
  const clock = createClock()
  let done = 0
  return async (epoch: number): Promise<number | undefined> => {
    let sum = 0
    let examples = 0
    let batch = 0
    const inTraining = createMode(model, true)
    for await (const next of data) {
      if (signal?.aborted) return undefined
      requireBatch([next])
      const { x, y } = next
      batch++
      const preparing = inTraining(() => prepare({ x, y }))
      if (preparing !== null) await preparing
      const loss = inTraining(() => step({ x, y }, (loss) => requireFinite(loss, epoch, batch, optimizer)))
      const report = { epoch, epochs, batch, loss, lossName }
      const count = examplesOf(next)
      sum += report.loss * count
      examples += count
      await onBatch?.(report)
      progress?.update(++done, report)
      if (clock.isDue()) await clock.breathe()
    }
    if (signal?.aborted) return undefined
    if (batch === 0) {
      throw new TrainingError(
        `fit: the data gave no batches in epoch ${epoch}; an iterator or generator can be read only once: ` +
          'pass an array of batches, or batches(x, y).',
      )
    }
    return sum / examples
  }
}

const requireFinite = (loss: number, epoch: number, batch: number, optimizer: Optimizer): void => {
  if (Number.isFinite(loss)) return
  throw new TrainingError(
    `fit: the loss is ${loss} at epoch ${epoch}, batch ${batch}. Try a learning rate below ${optimizer.learningRate}, and ` +
      'look for NaN or Infinity in the data; the parameters are those of the step before.',
  )
}

/** What is asked for must not be left out in silence. */
const requireMeasurable = ({ metrics = {}, validation }: FitOptions): void => {
  if (Object.hasOwn(metrics, 'loss')) {
    throw new OptionError('fit: a metric is called loss, as the loss itself is in reports; give it another name.')
  }
  if (validation === undefined && Object.keys(metrics).length > 0) {
    throw new OptionError(
      'fit: metrics are measured on validation data; give them as validation, or leave metrics out.',
    )
  }
}

const nameOf = (loss: Loss): string => loss.name || 'loss'

const totalOf = (data: Data, epochs: number): number | undefined => {
  const { length } = data as { readonly length?: unknown }
  return typeof length === 'number' ? length * epochs : undefined
}

/** Watches for a lower loss. */
const createPatience = (model: Model, earlyStopping: EarlyStopping) => {
  takesEarlyStopping([earlyStopping])
  const { patience, minDelta = 0, restoreBest = false } = earlyStopping
  requireCount('fit', 'earlyStopping.patience', patience)
  requireAmount('fit', 'earlyStopping.minDelta', minDelta)
  let best = Number.POSITIVE_INFINITY
  let bestState: ReturnType<Model['stateDict']> | undefined
  let waited = 0
  return {
    isOver: (loss: number): boolean => {
      if (loss < best - minDelta) {
        best = loss
        waited = 0
        if (restoreBest) bestState = model.stateDict()
        return false
      }
      return ++waited >= patience
    },
    finish: (): void => {
      if (bestState) model.loadStateDict(bestState)
    },
  }
}
