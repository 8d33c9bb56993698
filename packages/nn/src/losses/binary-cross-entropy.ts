import { type AnyTensor, type Arg, elementwise, type ScalarFunction, type Tensor } from '@adjoint/autograd'
import { requireFloat, requirePair, requireProbabilities } from './pairs.js'
import { type LossOptions, lossChecker, type Reduction, reduce } from './reduction.js'
import type { Paired, Reduced } from './shape-rules.js'

/** Logarithms are no less than this, so that a certain but wrong prediction has a finite loss, as in PyTorch. */
const leastLog = -100

const ofProbability: ScalarFunction<2> = (m, p, target) =>
  m.neg(
    m.add(
      m.mul(target, m.maximum(m.log(p), leastLog)),
      m.mul(m.sub(1, target), m.maximum(m.log1p(m.neg(p)), leastLog)),
    ),
  )
const fromProbabilities = elementwise('binaryCrossEntropy', ofProbability)

// Both terms are positive, so that a small loss keeps its digits.
const ofLogit: ScalarFunction<2> = (m, z, target) =>
  m.add(m.mul(target, m.softplus(m.neg(z))), m.mul(m.sub(1, target), m.softplus(z)))
const fromLogits = elementwise('binaryCrossEntropyWithLogits', ofLogit)

const takesProbabilities = lossChecker('binaryCrossEntropy', 'probabilities')
const takesLogits = lossChecker('binaryCrossEntropyWithLogits', 'logits')

/**
 * -(t log p + (1 - t) log(1 - p)) for probabilities p and targets t in [0, 1], of one shape. Logarithms are clamped at
 * -100, where the derivative is 0. From logits, `binaryCrossEntropyWithLogits` is more precise.
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
  return reduce(fromProbabilities(p, target), options)
}

/**
 * The binary cross entropy of sigmoid(z) for logits z and targets in [0, 1], of one shape: exact for logits of any size.
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
