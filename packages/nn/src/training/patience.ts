import { kinds, type Tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { requireAmount, requireCount } from '../errors.js'
import { amount, count } from '../kinds.js'
import type { Model } from './evaluate.js'

/** When training ends before its last epoch. */
export interface EarlyStopping {
  /** Stop after this many epochs in a row without a better loss (on the validation data, if there are any). */
  readonly patience: number
  /** How much lower a loss must be to count as better. Default 0. */
  readonly minDelta?: number
  /** Give the model the state of its best epoch in the end: parameters and buffers. Default false. */
  readonly restoreBest?: boolean
}

/** What early stopping has seen, to be saved. */
export interface PatienceState {
  readonly best: number
  readonly waited: number
  /** The model's state at its best epoch, if it is to be restored. */
  readonly state?: Readonly<Record<string, Tensor>>
}

const takes = checker('fit', {
  earlyStopping: { patience: kinds.required(count), minDelta: amount, restoreBest: kinds.boolean },
})

/** Watches for a lower loss. */
export const createPatience = (model: Model, earlyStopping: EarlyStopping) => {
  takes([earlyStopping])
  const { patience, minDelta = 0, restoreBest = false } = earlyStopping
  requireCount('fit', 'earlyStopping.patience', patience)
  requireAmount('fit', 'earlyStopping.minDelta', minDelta)
  let seen: PatienceState = { best: Number.POSITIVE_INFINITY, waited: 0 }
  return {
    isOver: (loss: number): boolean => {
      if (loss < seen.best - minDelta) {
        seen = { best: loss, waited: 0, ...(restoreBest && { state: model.stateDict() }) }
        return false
      }
      seen = { ...seen, waited: seen.waited + 1 }
      return seen.waited >= patience
    },
    /** Whether a training that is resumed had been stopped. */
    wasOver: (): boolean => seen.waited >= patience,
    state: (): PatienceState => seen,
    resume: (state: PatienceState): void => {
      seen = state
    },
    finish: (): void => {
      if (seen.state) model.loadStateDict(seen.state)
    },
  }
}
