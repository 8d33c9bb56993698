import type { Measured, Metrics } from '../metrics/metric.js'

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
  /** The norm of the gradients before it was bounded, where it is asked for and the optimizer has stepped. */
  readonly gradientNorm?: number
}

/** How an epoch went; epochs count from 1. */
export interface EpochReport<M extends Metrics = Metrics> {
  /** The epoch that has ended. */
  readonly epoch: number
  /** How many there are to be. */
  readonly epochs: number
  /** The mean over the epoch's examples, each as it was when its turn came. */
  readonly loss: number
  /** The name of the loss function; 'loss' if it has none. */
  readonly lossName: string
  /** The learning rate of the first group at the end of the epoch. */
  readonly learningRate: number
  /** The mean norm of the gradients before they were bounded, where it is asked for. */
  readonly gradientNorm?: number
  /** How long training took, without validation. */
  readonly seconds: number
  /** Of training, without validation. */
  readonly examplesPerSecond: number
  /** The loss and the metrics on the validation data after the epoch. */
  readonly validation?: Scores<M>
}

/** `loss`, and each metric by its name. */
export type Scores<M extends Metrics = Metrics> = { readonly loss: number } & Readonly<Measured<M>>

/** Draws progress; inject one of the console or the page. */
export interface Progress {
  /** Called once, before the first batch. @param total the number of batches to come, where it is known */
  start(total: number | undefined, label: string): void
  /** Called after each batch. @param done the number of batches so far, over all epochs */
  update(done: number, info: BatchReport): void
  /** Called once, also where training ends early or throws. */
  stop(): void
}

/** What became of a training run, also of what was before it was resumed. */
export interface History<M extends Metrics = Metrics> {
  /** The mean loss of each epoch. */
  readonly loss: number[]
  /** The name of the loss function; 'loss' if it has none. */
  readonly lossName: string
  /** The scores on the validation data after each epoch; empty without such data. */
  readonly validation: Scores<M>[]
  /** A row for each epoch: what `onEpoch` was told. */
  readonly epochs: EpochReport<M>[]
  /** Why training ended: all epochs done, no better loss, or the signal. */
  readonly stopped: 'epochs' | 'patience' | 'signal'
}
