import {
  type AnyTensor,
  type Arg,
  DTypeError,
  elementwise,
  IndexOutOfRangeError,
  type ScalarFunction,
  ShapeError,
  type Tensor,
} from '@adjoint/autograd'
import { requireElements } from '../elements.js'
import { formatShape, sameShape } from '../shapes.js'
import { requireFloat } from './pairs.js'
import { type LossOptions, lossChecker, type Reduction, reduce } from './reduction.js'
import type { Classified, Reduced } from './shape-rules.js'

// a class that cannot be, and is not, costs nothing: 0 * -Infinity is 0
const weigh: ScalarFunction<2> = (m, p, logQ) =>
  m.select(m.logicalAnd(m.equal(p, 0), m.equal(logQ, Number.NEGATIVE_INFINITY)), 0, m.mul(p, logQ))
const weighted = elementwise('crossEntropy', weigh)

const takes = lossChecker('crossEntropy', 'logits')

/**
 * -log softmax(logits)[target] along the last axis: logits [..., C] with int32 labels [...] from 0 to C - 1, or with the
 * probabilities of the classes [..., C]. The mean is over the examples. It is exact for logits of any size, infinite ones
 * too: what is certain and right costs 0 and has a gradient of 0, what is certain and wrong costs Infinity.
 *
 * @throws ShapeError for targets of another shape; DTypeError for labels that are not int32, and for logits that are no
 *   floats; IndexOutOfRangeError for a label outside the classes
 * @example crossEntropy(tensor([[0, 0], [5, 5]]), tensor([0, 1], { dtype: 'int32' }))   // Math.log(2)
 */
export function crossEntropy<L extends AnyTensor, T extends AnyTensor, R extends Reduction = 'mean'>(
  logits: L,
  target: Arg<T, Classified<'crossEntropy', L['shape'], T['shape']>>,
  options?: LossOptions<R>,
): Reduced<Classified<'crossEntropy', L['shape'], T['shape']>, R>
export function crossEntropy(logits: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  takes(arguments)
  requireFloat('crossEntropy', 'logits', logits)
  requireClasses('crossEntropy', logits)
  if (target.dtype !== 'int32' && sameShape(logits.shape, target.shape)) {
    const losses = weighted(target, logits.logSoftmax()).sum(-1)
    return reduce(losses, options).neg()
  }
  requireLabels('crossEntropy', logits, target)
  const picked = logits.logSoftmax().gather(target.expandDims(-1), -1)
  return reduce(options.reduction === 'none' ? (picked.squeeze(-1) as Tensor) : picked, options).neg()
}

const requireClasses = (name: string, logits: AnyTensor): void => {
  if (logits.shape.length > 0) return
  throw new ShapeError(`${name}: logits need a last axis of classes, got a scalar; stack the classes.`)
}

/** Throws unless labels are int32, one for each example, and from 0 to the number of classes less one. */
export const requireLabels = (name: string, logits: AnyTensor, labels: AnyTensor): void => {
  requireClasses(name, logits)
  const { shape } = logits
  const batch = shape.slice(0, -1)
  const classes = shape.at(-1)!
  if (!sameShape(batch, labels.shape)) {
    const hint = sameShape(shape, labels.shape)
      ? `they look like one-hot rows: take argmax(-1), or cast them to ${logits.dtype} as probabilities`
      : 'use squeeze, reshape or ravel on them'
    throw new ShapeError(
      `${name}: logits ${formatShape(shape)} need targets ${formatShape(batch)}, got ${formatShape(labels.shape)}; ${hint}.`,
    )
  }
  if (labels.dtype !== 'int32') {
    throw new DTypeError(
      `${name}: targets ${labels} are no labels; class numbers are int32: tensor([...], { dtype: 'int32' }) or ` +
        "labels.cast('int32').",
    )
  }
  requireElements(
    labels,
    (label) => label >= 0 && label < classes,
    (label, place) =>
      new IndexOutOfRangeError(
        `${name}: label ${label} at ${place} is out of range for ${classes} classes (the last axis of logits ` +
          `${formatShape(shape)}); labels go from 0 to ${classes - 1}.`,
      ),
  )
}
