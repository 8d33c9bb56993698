import type { Digits } from '../data/mnist.js'
import type { Judgement, Opinions } from './judgement.js'
import type { Race } from './speed.js'

/** How sure a reader is on average, and the chance that this tells an odd image from a digit. */
interface Sureness {
  readonly sure: number
  readonly told: number
}

/** What members say of images that are no digits. */
export interface Odd {
  readonly name: string
  readonly images: Digits['images']
  /** Probabilities [members, n, 10]. */
  readonly said: Opinions
  /** The first member. */
  readonly alone: Sureness
  readonly all: Sureness
}

/** What a training leaves. */
export interface Learned {
  /** By the width of the networks, that of the ensemble last. */
  readonly races: readonly Race[]
  /** The mean of all members, by epoch. */
  readonly losses: readonly number[]
  readonly processorSeconds: number
  /** How many images they learned from. */
  readonly trained: number
  readonly test: Digits
  /** Of the test images, [members, n, 10]. */
  readonly probabilities: Opinions
  readonly members: readonly Judgement[]
  /** Of the first member, of the first two together, and so on. */
  readonly growing: readonly Judgement[]
  readonly odd: readonly Odd[]
}
