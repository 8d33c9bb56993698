import { type AnyTensor, type Arg, elementwise, type ScalarFunction, type Tensor } from '@adjoint/autograd'
import { requireAmount } from '../errors.js'
import { amount } from '../kinds.js'
import { between, type DistanceOptions, metric, requireMetric } from './distance.js'
import { type LossOptions, type Reduction, reduce, tensorsChecker } from './reduction.js'
import type { Reduced } from './shape-rules.js'
import type { ForVectors, Vectors } from './vector-rules.js'
import { featureAxis, requirePairs } from './vectors.js'

const half: ScalarFunction<3> = (m, distance, target, margin) => {
  const off = m.select(m.less(0, target), distance, m.relu(m.sub(margin, distance)))
  return m.div(m.mul(off, off), 2)
}
const halfSquare = elementwise('contrastive', half)

export const takesContrastive = tensorsChecker('contrastive', ['a', 'b', 'target'], { ...metric, margin: amount })

/** The settings of `contrastive`. */
export interface ContrastiveOptions<R extends Reduction = Reduction> extends LossOptions<R>, DistanceOptions {
  /** How far apart those are to be that do not belong together: at least 0. Default 1. */
  readonly margin?: number
}

/**
 * Of vectors along the last axis [..., D] at a distance d, d^2 / 2 of those that belong together (target 1) and
 * max(0, margin - d)^2 / 2 of those that do not (target -1), with targets [...] (Hadsell et al., Dimensionality reduction by
 * learning an invariant mapping, 2006). The distance is that of `pairwiseDistance`: two equal vectors that do not belong
 * together have no direction to part in, and a gradient of 0.
 *
 * @throws ShapeError for shapes that do not fit; DTypeError unless vectors are floats; OptionError for a target that is
 *   neither 1 nor -1, and for a margin below 0
 * @example contrastive(tensor([[3, 4], [0.6, 0]]), zeros([2, 2]), tensor([1, -1]))   // (5 ** 2 / 2 + 0.4 ** 2 / 2) / 2
 */
export function contrastive<
  A extends AnyTensor,
  B extends AnyTensor,
  T extends AnyTensor,
  R extends Reduction = 'mean',
>(
  a: A,
  b: Arg<B, Vectors<'contrastive', A['shape'], B['shape']>>,
  target: Arg<T, ForVectors<'contrastive', A['shape'], T['shape']>>,
  options?: ContrastiveOptions<R>,
): Reduced<Vectors<'contrastive', A['shape'], B['shape']>, R>
export function contrastive(a: Tensor, b: Tensor, target: Tensor, options: ContrastiveOptions = {}): Tensor {
  takesContrastive(arguments)
  const { margin = 1 } = options
  requireMetric('contrastive', options)
  requireAmount('contrastive', 'margin', margin)
  featureAxis('contrastive', { a, b })
  requirePairs('contrastive', a, target)
  return reduce(halfSquare(between(a, b, options), target, margin), options)
}
