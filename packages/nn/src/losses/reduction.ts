import type { Tensor } from '@adjoint/autograd'
import { OptionError } from '../errors.js'

/** What becomes of the losses of the examples: their mean, their sum, or a tensor of them. */
export type Reduction = 'mean' | 'sum' | 'none'

export interface LossOptions<R extends Reduction = Reduction> {
  /** Default 'mean'. */
  readonly reduction?: R
}

export const reduce = (loss: string, losses: Tensor, reduction: Reduction): Tensor => {
  switch (reduction) {
    case 'mean':
      return losses.mean()
    case 'sum':
      return losses.sum()
    case 'none':
      return losses
    default:
      throw new OptionError(`${loss}: reduction is '${String(reduction)}'; use 'mean', 'sum' or 'none'.`)
  }
}
