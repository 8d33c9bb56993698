import { type AnyTensor, type Arg, elementwise, kinds, type ScalarFunction, type Tensor } from '@adjoint/autograd'
import { requireOption } from '../errors.js'
import { requirePair } from './pairs.js'
import { type LossOptions, lossChecker, type Reduction, reduce, tensorsChecker } from './reduction.js'
import type { Paired, Reduced } from './shape-rules.js'
import type { Alike } from './vector-rules.js'
import { requireAlike, requireSigns } from './vectors.js'

// Losses of scores by targets of 1 and -1. Where a margin is just met the derivative is 0.

const short: ScalarFunction<3> = (m, score, target, margin) => m.relu(m.sub(margin, m.mul(target, score)))
const apart: ScalarFunction<3> = (m, distance, target, margin) =>
  m.select(m.less(0, target), distance, m.relu(m.sub(margin, distance)))
const soft: ScalarFunction<2> = (m, score, target) => m.softplus(m.neg(m.mul(target, score)))
const ranked: ScalarFunction<4> = (m, first, second, target, margin) =>
  m.relu(m.sub(margin, m.mul(target, m.sub(first, second))))
const shortfall = elementwise('hinge', short)
const embedded = elementwise('hingeEmbedding', apart)
const softShortfall = elementwise('softMargin', soft)
const misranked = elementwise('marginRanking', ranked)

const margin = kinds.number
export const takesMargins = {
  hinge: lossChecker('hinge', 'score', { margin }),
  hingeEmbedding: lossChecker('hingeEmbedding', 'distance', { margin }),
  softMargin: lossChecker('softMargin', 'score'),
  marginRanking: tensorsChecker('marginRanking', ['first', 'second', 'target'], { margin }),
}

/** The settings of losses with a margin. */
export interface MarginOptions<R extends Reduction = Reduction> extends LossOptions<R> {
  /** By how much a score is to be right. */
  readonly margin?: number
}

/**
 * The hinge loss, max(0, margin - target * score), of scores and targets of 1 or -1, of one shape: what support vector
 * machines have. The margin is 1 unless given.
 *
 * @throws ShapeError if the shapes differ; OptionError for a target that is neither
 * @example hinge(tensor([0.5, 2]), tensor([1, -1]))   // (0.5 + 3) / 2
 */
export function hinge<P extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean'>(
  score: P,
  target: Arg<T, Paired<'hinge', P['shape'], T['shape']>>,
  options?: MarginOptions<R>,
): Reduced<Paired<'hinge', P['shape'], T['shape']>, R>
export function hinge(score: Tensor, target: Tensor, options: MarginOptions = {}): Tensor {
  takesMargins.hinge(arguments)
  requirePair('hinge', score, target)
  requireSigns('hinge', target)
  return reduce(shortfall(score, target, marginOf('hinge', options, 1)), options)
}

/**
 * Of distances, those of pairs that belong together (target 1) as they are, and max(0, margin - distance) of those that do not
 * (target -1). Tensors are of one shape. The margin is 1 unless given.
 *
 * @throws ShapeError if the shapes differ; OptionError for a target that is neither 1 nor -1
 * @example hingeEmbedding(tensor([0.25, 0.25]), tensor([1, -1]))   // (0.25 + 0.75) / 2
 */
export function hingeEmbedding<P extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean'>(
  distance: P,
  target: Arg<T, Paired<'hingeEmbedding', P['shape'], T['shape']>>,
  options?: MarginOptions<R>,
): Reduced<Paired<'hingeEmbedding', P['shape'], T['shape']>, R>
export function hingeEmbedding(distance: Tensor, target: Tensor, options: MarginOptions = {}): Tensor {
  takesMargins.hingeEmbedding(arguments)
  requirePair('hingeEmbedding', distance, target)
  requireSigns('hingeEmbedding', target)
  return reduce(embedded(distance, target, marginOf('hingeEmbedding', options, 1)), options)
}

/**
 * log(1 + exp(-target * score)) for scores and targets of 1 or -1, of one shape: the logistic loss, exact for scores of any
 * size. By targets of 1 and 0 it is `binaryCrossEntropyWithLogits`.
 *
 * @throws ShapeError if the shapes differ; OptionError for a target that is neither
 * @example softMargin(tensor([0, 3]), tensor([1, -1]))   // (Math.log(2) + Math.log(1 + Math.exp(3))) / 2
 */
export function softMargin<P extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean'>(
  score: P,
  target: Arg<T, Paired<'softMargin', P['shape'], T['shape']>>,
  options?: LossOptions<R>,
): Reduced<Paired<'softMargin', P['shape'], T['shape']>, R>
export function softMargin(score: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  takesMargins.softMargin(arguments)
  requirePair('softMargin', score, target)
  requireSigns('softMargin', target)
  return reduce(softShortfall(score, target), options)
}

/**
 * max(0, margin - target * (first - second)): whether the first score is to be higher (target 1) or the second (target -1).
 * Tensors are of one shape. The margin is 0 unless given.
 *
 * @throws ShapeError if the shapes differ; OptionError for a target that is neither 1 nor -1
 * @example marginRanking(tensor([2, 1]), tensor([1, 2]), tensor([1, 1]), { margin: 0.5 })   // 1.5 / 2
 */
export function marginRanking<
  A extends AnyTensor,
  B extends AnyTensor,
  T extends AnyTensor,
  R extends Reduction = 'mean',
>(
  first: A,
  second: Arg<B, Alike<'marginRanking', A['shape'], B['shape']>>,
  target: Arg<T, Paired<'marginRanking', A['shape'], T['shape']>>,
  options?: MarginOptions<R>,
): Reduced<Alike<'marginRanking', A['shape'], B['shape']>, R>
export function marginRanking(first: Tensor, second: Tensor, target: Tensor, options: MarginOptions = {}): Tensor {
  takesMargins.marginRanking(arguments)
  requireAlike('marginRanking', { first, second, target })
  requireSigns('marginRanking', target)
  return reduce(misranked(first, second, target, marginOf('marginRanking', options, 0)) as Tensor, options)
}

const marginOf = (loss: string, { margin }: MarginOptions, otherwise: number): number => {
  if (margin === undefined) return otherwise
  requireOption(loss, 'margin', margin, Number.isFinite(margin), 'a finite number')
  return margin
}
