import { type ArgumentCheck, kinds, type OptionKinds, type Tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'

/** What becomes of the losses of the examples: their mean, their sum, or a tensor of them. */
export type Reduction = 'mean' | 'sum' | 'none'

/** What becomes of the losses of the elements. */
export interface LossOptions<R extends Reduction = Reduction> {
  /** Default 'mean'. */
  readonly reduction?: R
}

/** What a loss takes; and its options alone, for the module of it. */
export type LossCheck = ArgumentCheck & { readonly options: OptionKinds }

/** What a loss takes, predictions under the name that they have there, and options beside the reduction. */
export const lossChecker = (loss: string, predictions: string, options: OptionKinds = {}): LossCheck =>
  tensorsChecker(loss, [predictions, 'target'], options)

/** What a loss of tensors under these names takes. */
export const tensorsChecker = (loss: string, names: readonly string[], options: OptionKinds = {}): LossCheck => {
  const all = { reduction: kinds.oneOf('mean', 'sum', 'none'), ...options }
  const tensors = Object.fromEntries(names.map((name) => [name, kinds.tensor]))
  return Object.assign(checker(loss, { ...tensors, options: all }), { options: all })
}

export const reduce = (losses: Tensor, { reduction = 'mean' }: LossOptions): Tensor => {
  switch (reduction) {
    case 'mean':
      return losses.mean()
    case 'sum':
      return losses.sum()
    case 'none':
      return losses
  }
}
