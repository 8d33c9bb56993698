import { noGrad, parameter, type Tensor, tensor } from '@adjoint/autograd'
import { inputs, targets } from './by-hand.js'

const float64 = { dtype: 'float64' } as const
const X = tensor(inputs, float64).as([4, 2])
const Y = tensor(targets, float64).as([4, 1])

export interface Initial {
  readonly W1: Tensor<[2, 4]>
  readonly W2: Tensor<[4, 1]>
}

/** The network with the pass forward only: the derivatives are adjoint's. */
export class Network {
  readonly W1: Tensor<[2, 4]>
  readonly b1: Tensor<[1, 4]>
  readonly W2: Tensor<[4, 1]>
  readonly b2: Tensor<[1, 1]>

  constructor({ W1, W2 }: Initial) {
    this.W1 = parameter(W1)
    this.b1 = parameter(tensor([[0, 0, 0, 0]], float64))
    this.W2 = parameter(W2)
    this.b2 = parameter(tensor([[0]], float64))
  }

  forward() {
    const h = X.matmul(this.W1).add(this.b1).sigmoid()
    const p = h.matmul(this.W2).add(this.b2).sigmoid()
    const E = Y.sub(p).square().sum().div(2)
    return { X, Y, h, p, E }
  }

  /** One epoch: forward, backward, and a step down the slope. Returns the mean squared error before the step. */
  train(learningRate: number): number {
    const { E } = this.forward()
    E.backward()
    noGrad(() => {
      for (const weights of this.parameters()) {
        weights.assign(weights.sub(weights.grad.mul(learningRate)))
        weights.zeroGrad()
      }
    })
    return (2 * E.item()) / targets.length
  }

  parameters(): Tensor[] {
    return [this.W1, this.b1, this.W2, this.b2]
  }

  /** The weights, or the gradients where `backward()` has left them, as arrays of rows. */
  rows(of: 'value' | 'grad') {
    const read = (weights: Tensor<[number, number]>) => (of === 'grad' ? weights.grad : weights).toArray()
    return { W1: read(this.W1), b1: read(this.b1), W2: read(this.W2), b2: read(this.b2) }
  }
}
