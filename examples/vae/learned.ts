import type { Digits } from '../data/mnist.js'
import type { Vae } from './model.js'

/** What unseen images cost on average, in nats. */
export interface Costs {
  readonly reconstruction: number
  readonly code: number
}

/** A trained autoencoder. */
export interface Trained {
  readonly model: Vae
  /** After each epoch. */
  readonly costs: readonly Costs[]
  /** What each number of the code costs: one that costs nothing says nothing. */
  readonly byNumber: readonly number[]
  readonly processorSeconds: number
}

export interface Learned {
  /** With two numbers for an image, so that all its codes can be drawn. */
  readonly narrow: Trained
  readonly wide: Trained
  readonly test: Digits
}
