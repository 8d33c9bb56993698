import { type AnyTensor, type Arg, kinds, type Tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { classAxis, type LabelOptions, labelOptions, requireLabels } from './classes.js'
import type { Labelled } from './shape-rules.js'

const takes = checker('accuracy', { logits: kinds.tensor, labels: kinds.tensor, options: labelOptions })

/**
 * The share of examples whose largest logit is that of their label: logits [..., C], int32 labels [...]; or with the
 * classes on another `axis`. Those of the label `ignoreIndex` do not count; where none does it is 0.
 *
 * @throws ShapeError, DTypeError or IndexOutOfRangeError for labels that do not fit; AxisError
 * @example accuracy(tensor([[0, 1], [3, 2]]), tensor([1, 1], { dtype: 'int32' }))   // 0.5
 */
export function accuracy<L extends AnyTensor, T extends AnyTensor, A extends number = -1>(
  logits: L,
  labels: Arg<T, Labelled<'accuracy', L['shape'], T['shape'], A>>,
  options?: LabelOptions<A>,
): number
export function accuracy(logits: Tensor, labels: Tensor, options: LabelOptions = {}): number {
  takes(arguments)
  const { ignoreIndex } = options
  const predictions = { loss: 'accuracy', name: 'logits', of: logits }
  const axis = classAxis(predictions, options.axis ?? -1)
  requireLabels(predictions, labels, axis, ignoreIndex)
  const right = logits.detach().argmax(axis).equal(labels)
  if (ignoreIndex === undefined) return right.cast('float64').mean().item()
  const counted = labels.notEqual(ignoreIndex)
  const total = counted.cast('float64').sum().item()
  return total === 0 ? 0 : right.logicalAnd(counted).cast('float64').sum().item() / total
}
