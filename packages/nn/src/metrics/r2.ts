import { kinds, ShapeError } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { requirePair } from '../losses/pairs.js'
import { formatShape } from '../shapes.js'
import { type StreamedMetric, streamed } from './metric.js'

/** How the numbers of several outputs of an example are put together. */
export interface R2Options<A extends 'mean' | 'none' = 'mean' | 'none'> {
  /** 'mean' of the outputs, or 'none': an array, one number an output. Default 'mean'. */
  readonly average?: A
}

const takes = checker('metrics.r2', { options: { average: kinds.oneOf('mean', 'none') } })

/**
 * The coefficient of determination, 1 - (sum of squared errors) / (sum of squared distances of the targets from their mean):
 * 1 is perfect, 0 is as good as the mean of all targets, and worse is below. Of outputs and targets of one shape [n, ...],
 * it is taken of each number that an example has, and the mean of these. NaN where targets are all the same, which leaves
 * nothing to explain (scikit-learn then says 1 or 0).
 *
 * Means and distances are kept as in Welford, Note on a method for calculating corrected sums of squares and products, 1962.
 *
 * @throws ShapeError, of a batch, unless output and target have one shape with an axis of examples, the same in all batches
 * @example
 * const explained = metrics.r2().start()
 * explained.update(tensor([2.5, 0, 2, 8]), tensor([3, -0.5, 2, 7]))
 * explained.value()   // 1 - 1.5 / 29.1875
 */
export function r2<A extends 'mean' | 'none' = 'mean'>(
  options: R2Options<A> = {},
): StreamedMetric<A extends 'none' ? number[] : number> {
  takes(arguments)
  return streamed('metrics.r2', () => {
    let count = 0
    let means = new Float64Array()
    let spreads = means
    let errors = means
    return {
      update: (output, target) => {
        requirePair('metrics.r2', output, target)
        const { shape, data: truths } = target
        const [rows] = shape
        if (rows === undefined) {
          throw new ShapeError('metrics.r2: targets [] have no axis of examples; give them one: reshape([1]).')
        }
        const width = rows === 0 ? means.length : truths.length / rows
        if (count === 0) {
          means = new Float64Array(width)
          spreads = new Float64Array(width)
          errors = new Float64Array(width)
        }
        if (width !== means.length) {
          throw new ShapeError(
            `metrics.r2: targets ${formatShape(shape)} have ${width} numbers an example after ${means.length}; give all the same.`,
          )
        }
        const guesses = output.data
        for (let row = 0; row < rows; row++) {
          count++
          for (let i = 0; i < width; i++) {
            const truth = truths[row * width + i]!
            const error = truth - guesses[row * width + i]!
            errors[i]! += error * error
            const distance = truth - means[i]!
            means[i]! += distance / count
            spreads[i]! += distance * (truth - means[i]!)
          }
        }
      },
      value: () => {
        const each = Array.from(errors, (error, i) => (spreads[i] === 0 ? Number.NaN : 1 - error / spreads[i]!))
        const value = options.average === 'none' ? each : each.reduce((sum, one) => sum + one, 0) / each.length
        return value as A extends 'none' ? number[] : number
      },
    }
  })
}
