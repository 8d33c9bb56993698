import type { Motion } from './model.js'
import type { Save } from './solver.js'

/** What a gradient through a long solution takes, by what is kept for it. */
export interface Cost {
  readonly save: Save | undefined
  /** Of the compiled program, in MiB. */
  readonly memory: number
  readonly milliseconds: number
  /** The greatest difference from the gradient for which all is kept, relative to its greatest element. */
  readonly difference: number
}

/** A model of the motion, after its training. */
export interface Trained {
  readonly model: Motion
  /** The loss of each epoch. */
  readonly losses: readonly number[]
  /** Of unseen swings: the root of the mean square of what is wrong, as long as those that it learned from, and later. */
  readonly error: { readonly soon: number; readonly later: number }
  readonly processorSeconds: number
}

/** What the example leaves. */
export interface Learned {
  readonly network: Trained
  /** The same with a field that is linear, as if all swings were small. */
  readonly linear: Trained
  readonly costs: readonly Cost[]
  /** The steps of the solution that costs are of. */
  readonly steps: number
}
