import {
  type AnyTensor,
  type Arg,
  elementwise,
  kinds,
  type ScalarFunction,
  ShapeError,
  type Tensor,
} from '@adjoint/autograd'
import { requireFloat, requirePair, requireProbabilities } from './pairs.js'
import { lossChecker, type Reduction, reduce } from './reduction.js'
import type { Paired, Reduced } from './shape-rules.js'

// what cannot be, and is not, costs nothing
const ofShare: ScalarFunction<2> = (m, logQ, p) =>
  m.select(m.logicalAnd(m.equal(p, 0), m.equal(logQ, Number.NEGATIVE_INFINITY)), 0, m.scale(p, m.sub(m.log(p), logQ)))
const ofLogShare: ScalarFunction<2> = (m, logQ, logP) => m.scale(m.exp(logP), m.sub(logP, logQ))
const fromProbabilities = elementwise('klDivergence', ofShare)
const fromLogProbabilities = elementwise('klDivergence', ofLogShare)

/** What becomes of the terms of `klDivergence`. */
export type KlReduction = 'batchMean' | Reduction

/** The settings of `klDivergence`. */
export interface KlDivergenceOptions<R extends KlReduction = KlReduction> {
  /**
   * 'batchMean' is the sum over the length of the first axis: the mean divergence of rows. 'mean' is that of all terms.
   * Default 'batchMean', in PyTorch 'mean'.
   */
  readonly reduction?: R
  /** Whether the target is of log-probabilities too. Default false. */
  readonly logTarget?: boolean
}

export const takesDivergence = lossChecker('klDivergence', 'logProbabilities', {
  reduction: kinds.oneOf('batchMean', 'mean', 'sum', 'none'),
  logTarget: kinds.boolean,
})

/**
 * The Kullback-Leibler divergence of q from p: the sum of p (log p - log q), for log-probabilities log q and targets p, or
 * log p with `logTarget`, of one shape. Unless a reduction is given, it is the mean of the divergences of the examples along
 * the first axis; PyTorch's default, the mean of all terms, is none of two distributions. With 'none' it is the terms. What
 * cannot be and is not, of p = 0 and log q = -Infinity, costs 0 (in PyTorch NaN).
 *
 * @throws ShapeError if the shapes differ; DTypeError unless the log-probabilities are floats; OptionError for targets that
 *   are no probabilities
 * @example klDivergence(tensor([[0.5, 0.5]]).log(), tensor([[0.25, 0.75]]))   // 0.25 * Math.log(0.5) + 0.75 * Math.log(1.5)
 */
export function klDivergence<P extends AnyTensor, T extends AnyTensor, R extends KlReduction = 'batchMean'>(
  logProbabilities: P,
  target: Arg<T, Paired<'klDivergence', P['shape'], T['shape']>>,
  options?: KlDivergenceOptions<R>,
): Reduced<Paired<'klDivergence', P['shape'], T['shape']>, R extends 'batchMean' ? 'sum' : R>
export function klDivergence(logQ: Tensor, target: Tensor, options: KlDivergenceOptions = {}): Tensor {
  takesDivergence(arguments)
  const { reduction = 'batchMean', logTarget = false } = options
  requirePair('klDivergence', logQ, target)
  requireFloat('klDivergence', 'logProbabilities', logQ)
  if (!logTarget) requireProbabilities('klDivergence', 'targets', target, 'Pass logTarget: true for log-probabilities.')
  const terms = logTarget ? fromLogProbabilities(logQ, target) : fromProbabilities(logQ, target)
  if (reduction !== 'batchMean') return reduce(terms, { reduction })
  if (terms.shape.length === 0) {
    throw new ShapeError(
      "klDivergence: a scalar has no axis of examples for the reduction 'batchMean'; use 'sum', 'mean' or 'none'.",
    )
  }
  return terms.sum().div(terms.shape[0]!)
}
