import type { AnyTensor, Tensor } from '@adjoint/autograd'
import { zeros } from '@adjoint/autograd'
import { requireFeatures } from '../features.js'
import { requireDType, requireState } from './arguments.js'
import type { Step } from './steps.js'
import type { RecurrentWeights } from './weights.js'

interface Sizes {
  readonly inputs: number
  readonly hidden: number
}

/**
 * One step of a cell.
 *
 * @param given states by what messages call them; null for zeros
 */
export const round = <W extends RecurrentWeights>(
  cell: Sizes,
  step: Step<W>,
  weights: W,
  x: Tensor,
  given: readonly (readonly [what: string, state: AnyTensor | null])[],
): readonly Tensor[] => {
  const { inputWeight, bias } = weights
  requireFeatures(cell, cell.inputs, x)
  requireDType(cell, 'x', x, inputWeight)
  const shape = [...x.shape.slice(0, -1), cell.hidden]
  const states = given.map(([what, state]) => {
    if (state === null) return zeros(shape, { dtype: inputWeight.dtype }) as Tensor
    requireState(cell, what, state as Tensor, shape, 'as x, with hidden features', inputWeight)
    return state as Tensor
  })
  const product = x.matmul(inputWeight) as Tensor
  return step(weights, bias === null ? product : (product.add(bias) as Tensor), states)
}
