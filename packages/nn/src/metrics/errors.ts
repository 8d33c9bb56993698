import { checker } from '../checker.js'
import { requirePair } from '../losses/pairs.js'
import { type StreamedMetric, streamed } from './metric.js'

/** Makes, from the arguments of a function, a metric of the mean of what the errors of all elements of all examples cost. */
export const errorsOf = (owner: string, cost: (error: number) => number, finish: (mean: number) => number) => {
  const takes = checker(owner, {})
  return (args: ArrayLike<unknown>): StreamedMetric<number> => {
    takes(args)
    return streamed(owner, () => {
      let sum = 0
      let count = 0
      return {
        update: (output, target) => {
          requirePair(owner, output, target)
          const [guesses, truths] = [output.data, target.data]
          for (let i = 0; i < truths.length; i++) sum += cost(truths[i]! - guesses[i]!)
          count += truths.length
        },
        value: () => finish(sum / count),
      }
    })
  }
}
