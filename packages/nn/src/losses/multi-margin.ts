import {
  type AnyTensor,
  type Arg,
  arange,
  elementwise,
  kinds,
  type ScalarFunction,
  type Tensor,
  where,
  zeros,
} from '@adjoint/autograd'
import { requireOption } from '../errors.js'
import { classAxis, requireClassNumbers, requireLabels, requireWeights } from './classes.js'
import { requireFloat, requirePair } from './pairs.js'
import { type LossOptions, lossChecker, type Reduction, reduce } from './reduction.js'
import type { ClassPaired, Labelled, Reduced } from './shape-rules.js'

/** The settings of `multiMargin`. */
export interface MultiMarginOptions<R extends Reduction = Reduction> extends LossOptions<R> {
  /** The power of what a class is too near by, 1 or 2; default 1. */
  readonly p?: 1 | 2
  /** By how much the right class should lead; default 1. */
  readonly margin?: number
  /** What each class weighs where it is the right one, `[C]`: numbers of at least 0. Default 1. */
  readonly weights?: AnyTensor
}

// The gap first: scores of any size have one. Where two are equally infinite it is NaN, but for those that do not count.
const near: ScalarFunction<5> = (m, counts, weight, other, own, margin) =>
  m.select(m.equal(counts, 0), 0, m.scale(weight, m.relu(m.add(margin, m.sub(other, own)))))
const nearSquared: ScalarFunction<5> = (m, counts, weight, other, own, margin) =>
  m.select(m.equal(counts, 0), 0, m.scale(weight, m.square(m.relu(m.add(margin, m.sub(other, own))))))
const hinges = { 1: elementwise('multiMargin', near), 2: elementwise('multiMargin', nearSquared) }

export const takesMultiMargin = lossChecker('multiMargin', 'scores', {
  p: kinds.number,
  margin: kinds.number,
  weights: kinds.tensor,
})
export const takesMultilabel = lossChecker('multilabelMargin', 'scores')

/**
 * The margins by which the score of the label does not lead, w[y] sum over c != y of max(0, margin + x[c] - x[y])^p / C:
 * scores x [..., C] with int32 labels y [...] from 0 to C - 1. The mean is over the examples, whatever they weigh. Where a
 * margin is just kept the derivative is 0.
 *
 * @throws ShapeError for labels or weights of another shape; DTypeError for labels that are not int32, and for scores that
 *   are no floats; IndexOutOfRangeError for a label outside the classes; OptionError for another p, a margin that is not
 *   finite and negative weights
 * @example multiMargin(tensor([[1, 0.5, 3]]), tensor([0], { dtype: 'int32' }))   // (0.5 + 3) / 3
 */
export function multiMargin<X extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean'>(
  scores: X,
  target: Arg<T, Labelled<'multiMargin', X['shape'], T['shape'], -1, 'scores'>>,
  options?: MultiMarginOptions<R>,
): Reduced<Labelled<'multiMargin', X['shape'], T['shape'], -1, 'scores'>, R>
export function multiMargin(scores: Tensor, target: Tensor, options: MultiMarginOptions = {}): Tensor {
  takesMultiMargin(arguments)
  const { p = 1, margin = 1 } = options
  const weights = options.weights as Tensor | undefined
  const predictions = { loss: 'multiMargin', name: 'scores', of: scores }
  requireFloat('multiMargin', 'scores', scores)
  const axis = classAxis(predictions, -1)
  requireOption('multiMargin', 'p', p, p === 1 || p === 2, '1 or 2')
  requireOption('multiMargin', 'margin', margin, Number.isFinite(margin), 'a finite number')
  if (weights !== undefined) requireWeights(predictions, weights, axis)
  requireLabels(predictions, target, axis)
  const labels = target.expandDims(-1)
  const others = arange(scores.shape[axis]!, { dtype: 'int32' }).notEqual(labels).cast(scores.dtype)
  const weight = weights?.indexSelect(labels) ?? 1
  return reduce(hinges[p](others, weight, scores, scores.gather(labels, -1), margin).mean(-1) as Tensor, options)
}

/**
 * The margins of 1 by which scores of an example's classes do not lead those of the others: the sum of
 * max(0, 1 + x[c] - x[y]) / C over its classes y and all c that are none of them. The int32 target [..., C] lists the
 * classes of each example in front; -1 ends them, and what follows it is not read. Where a margin is just kept the
 * derivative is 0. It takesMultiMargin memory for all pairs of classes.
 *
 * @throws ShapeError if the shapes differ; DTypeError for a target that is not int32, and for scores that are no floats;
 *   IndexOutOfRangeError for a label outside the classes
 * @example
 * const classes = tensor([[2, 0, -1]], { dtype: 'int32' })
 * multilabelMargin(tensor([[1, 0.5, 3]]), classes)   // 0.5 / 3
 */
export function multilabelMargin<X extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean'>(
  scores: X,
  target: Arg<T, ClassPaired<'multilabelMargin', X['shape'], T['shape'], 'scores'>>,
  options?: LossOptions<R>,
): Reduced<ClassPaired<'multilabelMargin', X['shape'], T['shape'], 'scores'>, R>
export function multilabelMargin(scores: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  takesMultilabel(arguments)
  const predictions = { loss: 'multilabelMargin', name: 'scores', of: scores }
  requireFloat('multilabelMargin', 'scores', scores)
  const axis = classAxis(predictions, -1)
  requirePair('multilabelMargin', scores, target)
  requireClassNumbers(predictions, target, axis, -1, 'ends them')
  const listed = target.less(0).cast('int32').cumSum(-1).equal(0)
  const classes = where(listed, target, 0) as Tensor
  const among = zeros(target.shape, { dtype: scores.dtype })
    .scatterAdd(classes, listed.cast(scores.dtype), -1)
    .notEqual(0)
  const counts = listed.expandDims(-1).logicalAnd(among.logicalNot().expandDims(-2)).cast(scores.dtype)
  const own = scores.gather(classes, -1).expandDims(-1)
  return reduce(
    hinges[1](counts, 1, scores.expandDims(-2), own, 1).sum([-2, -1]).div(scores.shape[axis]!) as Tensor,
    options,
  )
}
