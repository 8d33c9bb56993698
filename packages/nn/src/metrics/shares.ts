import { kinds } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { OptionError } from '../errors.js'
import { Counts } from './counts.js'
import { type DecisionOptions, decisionOptions, requireReadable } from './decisions.js'
import { type StreamedMetric, streamed } from './metric.js'

/** How the numbers of the classes are put together. */
export type Average = 'binary' | 'macro' | 'micro' | 'weighted' | 'none'

/** How outputs are read as decisions, and the numbers of the classes put together. */
export interface ShareOptions<A extends Average = Average> extends DecisionOptions {
  /**
   * 'binary': the number of class 1, of two. 'macro': the mean over the classes that were predicted or are there. 'micro':
   * of all decisions together. 'weighted': the mean with each class by its examples. 'none': an array, one number a class.
   * Default 'binary'.
   */
  readonly average?: A
}

/** One number, or one for each class. */
export type Shared<A extends Average> = A extends 'none' ? number[] : number

/** Of one class: how often it was decided and right, how often it was decided, how often it was so. NaN for none of none. */
export type Share = (right: number, predicted: number, actual: number) => number

/** Makes a metric of numbers of classes from the arguments of the function that is called so. */
export const sharesOf = (owner: string, share: Share) => {
  const takes = checker(owner, {
    options: { average: kinds.oneOf('binary', 'macro', 'micro', 'weighted', 'none'), ...decisionOptions },
  })
  return (args: ArrayLike<unknown>): StreamedMetric<number | number[]> => {
    takes(args)
    const options = (args[0] ?? {}) as ShareOptions
    requireReadable(owner, options)
    const average = options.average ?? 'binary'
    return streamed(owner, () => {
      const counts = new Counts(owner, options)
      return {
        update: (output, target) => counts.add(output, target, (classes) => requireTwo(owner, classes, average)),
        value: () => averaged(counts, share, average),
      }
    })
  }
}

const requireTwo = (owner: string, classes: number, average: Average): void => {
  if (average !== 'binary' || classes === 2) return
  throw new OptionError(
    `${owner}: there are ${classes} classes, and average 'binary' is of two; use average 'macro', 'micro', 'weighted' or ` +
      "'none'.",
  )
}

const averaged = ({ right, predicted, actual }: Counts, share: Share, average: Average): number | number[] => {
  if (average === 'micro') return share(sum(right), sum(predicted), sum(actual))
  const each = Array.from(right, (count, i) => share(count, predicted[i]!, actual[i]!))
  if (average === 'none') return each
  if (average === 'binary') return each[1] ?? Number.NaN
  const weights = actual.map((count, i) => (average === 'weighted' ? count : count + predicted[i]! > 0 ? 1 : 0))
  // what is undefined of a class that is there counts as 0, as in scikit-learn
  const known = each.map((value, i) => (Number.isNaN(value) ? 0 : value) * weights[i]!)
  return sum(known) / sum(weights)
}

const sum = (numbers: ArrayLike<number>): number => {
  let total = 0
  for (let i = 0; i < numbers.length; i++) total += numbers[i]!
  return total
}
