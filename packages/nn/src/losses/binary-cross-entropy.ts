import { type AnyTensor, type Arg, elementwise, type ScalarFunction, type Tensor } from '@adjoint/autograd'
import { requireFloat, requirePair, requireProbabilities } from './pairs.js'
import { type LossOptions, lossChecker, type Reduction, reduce } from './reduction.js'
import type { Paired, Reduced } from './shape-rules.js'

/**
 * Probabilities below `least`, and 1 - p likewise, count as `least`: a prediction that is certain but wrong has a finite
 * loss. In float64 that is where the logarithm is -100, as in PyTorch; in float32 the smallest normal number, since 1 / p
 * would overflow below it.
 */
const ofProbability =
  (least: number, leastLog: number): ScalarFunction<2> =>
  (m, p, target) => {
    const logP = m.select(m.less(p, least), leastLog, m.log(p))
    const logRest = m.select(m.less(m.sub(1, p), least), leastLog, m.log1p(m.neg(p)))
    return m.neg(m.add(m.mul(target, logP), m.mul(m.sub(1, target), logRest)))
  }
const fromProbabilities = {
  float32: elementwise('binaryCrossEntropy', ofProbability(2 ** -126, -126 * Math.LN2)),
  float64: elementwise('binaryCrossEntropy', ofProbability(3.720075976020836e-44, -100)),
}

// Both terms are positive, so that a small loss keeps its digits. What is certain and right costs 0: no target meets an
// infinite loss with a weight of 0.
const ofLogit: ScalarFunction<2> = (m, z, target) =>
  m.add(m.scale(target, m.softplus(m.neg(z))), m.scale(m.sub(1, target), m.softplus(z)))
const fromLogits = elementwise('binaryCrossEntropyWithLogits', ofLogit)

const takesProbabilities = lossChecker('binaryCrossEntropy', 'probabilities')
const takesLogits = lossChecker('binaryCrossEntropyWithLogits', 'logits')

/**
 * -(t log p + (1 - t) log(1 - p)) for probabilities p and targets t in [0, 1], of one shape. Logarithms are no less
 * than -100, in float32 -87.3 (the smallest normal number's), and where they would be the derivative is 0. From logits,
 * `binaryCrossEntropyWithLogits` is exact.
 *
 * @throws ShapeError if the shapes differ; DTypeError unless p is a float; OptionError for a p outside [0, 1]
 * @example binaryCrossEntropy(tensor([0.9, 0.2]), tensor([1, 0]))   // -(Math.log(0.9) + Math.log(0.8)) / 2
 */
export function binaryCrossEntropy<P extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean'>(
  probabilities: P,
  target: Arg<T, Paired<'binaryCrossEntropy', P['shape'], T['shape']>>,
  options?: LossOptions<R>,
): Reduced<Paired<'binaryCrossEntropy', P['shape'], T['shape']>, R>
export function binaryCrossEntropy(p: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  takesProbabilities(arguments)
  requirePair('binaryCrossEntropy', p, target)
  requireFloat('binaryCrossEntropy', 'predictions', p)
  requireProbabilities('binaryCrossEntropy', 'predictions', p)
  return reduce(fromProbabilities[p.dtype as 'float32' | 'float64'](p, target), options)
}

/**
 * The binary cross entropy of sigmoid(z) for logits z and targets in [0, 1], of one shape: exact for logits of any size,
 * infinite ones too. What is certain and right costs 0 and has a gradient of 0; what is certain and wrong costs Infinity.
 *
 * @throws ShapeError if the shapes differ
 * @example binaryCrossEntropyWithLogits(tensor([0, 3]), tensor([1, 0]))   // (Math.log(2) + Math.log(1 + Math.exp(3))) / 2
 */
export function binaryCrossEntropyWithLogits<P extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean'>(
  logits: P,
  target: Arg<T, Paired<'binaryCrossEntropyWithLogits', P['shape'], T['shape']>>,
  options?: LossOptions<R>,
): Reduced<Paired<'binaryCrossEntropyWithLogits', P['shape'], T['shape']>, R>
export function binaryCrossEntropyWithLogits(logits: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  takesLogits(arguments)
  requirePair('binaryCrossEntropyWithLogits', logits, target)
  return reduce(fromLogits(logits, target), options)
}
