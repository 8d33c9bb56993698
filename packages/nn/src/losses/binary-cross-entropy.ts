import {
  type AnyTensor,
  type Arg,
  elementwise,
  kinds,
  type ScalarFunction,
  ShapeError,
  Tensor,
} from '@adjoint/autograd'
import { formatShape, sameShape } from '../shapes.js'
import { requireFloat, requirePair, requireProbabilities } from './pairs.js'
import { type LossOptions, lossChecker, type Reduction, reduce } from './reduction.js'
import type { Paired, Reduced } from './shape-rules.js'

/**
 * Probabilities below `least`, and 1 - p likewise, count as `least`: a prediction that is certain but wrong has a finite
 * loss. In float64 that is where the logarithm is -100, as in PyTorch; in float32 the smallest normal number, since 1 / p
 * would overflow below it.
 */
const ofProbability =
  (least: number, leastLog: number): ScalarFunction<3> =>
  (m, p, target, positive) => {
    const logP = m.select(m.less(p, least), leastLog, m.log(p))
    const logRest = m.select(m.less(m.sub(1, p), least), leastLog, m.log1p(m.neg(p)))
    return m.neg(m.add(m.mul(m.mul(positive, target), logP), m.mul(m.sub(1, target), logRest)))
  }

// Both terms are positive, so that a small loss keeps its digits. What is certain and right costs 0: no target meets an
// infinite loss with a weight of 0.
const ofLogit: ScalarFunction<3> = (m, z, target, positive) =>
  m.add(m.scale(m.mul(positive, target), m.softplus(m.neg(z))), m.scale(m.sub(1, target), m.softplus(z)))

/** The kernel of a loss, and the one that also takes a weight. */
const kernelsOf = (name: string, loss: ScalarFunction<3>) => {
  const plain: ScalarFunction<2> = (m, x, target) => loss(m, x, target, m.constant(1))
  const weighted: ScalarFunction<4> = (m, x, target, positive, weight) => m.scale(weight, loss(m, x, target, positive))
  return { plain: elementwise(name, plain), weighted: elementwise(name, weighted) }
}
const fromProbabilities = {
  float32: kernelsOf('binaryCrossEntropy', ofProbability(2 ** -126, -126 * Math.LN2)),
  float64: kernelsOf('binaryCrossEntropy', ofProbability(3.720075976020836e-44, -100)),
}
const fromLogits = kernelsOf('binaryCrossEntropyWithLogits', ofLogit)

/** The settings of the binary cross entropies. */
export interface BinaryCrossEntropyOptions<R extends Reduction = Reduction> extends LossOptions<R> {
  /**
   * What the losses are multiplied by: a number, a tensor of their shape, or one of their last axes, as a `[C]` for `[N, C]`.
   * The mean is still over the number of the elements, as in PyTorch. Default 1.
   */
  readonly weight?: number | AnyTensor
  /** What the part of positive targets is multiplied by; of such a shape too. Default 1. */
  readonly positiveWeight?: number | AnyTensor
}

const weight = kinds.kind(
  'a number of at least 0, or a tensor',
  (thing) => thing instanceof Tensor || (typeof thing === 'number' && thing >= 0),
)
const weights = { weight, positiveWeight: weight }
export const takesBinaryProbabilities = lossChecker('binaryCrossEntropy', 'probabilities', weights)
export const takesBinaryLogits = lossChecker('binaryCrossEntropyWithLogits', 'logits', weights)

const weighedLoss = (
  loss: string,
  { plain, weighted }: ReturnType<typeof kernelsOf>,
  x: Tensor,
  target: Tensor,
  options: BinaryCrossEntropyOptions,
): Tensor => {
  const { weight, positiveWeight } = options
  if (weight === undefined && positiveWeight === undefined) return reduce(plain(x, target), options)
  requireTrailing(loss, 'weight', weight, x)
  requireTrailing(loss, 'positiveWeight', positiveWeight, x)
  return reduce(weighted(x, target, (positiveWeight ?? 1) as Tensor, (weight ?? 1) as Tensor) as Tensor, options)
}

/** Throws unless a weight is a number, or has the last axes of the predictions. */
const requireTrailing = (loss: string, name: string, weight: number | AnyTensor | undefined, of: AnyTensor): void => {
  if (weight === undefined || typeof weight === 'number') return
  const rank = weight.shape.length
  if (rank <= of.shape.length && sameShape(weight.shape, of.shape.slice(of.shape.length - rank))) return
  throw new ShapeError(
    `${loss}: ${name} ${formatShape(weight.shape)} does not fit predictions ${formatShape(of.shape)}; give it their shape or ` +
      'that of their last axes: use reshape or broadcastTo.',
  )
}

/**
 * -(t log p + (1 - t) log(1 - p)) for probabilities p and targets t in [0, 1], of one shape. Logarithms are no less
 * than -100, in float32 -87.3 (the smallest normal number's), and where they would be the derivative is 0. From logits,
 * `binaryCrossEntropyWithLogits` is exact. A `positiveWeight` multiplies the first part, for positives that are rare, and a
 * `weight` the whole.
 *
 * @throws ShapeError if the shapes differ, or a weight does not fit; DTypeError unless p is a float; OptionError for a p outside [0, 1]
 * @example binaryCrossEntropy(tensor([0.9, 0.2]), tensor([1, 0]))   // -(Math.log(0.9) + Math.log(0.8)) / 2
 */
export function binaryCrossEntropy<P extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean'>(
  probabilities: P,
  target: Arg<T, Paired<'binaryCrossEntropy', P['shape'], T['shape']>>,
  options?: BinaryCrossEntropyOptions<R>,
): Reduced<Paired<'binaryCrossEntropy', P['shape'], T['shape']>, R>
export function binaryCrossEntropy(p: Tensor, target: Tensor, options: BinaryCrossEntropyOptions = {}): Tensor {
  takesBinaryProbabilities(arguments)
  requirePair('binaryCrossEntropy', p, target)
  requireFloat('binaryCrossEntropy', 'predictions', p)
  requireProbabilities('binaryCrossEntropy', 'predictions', p, 'For logits use binaryCrossEntropyWithLogits().')
  return weighedLoss('binaryCrossEntropy', fromProbabilities[p.dtype as 'float32' | 'float64'], p, target, options)
}

/**
 * The binary cross entropy of sigmoid(z) for logits z and targets in [0, 1], of one shape: exact for logits of any size,
 * infinite ones too. What is certain and right costs 0 and has a gradient of 0; what is certain and wrong costs Infinity.
 * A `positiveWeight` multiplies the part of positive targets, and a `weight` the whole.
 *
 * @throws ShapeError if the shapes differ, or a weight does not fit
 * @example binaryCrossEntropyWithLogits(tensor([0, 3]), tensor([1, 0]))   // (Math.log(2) + Math.log(1 + Math.exp(3))) / 2
 */
export function binaryCrossEntropyWithLogits<P extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean'>(
  logits: P,
  target: Arg<T, Paired<'binaryCrossEntropyWithLogits', P['shape'], T['shape']>>,
  options?: BinaryCrossEntropyOptions<R>,
): Reduced<Paired<'binaryCrossEntropyWithLogits', P['shape'], T['shape']>, R>
export function binaryCrossEntropyWithLogits(
  logits: Tensor,
  target: Tensor,
  options: BinaryCrossEntropyOptions = {},
): Tensor {
  takesBinaryLogits(arguments)
  requirePair('binaryCrossEntropyWithLogits', logits, target)
  return weighedLoss('binaryCrossEntropyWithLogits', fromLogits, logits, target, options)
}
