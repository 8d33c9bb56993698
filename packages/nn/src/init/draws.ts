import { erf, erfinv, full, kinds, ones as onesOf, type Tensor, tensor, zeros as zerosOf } from '@adjoint/autograd'
import { requireAmount, requireOption } from '../errors.js'
import { initializer, maker } from './initializer.js'

/** Zeros. @example init.zeros()([3]) */
export const zeros = maker('zeros', {}, () => initializer((shape, { dtype }) => zerosOf([...shape], { dtype })))

/** Ones. @example init.ones()([3]) */
export const ones = maker('ones', {}, () => initializer((shape, { dtype }) => onesOf([...shape], { dtype })))

/** One number everywhere. @example init.constant(0.1)([3]) */
export const constant = maker('constant', { value: kinds.number }, (value: number) => {
  requireOption('init.constant', 'value', value, !Number.isNaN(value), 'a number')
  return initializer((shape, { dtype }) => full([...shape], value, { dtype }))
})

const number = kinds.optional(kinds.number)

/** Evenly spread over [low, high). @example init.uniform(-0.1, 0.1)([4, 3]) */
export const uniform = maker('uniform', { low: number, high: number }, (low = 0, high = 1) => {
  const wanted = 'numbers, the first below the second'
  requireOption('init.uniform', 'low and high', `${low} and ${high}`, Number.isFinite(high - low) && low < high, wanted)
  return initializer((shape, { random, dtype }) => random.uniform([...shape], { low, high, dtype }))
})

/** Normally distributed. @example init.normal(0, 0.02)([4, 3]) */
export const normal = maker(
  'normal',
  { mean: number, standardDeviation: number },
  (mean = 0, standardDeviation = 1) => {
    requireOption('init.normal', 'mean', mean, Number.isFinite(mean), 'a finite number')
    requireAmount('init.normal', 'standardDeviation', standardDeviation)
    return initializer((shape, { random, dtype }) => random.normal([...shape], { mean, standardDeviation, dtype }))
  },
)

/** Between which numbers `truncatedNormal` stays. */
export interface TruncationOptions {
  /** Default two standard deviations below the mean. */
  readonly low?: number
  /** Default two standard deviations above the mean. */
  readonly high?: number
}

/**
 * Normally distributed, but for what would be outside [low, high]: that is drawn anew. The bounds are two standard
 * deviations from the mean unless they are given (in PyTorch they are -2 and 2, whatever the deviation is).
 *
 * @example init.truncatedNormal(0, 0.02)([4, 3])
 */
export const truncatedNormal = maker(
  'truncatedNormal',
  { mean: number, standardDeviation: number, options: { low: kinds.number, high: kinds.number } },
  (mean = 0, standardDeviation = 1, options: TruncationOptions = {}) => {
    const { low = mean - 2 * standardDeviation, high = mean + 2 * standardDeviation } = options
    requireOption('init.truncatedNormal', 'mean', mean, Number.isFinite(mean), 'a finite number')
    const isPositive = standardDeviation > 0 && Number.isFinite(standardDeviation)
    requireOption('init.truncatedNormal', 'standardDeviation', standardDeviation, isPositive, 'a positive number')
    const areBounds = Number.isFinite(high - low) && low < high
    requireOption('init.truncatedNormal', 'low and high', `${low} and ${high}`, areBounds, 'a low below high')
    const scale = standardDeviation * Math.SQRT2
    return initializer((shape, { random, dtype }) => {
      // the distribution function, without its 1/2: drawn evenly between its values at the bounds, and inverted
      const distributionAt = (bound: number) => erf(tensor((bound - mean) / scale, { dtype: 'float64' })) as Tensor
      const [from, to] = [distributionAt(low), distributionAt(high)]
      const share = random.uniform([...shape], { dtype: 'float64' }) as Tensor
      const drawn = erfinv(share.mul(to.sub(from)).add(from))
        .mul(scale)
        .add(mean)
      return drawn.clamp(low, high).cast(dtype) as Tensor
    })
  },
)
