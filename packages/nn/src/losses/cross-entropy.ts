import { type AnyTensor, type Arg, kinds, namedScope, type Tensor, where } from '@adjoint/autograd'
import { OptionError, requireOption } from '../errors.js'
import { sameShape } from '../shapes.js'
import { classAxis, type LabelOptions, labelOptions, requireLabels, requireWeights } from './classes.js'
import { along, costs, counts, labelledLoss } from './labelled.js'
import { requireFloat } from './pairs.js'
import { type LossOptions, lossChecker, type Reduction, reduce } from './reduction.js'
import type { Classified, Reduced } from './shape-rules.js'

/** The settings of `crossEntropy`. */
export interface CrossEntropyOptions<R extends Reduction = Reduction, A extends number = number>
  extends LossOptions<R>,
    LabelOptions<A> {
  /** What each class weighs, `[C]`: numbers of at least 0. Default 1. */
  readonly weights?: AnyTensor
  /** The part of each target that all classes share equally, from 0 to 1. Default 0. */
  readonly labelSmoothing?: number
}

export const takesCrossEntropy = lossChecker('crossEntropy', 'logits', {
  weights: kinds.tensor,
  labelSmoothing: kinds.number,
  ...labelOptions,
})

/**
 * -log softmax(logits)[target] along the axis of the classes, the last unless given (in PyTorch it is axis 1): logits
 * [..., C] with int32 labels [...] from 0 to C - 1, or with the probabilities of the classes [..., C]. It is exact for
 * logits of any size, infinite ones too: what is certain and right costs 0 and has a gradient of 0, what is certain and
 * wrong costs Infinity.
 *
 * With a `labelSmoothing` of s a target is (1 - s) target + s / C; with `weights` class c costs -w[c] target[c]
 * log softmax(logits)[c], nothing if its weight is 0. Examples of the label `ignoreIndex` cost 0 and have a gradient of 0,
 * whatever their logits are. The mean is over the examples; by labels it is over those that count, each with the weight of
 * its class: the sum of the losses over the sum of these weights, and 0 where that is 0 (in PyTorch NaN).
 *
 * @throws ShapeError for targets or weights of another shape; DTypeError for labels that are not int32, and for logits that
 *   are no floats; IndexOutOfRangeError for a label outside the classes; AxisError; OptionError for a smoothing outside
 *   [0, 1], negative weights, and an ignoreIndex beside probabilities
 * @example crossEntropy(tensor([[0, 0], [5, 5]]), tensor([0, 1], { dtype: 'int32' }))   // Math.log(2)
 * @example
 * const labels = tensor([0, -100], { dtype: 'int32' })
 * crossEntropy(zeros([2, 4]), labels, { ignoreIndex: -100, labelSmoothing: 0.1 })   // Math.log(4)
 */
export function crossEntropy<
  L extends AnyTensor,
  T extends AnyTensor,
  R extends Reduction = 'mean',
  A extends number = -1,
>(
  logits: L,
  target: Arg<T, Classified<'crossEntropy', L['shape'], T['shape'], A>>,
  options?: CrossEntropyOptions<R, A>,
): Reduced<Classified<'crossEntropy', L['shape'], T['shape'], A>, R>
export function crossEntropy(logits: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  takesCrossEntropy(arguments)
  return namedScope('crossEntropy', () => compute(logits, target, options))
}

const compute = (logits: Tensor, target: Tensor, options: CrossEntropyOptions): Tensor => {
  const { ignoreIndex, labelSmoothing = 0 } = options
  const weights = options.weights as Tensor | undefined
  const predictions = { loss: 'crossEntropy', name: 'logits', of: logits, orProbabilities: true }
  requireFloat('crossEntropy', 'logits', logits)
  const axis = classAxis(predictions, options.axis ?? -1)
  const isPart = labelSmoothing >= 0 && labelSmoothing <= 1
  requireOption('crossEntropy', 'labelSmoothing', labelSmoothing, isPart, 'a number from 0 to 1')
  if (weights !== undefined) requireWeights(predictions, weights, axis)
  if (target.dtype !== 'int32' && sameShape(logits.shape, target.shape)) {
    if (ignoreIndex !== undefined) {
      throw new OptionError(
        `crossEntropy: ignoreIndex is ${ignoreIndex} beside probabilities, which have no label to ignore; leave it out.`,
      )
    }
    const shared =
      labelSmoothing === 0 ? target : target.mul(1 - labelSmoothing).add(labelSmoothing / logits.shape[axis]!)
    const weighted = weights === undefined ? shared : shared.mul(along(weights, axis, logits.shape.length))
    return reduce(costs(weighted, logits.logSoftmax(axis)).sum(axis), options)
  }
  requireLabels(predictions, target, axis, ignoreIndex)
  // what is ignored may be anything: not even NaN comes through
  const counted = ignoreIndex === undefined ? undefined : counts(target, ignoreIndex).expandDims(axis)
  const known = (counted === undefined ? logits : where(counted, logits, 0)) as Tensor
  return labelledLoss(known.logSoftmax(axis), target, axis, { ...options, weights })
}
