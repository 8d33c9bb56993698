import type { Digits } from '../data/mnist.js'
import type { Reading } from '../data/readings.js'
import type { ConvolutionalModel } from './model.js'

/** How the model does after an epoch; epoch 0 is before any. */
export interface Milestone {
  readonly epoch: number
  /** Since training began: of the clock, and of the processor, which other programs do not lengthen. */
  readonly seconds: number
  readonly processorSeconds: number
  /** Shares of the test images. */
  readonly accuracy: number
}

/** What a training leaves. */
export interface Learned {
  readonly model: ConvolutionalModel
  readonly test: Digits
  readonly losses: readonly number[]
  readonly milestones: readonly Milestone[]
  readonly readings: readonly Reading[]
}
