import type { Estimate } from './learned.js'

/** How good estimates are. */
export interface Score {
  /** The share of the variance that they explain. */
  readonly r2: number
  readonly meanAbsoluteError: number
}

export const scoreOf = (truths: readonly number[], estimates: readonly number[]): Score => {
  const mean = sum(truths) / truths.length
  const wrong = truths.map((truth, i) => truth - estimates[i]!)
  return {
    r2: 1 - sum(wrong.map((error) => error ** 2)) / sum(truths.map((truth) => (truth - mean) ** 2)),
    meanAbsoluteError: sum(wrong.map(Math.abs)) / wrong.length,
  }
}

/** The share that intervals are to hold. */
export const share = 0.8
/** How many deviations to each side hold that share of a normal distribution. */
export const normalFactor = 1.2816

/**
 * How many deviations around its mean hold a share of the truths: the smallest number that does, a little more than the
 * quantile since there are few (Papadopoulos and others, Inductive confidence machines for regression, 2002).
 */
export const factorFor = (
  share: number,
  estimates: readonly Pick<Estimate, 'car' | 'mean' | 'deviation'>[],
): number => {
  const distances = estimates
    .map(({ car, mean, deviation }) => Math.abs(car.milesPerGallon - mean) / deviation)
    .sort((a, b) => a - b)
  const place = Math.ceil(share * (distances.length + 1)) - 1
  return distances[Math.min(place, distances.length - 1)]!
}

/** The share of the cars that lie so many deviations around the mean at most, by a factor of each. */
export const heldBy = (estimates: readonly Estimate[], factorOf: (estimate: Estimate) => number): number =>
  estimates.filter(
    (estimate) => Math.abs(estimate.car.milesPerGallon - estimate.mean) <= factorOf(estimate) * estimate.deviation,
  ).length / estimates.length

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
