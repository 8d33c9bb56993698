import { kinds, type Random } from '@adjoint/autograd'
import { checker } from '../checker.js'
import type { Data } from '../data/batch.js'
import { count } from '../kinds.js'
import type { Metrics } from '../metrics/metric.js'
import { runnable } from '../module/runnable.js'
import type { Optimizer } from '../optimizers/optimizer.js'
import type { Loss } from './evaluate.js'
import * as kind from './kinds.js'
import type { EarlyStopping } from './patience.js'
import type { BatchReport, EpochReport, Progress } from './reports.js'
import { type Saving, savingKinds } from './saving.js'
import { stepKinds, type TrainStepOptions } from './train-step.js'
import { partKinds } from './training-state.js'

/** What `fit` trains on, by what, and who is told. */
export interface FitOptions<M extends Metrics = Metrics> extends TrainStepOptions, Saving {
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
  readonly metrics?: M
  /** Stop before the last epoch where the loss gets no better. */
  readonly earlyStopping?: EarlyStopping
  /** Called after each batch; a promise is waited for. */
  readonly onBatch?: (report: BatchReport) => void | Promise<void>
  /** Called after each epoch, and its validation; a promise is waited for. */
  readonly onEpoch?: (report: EpochReport<M>) => void | Promise<void>
  /** Draws how far it is. Default nothing. */
  readonly progress?: Progress
  /** Stops training before the next batch. The promise resolves with what was done until then. */
  readonly signal?: { readonly aborted: boolean }
  /** Further generators whose states are saved, beside the global one and those that the modules and the data have. */
  readonly randoms?: readonly Random[]
}

/** The arguments of `fit`. */
export const takesFit = checker('fit', {
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
    signal: kind.signal,
    randoms: partKinds.randoms,
    ...stepKinds,
    ...savingKinds,
  },
})
