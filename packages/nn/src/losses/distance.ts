import {
  type AnyTensor,
  type Arg,
  elementwise,
  kinds,
  type Out,
  type ScalarFunction,
  type Tensor,
} from '@adjoint/autograd'
import { checker } from '../checker.js'
import { requireAmount, requireOption } from '../errors.js'
import { amount } from '../kinds.js'
import { type LossOptions, type Reduction, reduce, tensorsChecker } from './reduction.js'
import type { Reduced } from './shape-rules.js'
import type { Kept, Vectors } from './vector-rules.js'
import { featureAxis } from './vectors.js'

const nearer: ScalarFunction<3> = (m, near, far, margin) => m.relu(m.add(m.sub(near, far), margin))
const misplaced = elementwise('triplet', nearer)

export const metric = { order: kinds.number, epsilon: amount }
export const pairOptions = { ...metric, keepDims: kinds.boolean }
const takesPairs = checker('pairwiseDistance', { a: kinds.tensor, b: kinds.tensor, options: pairOptions })
export const takesTriplets = tensorsChecker('triplet', ['anchor', 'positive', 'negative'], {
  ...metric,
  margin: amount,
  swap: kinds.boolean,
})

/** How vectors are measured. */
export interface DistanceOptions {
  /** The p of the p-norm. Default 2. */
  readonly order?: number
  /** What is added to each difference: at least 0. Default 0, in PyTorch 1e-6. */
  readonly epsilon?: number
}

/** The settings of `pairwiseDistance`. */
export interface PairwiseDistanceOptions<K extends boolean = boolean> extends DistanceOptions {
  /** Whether the axis of the features stays, with size 1. Default false. */
  readonly keepDims?: K
}

/** The settings of `triplet`. */
export interface TripletOptions<R extends Reduction = Reduction> extends LossOptions<R>, DistanceOptions {
  /** By how much the negative is to be farther away than the positive: at least 0. Default 1. */
  readonly margin?: number
  /** Whether the distance of the negative from the positive counts where it is less than that from the anchor. Default false. */
  readonly swap?: boolean
}

/**
 * The distance of vectors along the last axis of tensors of one shape, the p-norm of a - b, for p the `order`. Where they
 * coincide it is 0, with a derivative of 0: so nothing need be added to the differences, as PyTorch does with its epsilon of
 * 1e-6. Distances of all pairs are `cdist`.
 *
 * @throws ShapeError if the shapes differ; DTypeError unless they are floats
 * @example pairwiseDistance(tensor([[3, 4], [1, 1]]), tensor([[0, 0], [1, 1]]))   // [5, 0]
 */
export function pairwiseDistance<A extends AnyTensor, B extends AnyTensor, K extends boolean = false>(
  a: A,
  b: Arg<B, Vectors<'pairwiseDistance', A['shape'], B['shape']>>,
  options?: PairwiseDistanceOptions<K>,
): Out<Kept<Vectors<'pairwiseDistance', A['shape'], B['shape']>, K>>
export function pairwiseDistance(a: Tensor, b: Tensor, options: PairwiseDistanceOptions = {}): AnyTensor {
  takesPairs(arguments)
  requireMetric('pairwiseDistance', options)
  featureAxis('pairwiseDistance', { a, b })
  return between(a, b, options, options.keepDims)
}

/**
 * max(0, |anchor - positive| - |anchor - negative| + margin) for vectors along the last axis of tensors of one shape: what
 * belongs together is to be nearer than what does not. With `swap` the negative is as near as it is to the anchor or the
 * positive, whichever is less (Balntas et al. 2016). Distances are those of `pairwiseDistance`. One loss a vector.
 *
 * @throws ShapeError if the shapes differ; DTypeError unless they are floats
 * @example triplet(tensor([[0, 0]]), tensor([[3, 4]]), tensor([[0, 2]]))   // 5 - 2 + 1
 */
export function triplet<A extends AnyTensor, P extends AnyTensor, N extends AnyTensor, R extends Reduction = 'mean'>(
  anchor: A,
  positive: Arg<P, Vectors<'triplet', A['shape'], P['shape']>>,
  negative: Arg<N, Vectors<'triplet', A['shape'], N['shape']>>,
  options?: TripletOptions<R>,
): Reduced<Vectors<'triplet', A['shape'], P['shape']>, R>
export function triplet(anchor: Tensor, positive: Tensor, negative: Tensor, options: TripletOptions = {}): Tensor {
  takesTriplets(arguments)
  const { margin = 1, swap = false } = options
  requireMetric('triplet', options)
  requireAmount('triplet', 'margin', margin)
  featureAxis('triplet', { anchor, positive, negative })
  const near = between(anchor, positive, options)
  const far = between(anchor, negative, options)
  const least = swap ? far.minimum(between(positive, negative, options)) : far
  return reduce(misplaced(near, least as Tensor, margin), options)
}

export const requireMetric = (owner: string, { order = 2, epsilon = 0 }: DistanceOptions): void => {
  requireOption(owner, 'order', order, !Number.isNaN(order), 'a number')
  requireAmount(owner, 'epsilon', epsilon)
}

/** The distance of vectors along the last axis. */
export const between = (
  a: Tensor,
  b: Tensor,
  { order = 2, epsilon = 0 }: DistanceOptions,
  keepDims = false,
): Tensor => {
  const differences = a.sub(b)
  return (epsilon === 0 ? differences : differences.add(epsilon)).norm(-1, { order, keepDims }) as Tensor
}
