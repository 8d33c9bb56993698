import { type AnyTensor, type Arg, checker, kinds, type Tensor } from '@adjoint/autograd'
import { requireLabels } from './cross-entropy.js'
import type { Labelled } from './shape-rules.js'

const takes = checker('accuracy', { logits: kinds.tensor, labels: kinds.tensor })

/**
 * The share of examples whose largest logit is that of their label: logits [..., C], int32 labels [...].
 *
 * @throws ShapeError, DTypeError or IndexOutOfRangeError for labels that do not fit
 * @example accuracy(tensor([[0, 1], [3, 2]]), tensor([1, 1], { dtype: 'int32' }))   // 0.5
 */
export function accuracy<L extends AnyTensor, T extends AnyTensor>(
  logits: L,
  labels: Arg<T, Labelled<'accuracy', L['shape'], T['shape']>>,
): number
export function accuracy(logits: Tensor, labels: Tensor): number {
  takes(arguments)
  requireLabels('accuracy', logits, labels)
  return logits.detach().argmax(-1).equal(labels).cast('float64').mean().item()
}
