import {
  type AnyTensor,
  type Arg,
  diagonal,
  elementwise,
  kinds,
  normalize,
  type Out,
  type ScalarFunction,
  ShapeError,
  type Tensor,
} from '@adjoint/autograd'
import { checker } from '../checker.js'
import { requireOption, requirePositive } from '../errors.js'
import { positive } from '../kinds.js'
import { formatShape } from '../shapes.js'
import { type LossOptions, type Reduction, reduce, tensorsChecker } from './reduction.js'
import type { Reduced } from './shape-rules.js'
import type { ForVectors, PairedRows, Vectors } from './vector-rules.js'
import { featureAxis, requirePairs } from './vectors.js'

const turned: ScalarFunction<3> = (m, cosine, target, margin) =>
  m.select(m.less(0, target), m.sub(1, cosine), m.relu(m.sub(cosine, margin)))
const embedded = elementwise('cosineEmbedding', turned)

export const cosineOptions = { axis: kinds.axis, epsilon: positive }
const takesCosine = checker('cosineSimilarity', { a: kinds.tensor, b: kinds.tensor, options: cosineOptions })
export const takesCosineTargets = tensorsChecker('cosineEmbedding', ['a', 'b', 'target'], { margin: kinds.number })
export const takesRows = tensorsChecker('infoNce', ['queries', 'keys'], {
  temperature: positive,
  symmetric: kinds.boolean,
})

/** The settings of `cosineSimilarity`. */
export interface CosineOptions<X extends number = number> {
  /** The axis of the features; default -1, the last. In PyTorch it is 1. */
  readonly axis?: X
  /** The least length that vectors are divided by: a positive number. Default 1e-8. */
  readonly epsilon?: number
}

/** The settings of `cosineEmbedding`. */
export interface CosineEmbeddingOptions<R extends Reduction = Reduction> extends LossOptions<R> {
  /** What the cosine of those that do not belong together may be at no cost, from -1 to 1. Default 0. */
  readonly margin?: number
}

/** The settings of `infoNce`. */
export interface InfoNceOptions<R extends Reduction = Reduction> extends LossOptions<R> {
  /** What the cosines are divided by: a positive number. Default 0.1. */
  readonly temperature?: number
  /** Whether the mean of the losses in both directions is taken, as in CLIP. Default false. */
  readonly symmetric?: boolean
}

/**
 * The cosine of the angle between vectors along an axis, the last unless given, of tensors of one shape: their product over
 * their lengths, but lengths of no less than `epsilon`. Vectors of zeros have a cosine of 0 and finite derivatives, and
 * numbers may be of any size.
 *
 * @throws ShapeError if the shapes differ; AxisError; DTypeError unless they are floats
 * @example cosineSimilarity(tensor([[3, 4], [0, 0]]), tensor([[4, 3], [1, 1]]))   // [0.96, 0]
 */
export function cosineSimilarity<A extends AnyTensor, B extends AnyTensor, X extends number = -1>(
  a: A,
  b: Arg<B, Vectors<'cosineSimilarity', A['shape'], B['shape'], X>>,
  options?: CosineOptions<X>,
): Out<Vectors<'cosineSimilarity', A['shape'], B['shape'], X>>
export function cosineSimilarity(a: Tensor, b: Tensor, options: CosineOptions = {}): AnyTensor {
  takesCosine(arguments)
  const { axis = -1, epsilon = 1e-8 } = options
  requirePositive('cosineSimilarity', 'epsilon', epsilon)
  return cosines(a, b, featureAxis('cosineSimilarity', { a, b }, axis), epsilon)
}

/**
 * Of vectors along the last axis [..., D], 1 - cosine of those that belong together (target 1) and max(0, cosine - margin) of
 * those that do not (target -1), with targets [...]. The cosine is that of `cosineSimilarity`.
 *
 * @throws ShapeError for shapes that do not fit; DTypeError unless vectors are floats; OptionError for a target that is
 *   neither 1 nor -1
 * @example cosineEmbedding(tensor([[3, 4], [3, 4]]), tensor([[4, 3], [4, 3]]), tensor([1, -1]))   // (0.04 + 0.96) / 2
 */
export function cosineEmbedding<
  A extends AnyTensor,
  B extends AnyTensor,
  T extends AnyTensor,
  R extends Reduction = 'mean',
>(
  a: A,
  b: Arg<B, Vectors<'cosineEmbedding', A['shape'], B['shape']>>,
  target: Arg<T, ForVectors<'cosineEmbedding', A['shape'], T['shape']>>,
  options?: CosineEmbeddingOptions<R>,
): Reduced<Vectors<'cosineEmbedding', A['shape'], B['shape']>, R>
export function cosineEmbedding(a: Tensor, b: Tensor, target: Tensor, options: CosineEmbeddingOptions = {}): Tensor {
  takesCosineTargets(arguments)
  const { margin = 0 } = options
  requireOption('cosineEmbedding', 'margin', margin, margin >= -1 && margin <= 1, 'a number from -1 to 1')
  const axis = featureAxis('cosineEmbedding', { a, b })
  requirePairs('cosineEmbedding', a, target)
  return reduce(embedded(cosines(a, b, axis, 1e-8), target, margin), options)
}

/**
 * The contrastive loss InfoNCE of pairs of rows, queries and keys [n, features]: the cross entropy by which each query finds
 * its own key, that of the same place, among all n by their cosines over a temperature (van den Oord et al. 2018).
 * `symmetric` takes the mean with the same of keys that find their queries (Radford et al. 2021, CLIP). One loss a pair.
 *
 * @throws ShapeError unless both are of one shape [n, features]; DTypeError unless they are floats
 * @example infoNce(tensor([[2, 0], [0, 1]]), tensor([[1, 0], [0, 3]]), { temperature: 1 })   // Math.log(1 + Math.exp(-1))
 */
export function infoNce<A extends AnyTensor, B extends AnyTensor, R extends Reduction = 'mean'>(
  queries: A,
  keys: Arg<B, PairedRows<'infoNce', A['shape'], B['shape']>>,
  options?: InfoNceOptions<R>,
): Reduced<PairedRows<'infoNce', A['shape'], B['shape']>, R>
export function infoNce(queries: Tensor, keys: Tensor, options: InfoNceOptions = {}): Tensor {
  takesRows(arguments)
  const { temperature = 0.1, symmetric = false } = options
  requirePositive('infoNce', 'temperature', temperature)
  featureAxis('infoNce', { queries, keys })
  if (queries.shape.length !== 2) {
    throw new ShapeError(`infoNce: shapes are ${formatShape(queries.shape)}; use [n, features]: reshape them.`)
  }
  const logits = normalize(queries).matmul(normalize(keys).transpose()).div(temperature) as Tensor
  const forward = diagonal(logits.logSoftmax(-1)) as Tensor
  const losses = symmetric ? (forward.add(diagonal(logits.logSoftmax(0))).div(2) as Tensor) : forward
  return reduce(losses.neg(), options)
}

const cosines = (a: Tensor, b: Tensor, axis: number, epsilon: number): Tensor =>
  normalize(a, axis, { epsilon })
    .mul(normalize(b, axis, { epsilon }))
    .sum(axis) as Tensor
