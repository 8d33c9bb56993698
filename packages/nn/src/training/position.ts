import type { RandomState } from '@adjoint/autograd'

/** How far a training is. */
export interface Position {
  /** How many epochs are done. */
  readonly epoch: number
  /** How many batches of the next one are done. */
  readonly batch: number
  /** Of an epoch that has begun. */
  readonly begun?: Begun
}

/** What an epoch has been so far. */
interface Begun {
  /** The states of the generators as it began. */
  readonly random: readonly RandomState[]
  readonly loss: number
  readonly examples: number
  readonly norm: number
  readonly steps: number
}
