import { type AnyTensor, type Arg, kinds, type Tensor } from '@adjoint/autograd'
import { classAxis, type LabelOptions, labelOptions, requireLabels, requireWeights } from './classes.js'
import { labelledLoss } from './labelled.js'
import { requireFloat } from './pairs.js'
import { type LossOptions, lossChecker, type Reduction } from './reduction.js'
import type { Labelled, Reduced } from './shape-rules.js'

/** The settings of `nll`. */
export interface NllOptions<R extends Reduction = Reduction, A extends number = number>
  extends LossOptions<R>,
    LabelOptions<A> {
  /** What each class weighs, `[C]`: numbers of at least 0. Default 1. */
  readonly weights?: AnyTensor
}

export const takesNll = lossChecker('nll', 'logProbabilities', { weights: kinds.tensor, ...labelOptions })

/**
 * The negative log-likelihood of labels, -w[target] logProbabilities[target] along the axis of the classes, the last unless
 * given (in PyTorch it is axis 1): log-probabilities [..., C], as `logSoftmax` gives them, with int32 labels [...] from 0 to
 * C - 1. From logits, `crossEntropy` is the same in one.
 *
 * Examples of the label `ignoreIndex` cost 0 and have a gradient of 0. The mean is over those that count, each with the
 * weight of its class: the sum of the losses over the sum of these weights, and 0 where that is 0 (in PyTorch NaN).
 *
 * @throws ShapeError for labels or weights of another shape; DTypeError for labels that are not int32, and for
 *   log-probabilities that are no floats; IndexOutOfRangeError for a label outside the classes; AxisError; OptionError for
 *   negative weights
 * @example nll(tensor([[0.25, 0.75], [0.5, 0.5]]).log(), tensor([1, 0], { dtype: 'int32' }))   // -Math.log(0.375) / 2
 */
export function nll<L extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean', A extends number = -1>(
  logProbabilities: L,
  target: Arg<T, Labelled<'nll', L['shape'], T['shape'], A, 'logProbabilities'>>,
  options?: NllOptions<R, A>,
): Reduced<Labelled<'nll', L['shape'], T['shape'], A, 'logProbabilities'>, R>
export function nll(logProbabilities: Tensor, target: Tensor, options: NllOptions = {}): Tensor {
  takesNll(arguments)
  const weights = options.weights as Tensor | undefined
  const predictions = { loss: 'nll', name: 'logProbabilities', of: logProbabilities }
  requireFloat('nll', 'logProbabilities', logProbabilities)
  const axis = classAxis(predictions, options.axis ?? -1)
  if (weights !== undefined) requireWeights(predictions, weights, axis)
  requireLabels(predictions, target, axis, options.ignoreIndex)
  return labelledLoss(logProbabilities, target, axis, { ...options, weights })
}
