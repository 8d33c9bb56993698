import type { Corpus } from '../data/lincoln.js'
import type { LstmModel, TransformerModel } from './models.js'
import type { Ngrams } from './ngram.js'

/** A model and how it learned. */
export interface Trained<M> {
  readonly model: M
  readonly parameters: number
  /** How many characters it reads in an epoch. */
  readonly perEpoch: number
  /** On the text to validate, after each epoch. */
  readonly validation: readonly number[]
  /** The perplexity on the text to test. */
  readonly test: number
  readonly processorSeconds: number
  /** What it writes behind `beginning`. */
  readonly sample: string
}

/** Counts of n characters in a row, with the n that is best on the text to validate. */
export interface Counted {
  readonly ngrams: Ngrams
  /** On the text to validate: of n = 1, 2, ... */
  readonly validation: readonly number[]
  readonly n: number
  readonly test: number
  readonly processorSeconds: number
  readonly sample: string
}

export interface Learned {
  readonly corpus: Corpus
  readonly counted: Counted
  readonly lstm: Trained<LstmModel>
  readonly transformer: Trained<TransformerModel>
}

/** How all samples begin. */
export const beginning = 'The people of '
