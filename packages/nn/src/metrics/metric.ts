import { type AnyTensor, type ArgumentCheck, kinds, type Tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'

// written as methods: a function of particular shapes is accepted where any may come

/** A number to watch: a function of outputs and targets that gives a number or a scalar, whose mean over the examples counts. */
export type MeanMetric = { of(output: Tensor, target: Tensor): number | AnyTensor }['of']

/** One measurement that goes on: it is told all outputs and targets, batch by batch. */
export interface Measurement<V> {
  /** Takes the outputs and targets of further examples. */
  update(output: Tensor, target: Tensor): void
  /** What was measured of all of them so far. */
  value(): V
}

/**
 * What is no mean over the examples, such as the area under a curve: `start` begins a measurement, which keeps what it needs
 * of each batch.
 *
 * @example
 * const largest = {
 *   start() {
 *     let most = Number.NEGATIVE_INFINITY
 *     return {
 *       update: (output: Tensor) => { most = Math.max(most, output.max().item()) },
 *       value: () => most,
 *     }
 *   },
 * }
 * const measured = await evaluate(model, data, { largest })   // { largest: ... }
 */
export interface StreamedMetric<V> {
  /** Begins a measurement, which knows nothing of others. */
  start(): Measurement<V>
}

/** What can be watched: a function whose mean counts, or a metric over all examples. */
export type Metric = MeanMetric | StreamedMetric<unknown>

/** Metrics by the names that their values get. */
export interface Metrics {
  readonly [name: string]: Metric
}

/** What metrics gave, by name: a number for a function, and for others what they give. */
export type Measured<M extends Metrics> = {
  -readonly [Name in keyof M]: M[Name] extends StreamedMetric<infer V> ? V : number
}

/** A metric that checks what it is given. */
export const streamed = <V>(owner: string, begin: () => Measurement<V>): StreamedMetric<V> => {
  const takes: ArgumentCheck = checker(`${owner}.update`, { output: kinds.tensor, target: kinds.tensor })
  return {
    start: () => {
      const { update, value } = begin()
      return {
        update: (...args) => {
          takes(args)
          update(...args)
        },
        value,
      }
    },
  }
}
