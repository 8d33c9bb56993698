import { type AnyTensor, type Arg, elementwise, type ScalarFunction, type Tensor } from '@adjoint/autograd'
import { requireAmount, requirePositive } from '../errors.js'
import { amount, positive } from '../kinds.js'
import { requirePair } from './pairs.js'
import { type LossOptions, lossChecker, type Reduction, reduce } from './reduction.js'
import type { Paired, Reduced } from './shape-rules.js'

// Losses that grow with the size of the error where it is large, so that outliers count for less than squared.

const size: ScalarFunction<2> = (m, prediction, target) => m.abs(m.sub(prediction, target))
const absoluteError = elementwise('absoluteError', size)

// a square is one of the error and not of its size, whose second derivative at 0 would be lost
const smoothed: ScalarFunction<3> = (m, prediction, target, beta) => {
  const error = m.sub(prediction, target)
  const size = m.abs(error)
  return m.select(m.less(size, beta), m.mul(m.mul(0.5, error), m.div(error, beta)), m.sub(size, m.mul(0.5, beta)))
}
const smoothL1Error = elementwise('smoothL1', smoothed)

const bounded: ScalarFunction<3> = (m, prediction, target, delta) => {
  const error = m.sub(prediction, target)
  const size = m.abs(error)
  return m.select(
    m.lessEqual(size, delta),
    m.mul(m.mul(0.5, error), error),
    m.mul(delta, m.sub(size, m.mul(0.5, delta))),
  )
}
const huberError = elementwise('huber', bounded)

// near 0 by log1p and elsewhere by softplus: each has all its digits there
const logOfCosh: ScalarFunction<2> = (m, prediction, target) => {
  const error = m.sub(prediction, target)
  const size = m.abs(error)
  const half = m.sinh(m.mul(0.5, error))
  return m.select(
    m.less(size, 1),
    m.log1p(m.mul(m.mul(2, half), half)),
    m.add(m.sub(size, Math.LN2), m.softplus(m.mul(-2, size))),
  )
}
const logCoshError = elementwise('logCosh', logOfCosh)

export const takesErrors = {
  l1: lossChecker('l1', 'prediction'),
  smoothL1: lossChecker('smoothL1', 'prediction', { beta: amount }),
  huber: lossChecker('huber', 'prediction', { delta: positive }),
  logCosh: lossChecker('logCosh', 'prediction'),
}

/** The settings of `smoothL1`. */
export interface SmoothL1Options<R extends Reduction = Reduction> extends LossOptions<R> {
  /** The size of the error from which the loss is a straight line: at least 0, where it is `l1`. Default 1. */
  readonly beta?: number
}

/** The settings of `huber`. */
export interface HuberOptions<R extends Reduction = Reduction> extends LossOptions<R> {
  /** The size of the error up to which it is squared, and the slope beyond: a positive number. Default 1. */
  readonly delta?: number
}

/**
 * The mean absolute error, |prediction - target|, of tensors of one shape. Where they are equal the derivative is 0.
 *
 * @throws ShapeError if the shapes differ
 * @example l1(tensor([1, 2]), tensor([0, 4]))   // (1 + 2) / 2
 */
export function l1<P extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean'>(
  prediction: P,
  target: Arg<T, Paired<'l1', P['shape'], T['shape']>>,
  options?: LossOptions<R>,
): Reduced<Paired<'l1', P['shape'], T['shape']>, R>
export function l1(prediction: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  takesErrors.l1(arguments)
  requirePair('l1', prediction, target)
  return reduce(absoluteError(prediction, target), options)
}

/**
 * For errors e = prediction - target, e^2 / (2 beta) where |e| < beta, else |e| - beta / 2: like `l1`, but smooth at 0. It
 * is `huber` of delta = beta, divided by beta. Tensors are of one shape.
 *
 * @throws ShapeError if the shapes differ; OptionError for a beta below 0
 * @example smoothL1(tensor([0.5, 3]), tensor([0, 0]))   // (0.125 + 2.5) / 2
 */
export function smoothL1<P extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean'>(
  prediction: P,
  target: Arg<T, Paired<'smoothL1', P['shape'], T['shape']>>,
  options?: SmoothL1Options<R>,
): Reduced<Paired<'smoothL1', P['shape'], T['shape']>, R>
export function smoothL1(prediction: Tensor, target: Tensor, options: SmoothL1Options = {}): Tensor {
  takesErrors.smoothL1(arguments)
  const { beta = 1 } = options
  requireAmount('smoothL1', 'beta', beta)
  requirePair('smoothL1', prediction, target)
  return reduce(smoothL1Error(prediction, target, beta), options)
}

/**
 * For errors e = prediction - target, e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2): squares for small errors, a
 * straight line for large ones (Huber 1964). Tensors are of one shape.
 *
 * @throws ShapeError if the shapes differ; OptionError unless delta is positive
 * @example huber(tensor([0.5, 3]), tensor([0, 0]), { delta: 2 })   // (0.125 + 4) / 2
 */
export function huber<P extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean'>(
  prediction: P,
  target: Arg<T, Paired<'huber', P['shape'], T['shape']>>,
  options?: HuberOptions<R>,
): Reduced<Paired<'huber', P['shape'], T['shape']>, R>
export function huber(prediction: Tensor, target: Tensor, options: HuberOptions = {}): Tensor {
  takesErrors.huber(arguments)
  const { delta = 1 } = options
  requirePositive('huber', 'delta', delta)
  requirePair('huber', prediction, target)
  return reduce(huberError(prediction, target, delta), options)
}

/**
 * log(cosh(prediction - target)) for tensors of one shape: about e^2 / 2 for small errors e and |e| - log 2 for large ones,
 * with a slope of tanh(e). It is exact for errors of any size.
 *
 * @throws ShapeError if the shapes differ
 * @example logCosh(tensor([1, 0]), tensor([0, 0]), { reduction: 'sum' })   // Math.log(Math.cosh(1))
 */
export function logCosh<P extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean'>(
  prediction: P,
  target: Arg<T, Paired<'logCosh', P['shape'], T['shape']>>,
  options?: LossOptions<R>,
): Reduced<Paired<'logCosh', P['shape'], T['shape']>, R>
export function logCosh(prediction: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  takesErrors.logCosh(arguments)
  requirePair('logCosh', prediction, target)
  return reduce(logCoshError(prediction, target), options)
}
