import type { Tensor } from '@adjoint/autograd'
import type { GRUWeights, LSTMWeights, RecurrentWeights } from './weights.js'

// What cells compute in one round: from x @ inputWeight + bias, which all rounds have at once, and the states before.

/** The states after a round; the first is the output. */
export type Step<W> = (weights: W, projected: Tensor, states: readonly Tensor[]) => readonly Tensor[]

/** By which function an RNN keeps its states in bounds. */
export type RNNActivation = 'tanh' | 'relu'

/** Columns number `first` up to but not including `end`, in widths of the state. */
const gatesOf = (x: Tensor, size: number, first: number, end = first + 1): Tensor =>
  x.slice(-1, first * size, end * size) as Tensor

const lastOf = ({ shape }: Tensor): number => shape.at(-1)!

export const rnnStep =
  (activation: RNNActivation): Step<RecurrentWeights> =>
  ({ recurrentWeight }, projected, [hidden]) => {
    const sum = projected.add(hidden!.matmul(recurrentWeight)) as Tensor
    return [activation === 'relu' ? sum.relu() : sum.tanh()]
  }

export const lstmStep: Step<LSTMWeights> = ({ recurrentWeight, projectionWeight }, projected, [hidden, cell]) => {
  const size = lastOf(cell!)
  const gates = projected.add(hidden!.matmul(recurrentWeight)) as Tensor
  const keep = gatesOf(gates, size, 1).sigmoid().mul(cell!)
  const nextCell = keep.add(
    gatesOf(gates, size, 0)
      .sigmoid()
      .mul(gatesOf(gates, size, 2).tanh()),
  ) as Tensor
  const shown = gatesOf(gates, size, 3).sigmoid().mul(nextCell.tanh()) as Tensor
  return [projectionWeight === null ? shown : (shown.matmul(projectionWeight) as Tensor), nextCell]
}

export const gruStep =
  (resetAfter: boolean): Step<GRUWeights> =>
  ({ recurrentWeight, candidateBias }, projected, [hidden]) => {
    const size = lastOf(hidden!)
    const ofHidden = hidden!.matmul(resetAfter ? recurrentWeight : gatesOf(recurrentWeight, size, 0, 2)) as Tensor
    const gates = gatesOf(projected, size, 0, 2)
      .add(gatesOf(ofHidden, size, 0, 2))
      .sigmoid() as Tensor
    const [reset, update] = [gatesOf(gates, size, 0), gatesOf(gates, size, 1)]
    let product: Tensor
    if (resetAfter) {
      const candidate = gatesOf(ofHidden, size, 2)
      product = reset.mul(candidateBias === null ? candidate : candidate.add(candidateBias)) as Tensor
    } else product = reset.mul(hidden!).matmul(gatesOf(recurrentWeight, size, 2)) as Tensor
    const next = gatesOf(projected, size, 2).add(product).tanh() as Tensor
    return [next.add(update.mul(hidden!.sub(next)))]
  }
