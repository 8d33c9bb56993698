import {
  type AnyTensor,
  type Arg,
  elementwise,
  kinds,
  type ScalarFunction,
  ShapeError,
  type Tensor,
} from '@adjoint/autograd'
import { requireElements } from '../elements.js'
import { OptionError, requireAmount, requirePositive } from '../errors.js'
import { amount, positive } from '../kinds.js'
import { formatShape, sameShape } from '../shapes.js'
import { requireFloat, requirePair } from './pairs.js'
import { type LossOptions, lossChecker, type Reduction, reduce, tensorsChecker } from './reduction.js'
import type { Paired, Reduced } from './shape-rules.js'

// Negative log-likelihoods of numbers, but for what depends on the target alone, which `full` adds.

// a rate of 0 has no part where nothing was counted, an infinite one no difference of infinities
const ofLogRate: ScalarFunction<2> = (m, logRate, target) =>
  m.sub(m.exp(logRate), m.scale(target, m.select(m.less(logRate, Number.POSITIVE_INFINITY), logRate, 0)))
const ofRate: ScalarFunction<3> = (m, rate, target, epsilon) =>
  m.sub(rate, m.scale(target, m.log(m.select(m.less(rate, Number.POSITIVE_INFINITY), m.add(rate, epsilon), 1))))
// Stirling's formula for log(target!)
const ofCount: ScalarFunction<1> = (m, target) => {
  const stirling = m.add(m.sub(m.xlogy(target, target), target), m.mul(0.5, m.log(m.mul(2 * Math.PI, target))))
  return m.select(m.less(1, target), stirling, 0)
}
const fromLogRates = elementwise('poissonNll', ofLogRate)
const fromRates = elementwise('poissonNll', ofRate)
const logFactorial = elementwise('logFactorial', ofCount)

const ofNormal: ScalarFunction<5> = (m, mean, target, variance, epsilon, constant) => {
  const error = m.sub(target, mean)
  const safe = m.select(m.less(variance, epsilon), epsilon, variance)
  return m.add(m.mul(0.5, m.add(m.log(safe), m.mul(error, m.div(error, safe)))), constant)
}
const fromMoments = elementwise('gaussianNll', ofNormal)

export const takesRates = lossChecker('poissonNll', 'input', {
  logInput: kinds.boolean,
  full: kinds.boolean,
  epsilon: amount,
})
export const takesMoments = tensorsChecker('gaussianNll', ['mean', 'target', 'variance'], {
  full: kinds.boolean,
  epsilon: positive,
})

/** The settings of `poissonNll`. */
export interface PoissonNllOptions<R extends Reduction = Reduction> extends LossOptions<R> {
  /** Whether the input is the logarithm of the rate, or else the rate. Default true. */
  readonly logInput?: boolean
  /** Whether Stirling's approximation of log(target!) is added for targets above 1. Default false. */
  readonly full?: boolean
  /** What is added to rates before their logarithm is taken; only of rates, with logInput: false. Default 1e-8. */
  readonly epsilon?: number
}

/** The settings of `gaussianNll`. */
export interface GaussianNllOptions<R extends Reduction = Reduction> extends LossOptions<R> {
  /** Whether log(2 pi) / 2 is added. Default false. */
  readonly full?: boolean
  /** The least variance: a positive number. Default 1e-6. */
  readonly epsilon?: number
}

/**
 * The negative log-likelihood of counts of a Poisson distribution: exp(input) - target * input for the logarithms of rates;
 * with `logInput: false`, input - target * log(input + epsilon) for the rates. `full` adds, for targets above 1, Stirling's
 * target log target - target + log(2 pi target) / 2. Tensors are of one shape. Where nothing was counted a rate of 0
 * costs 0.
 *
 * @throws ShapeError if the shapes differ; OptionError for a rate below 0, and for an epsilon that would not be used
 * @example poissonNll(tensor([0, 1]), tensor([2, 1]))   // (1 + Math.E - 1) / 2
 */
export function poissonNll<P extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean'>(
  input: P,
  target: Arg<T, Paired<'poissonNll', P['shape'], T['shape']>>,
  options?: PoissonNllOptions<R>,
): Reduced<Paired<'poissonNll', P['shape'], T['shape']>, R>
export function poissonNll(input: Tensor, target: Tensor, options: PoissonNllOptions = {}): Tensor {
  takesRates(arguments)
  const { logInput = true, full = false, epsilon } = options
  requirePair('poissonNll', input, target)
  if (logInput && epsilon !== undefined) {
    throw new OptionError(
      'poissonNll: epsilon is added to rates, and the input is their logarithm; pass logInput: false with rates, or leave it out.',
    )
  }
  if (!logInput) {
    requireAmount('poissonNll', 'epsilon', epsilon ?? 0)
    requireNonNegative('poissonNll', 'rates', input, 'pass logarithms of rates with logInput: true')
  }
  const losses = logInput ? fromLogRates(input, target) : fromRates(input, target, epsilon ?? 1e-8)
  return reduce(full ? (losses.add(logFactorial(target)) as Tensor) : losses, options)
}

/**
 * The negative log-likelihood of numbers of normal distributions, (log v + (target - mean)^2 / v) / 2 with v the variance, but
 * no less than `epsilon`; `full` adds log(2 pi) / 2. Means and targets are of one shape, and variances too, or with a last
 * axis of 1, for one variance of each row. Below epsilon the derivative by the variance is 0; in PyTorch it is what it would
 * be at epsilon.
 *
 * @throws ShapeError if the shapes differ; DTypeError unless means and variances are floats; OptionError for a variance below 0
 * @example gaussianNll(tensor([1, 2]), tensor([3, 2]), tensor([2, 1]))   // (Math.log(2) + 2) / 4
 */
export function gaussianNll<
  P extends AnyTensor,
  T extends AnyTensor,
  V extends AnyTensor,
  R extends Reduction = 'mean',
>(
  mean: P,
  target: Arg<T, Paired<'gaussianNll', P['shape'], T['shape']>>,
  variance: V,
  options?: GaussianNllOptions<R>,
): Reduced<Paired<'gaussianNll', P['shape'], T['shape']>, R>
export function gaussianNll(mean: Tensor, target: Tensor, variance: Tensor, options: GaussianNllOptions = {}): Tensor {
  takesMoments(arguments)
  const { full = false, epsilon = 1e-6 } = options
  requirePositive('gaussianNll', 'epsilon', epsilon)
  requirePair('gaussianNll', mean, target)
  requireFloat('gaussianNll', 'means', mean)
  requireFloat('gaussianNll', 'variances', variance)
  const { shape } = mean
  if (!sameShape(variance.shape, shape) && !(shape.length > 0 && sameShape(variance.shape, shape.with(-1, 1)))) {
    throw new ShapeError(
      `gaussianNll: variances ${formatShape(variance.shape)} do not fit means ${formatShape(shape)}; give each its own, or ` +
        'each row one with a last axis of 1: use reshape, expandDims or broadcastTo.',
    )
  }
  requireNonNegative('gaussianNll', 'variances', variance, 'pass the exponential of what may be negative')
  return reduce(fromMoments(mean, target, variance, epsilon, full ? halfLogTwoPi : 0), options)
}

/** log(2 pi) / 2. */
const halfLogTwoPi = 0.9189385332046727

/** Throws if an element is below 0. */
const requireNonNegative = (loss: string, name: string, tensor: AnyTensor, remedy: string): void =>
  requireElements(
    tensor,
    (x) => !(x < 0),
    (x, place) => new OptionError(`${loss}: ${name} hold ${x} at ${place}, which is below 0; ${remedy}.`),
  )
