import { type AnyTensor, type Arg, kinds, type Tensor } from '@adjoint/autograd'
import { binaryCrossEntropyWithLogits } from './binary-cross-entropy.js'
import { classAxis, requireWeights } from './classes.js'
import { requireFloat, requirePair } from './pairs.js'
import { type LossOptions, lossChecker, type Reduction, reduce } from './reduction.js'
import type { ClassPaired, Reduced } from './shape-rules.js'

/** The settings of `multilabelSoftMargin`. */
export interface MultilabelSoftMarginOptions<R extends Reduction = Reduction> extends LossOptions<R> {
  /** What each class weighs, `[C]`: numbers of at least 0. Default 1. */
  readonly weights?: AnyTensor
}

export const takesSoftMultilabel = lossChecker('multilabelSoftMargin', 'logits', { weights: kinds.tensor })

/**
 * The mean over the classes of w[c] times the binary cross entropy of sigmoid(logits[c]): logits and targets in [0, 1], both
 * [..., C]. The mean is then over the examples. Exact for logits of any size, as `binaryCrossEntropyWithLogits` is.
 *
 * @throws ShapeError if the shapes differ, and for weights of another shape; DTypeError for logits that are no floats;
 *   OptionError for negative weights
 * @example multilabelSoftMargin(tensor([[0, 3]]), tensor([[1, 0]]))   // (Math.log(2) + Math.log(1 + Math.exp(3))) / 2
 */
export function multilabelSoftMargin<X extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean'>(
  logits: X,
  target: Arg<T, ClassPaired<'multilabelSoftMargin', X['shape'], T['shape']>>,
  options?: MultilabelSoftMarginOptions<R>,
): Reduced<ClassPaired<'multilabelSoftMargin', X['shape'], T['shape']>, R>
export function multilabelSoftMargin(
  logits: Tensor,
  target: Tensor,
  options: MultilabelSoftMarginOptions = {},
): Tensor {
  takesSoftMultilabel(arguments)
  const weights = options.weights as Tensor | undefined
  const predictions = { loss: 'multilabelSoftMargin', name: 'logits', of: logits }
  requireFloat('multilabelSoftMargin', 'logits', logits)
  const axis = classAxis(predictions, -1)
  requirePair('multilabelSoftMargin', logits, target)
  if (weights !== undefined) requireWeights(predictions, weights, axis)
  const each = { reduction: 'none', ...(weights && { weight: weights }) } as const
  return reduce(binaryCrossEntropyWithLogits(logits, target, each).mean(-1) as Tensor, options)
}
