import type { Car } from './data.js'
import type { Estimator } from './model.js'

/** What a model that has not seen a car says of it, in miles per gallon. */
export interface Estimate {
  readonly car: Car
  readonly mean: number
  /** Of the normal distribution that the networks make together. */
  readonly deviation: number
  /** What lies so many deviations around the mean holds four cars of five, by the cars of the other folds. */
  readonly factor: number
  /** What one pound more changes. */
  readonly perPound: number
  /** By least squares of the numbers as they are, and of their logarithms. */
  readonly linear: number
  readonly logarithmic: number
}

/** What all folds together have learned. */
export interface Learned {
  /** Of each car once, by networks that were trained without it. */
  readonly estimates: readonly Estimate[]
  /** The losses of the first fold: of what it learned from, and of the others. */
  readonly curves: readonly { readonly seen: number; readonly unseen: number }[]
  /** Those of the first fold. */
  readonly model: Estimator
  readonly makers: readonly string[]
  readonly folds: number
  readonly processorSeconds: number
}
