import type { Tensor } from '@adjoint/autograd'
import type { Optimizer } from '../optimizers/optimizer.js'
import { leavesOf } from '../state/leaves.js'
import type { Model } from './evaluate.js'

const told = new WeakSet<Optimizer>()

/**
 * Warns, once for an optimizer, of parameters that a loss depends on and the optimizer does not have, and of those that it
 * has and the loss does not depend on.
 */
export const warnOfUntrained = (model: Model, optimizer: Optimizer, loss: Tensor): void => {
  if (told.has(optimizer)) return
  told.add(optimizer)
  const used = new Set(leavesOf(loss))
  const trained = new Set(optimizer.parameters)
  const forgotten = [...used].filter((parameter) => !trained.has(parameter)).sort((a, b) => a.id - b.id)
  // one that was frozen since is meant to stay as it is
  const idle = optimizer.parameters.filter((parameter) => parameter.requiresGrad && !used.has(parameter))
  if (forgotten.length === 0 && idle.length === 0) return

  const paths = new Map([...model.namedParameters()].map(([path, parameter]) => [parameter, path]))
  const list = (parameters: readonly Tensor[]): string => {
    const names = parameters.slice(0, most).map((parameter) => {
      const path = paths.get(parameter)
      return path === undefined ? `${parameter}, which the model does not hold` : `'${path}' (${parameter})`
    })
    const more = parameters.length - names.length
    return names.join('; ') + (more > 0 ? `; and ${more} more` : '')
  }
  if (forgotten.length > 0) {
    console.warn(
      `adjoint: fit: the loss depends on parameters that the optimizer does not have, so they are not trained: ` +
        `${list(forgotten)}. Make the optimizer of model.parameters(), hold parameters where the model finds them (not in ` +
        '#private fields), and set requiresGrad = false on those that are to stay as they are.',
    )
  }
  if (idle.length > 0) {
    console.warn(
      `adjoint: fit: the loss of the first batch does not depend on parameters of the optimizer, and where it does not they ` +
        `stay as they are: ${list(idle)}.`,
    )
  }
}

/** So many are named. */
const most = 5
