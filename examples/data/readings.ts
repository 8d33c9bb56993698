import { noGrad, type Tensor } from '@adjoint/autograd'
import type { Digits } from './mnist.js'

/** What a model takes an image for, and how sure it is. */
export interface Reading {
  readonly index: number
  readonly truth: number
  readonly prediction: number
  /** What the model gives its prediction, from 0 to 1. */
  readonly probability: number
}

/**
 * What a model makes of images, some at a time.
 *
 * @param scores of images [n, 784] for the ten digits [n, 10]
 */
export const readingsOf = (
  scores: (images: Tensor<[number, 784]>) => Tensor,
  { images, labels }: Digits,
  batchSize = 500,
): Reading[] =>
  noGrad(() => {
    const readings: Reading[] = []
    for (let start = 0; start < labels.size; start += batchSize) {
      const end = Math.min(start + batchSize, labels.size)
      const probabilities = scores(images.slice(0, start, end)).softmax()
      const predictions = probabilities.argmax(-1).data
      const highest = probabilities.max(-1).data
      for (let i = 0; i < end - start; i++) {
        const index = start + i
        readings.push({
          index,
          truth: labels.data[index]!,
          prediction: predictions[i]!,
          probability: highest[i]!,
        })
      }
    }
    return readings
  })

/** The mistakes, the surest first. */
export const surestMistakes = (readings: readonly Reading[]): Reading[] =>
  readings.filter(({ truth, prediction }) => truth !== prediction).sort((a, b) => b.probability - a.probability)

/** How often each digit (row) is taken for each (column). */
export const confusionsOf = (readings: readonly Reading[]): number[][] => {
  const counts = Array.from({ length: 10 }, () => new Array<number>(10).fill(0))
  for (const { truth, prediction } of readings) counts[truth]![prediction]!++
  return counts
}
