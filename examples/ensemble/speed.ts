import { type AnyTensor, compile, type Tensor } from '@adjoint/autograd'
import { Adam, crossEntropy, type Module } from '@adjoint/nn'
import type { Digits } from '../data/mnist.js'
import { Ensemble, type Member } from './model.js'
import type { Own, OwnOrders } from './own-orders.js'

/** What a step of the same networks takes, in milliseconds at best, and how far their parameters are apart in the end. */
export interface Race {
  readonly hidden: number
  readonly together: number
  readonly apart: number
  readonly difference: number
}

/** Trains networks as one by `vmap`, and one after another in a loop: each step of the one is followed by one of the other. */
export const race = (members: readonly Member[], data: OwnOrders, learningRate: number): Race => {
  const ensemble = new Ensemble(members)
  const all = stepOf(ensemble, learningRate, (x: Own['x'], y: Own['y']) => lossOfAll(ensemble.forward(x), y))
  const each = members.map((member) =>
    stepOf(member, learningRate, (x: Digits['images'], y: Digits['labels']) => crossEntropy(member.forward(x), y)),
  )
  let [together, apart] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (const { x, y } of data) {
    const parts = each.map((_, i) => [x.at(i), y.at(i)] as const)
    const start = performance.now()
    all(x, y).item()
    const middle = performance.now()
    parts.forEach(([images, labels], i) => {
      each[i]!(images, labels).item()
    })
    together = Math.min(together, middle - start)
    apart = Math.min(apart, performance.now() - middle)
  }
  const difference = members.flatMap((member, i) => {
    const state = ensemble.stateOf(i)
    return Object.entries(member.stateDict()).map(([name, tensor]) => tensor.sub(state[name]!).abs().max().item())
  })
  return {
    hidden: members[0]!.layers[0].weight.shape[1],
    together,
    apart,
    difference: Math.max(...difference),
  }
}

/** The sum over members of their own mean losses: each gets the gradient that it would have alone. */
export const lossOfAll = (scores: Tensor<[number, number, 10]>, labels: Tensor<[number, number]>): Tensor<[]> =>
  crossEntropy(scores, labels).mul(scores.shape[0])

const stepOf = <X extends AnyTensor, Y extends AnyTensor>(
  model: Module,
  learningRate: number,
  lossOf: (x: X, y: Y) => Tensor<[]>,
) => {
  const optimizer = new Adam(model, { learningRate })
  return compile((x: X, y: Y) => {
    const loss = lossOf(x, y)
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
    return loss
  })
}
