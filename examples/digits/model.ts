import type { Random, Shaped, Tensor } from '@adjoint/autograd'
import { Layer, Linear, ReLU, Sequential } from '@adjoint/nn'

/** Ink as numbers with mean 0 and standard deviation 1 over all images: learning starts better there. */
class Standardize extends Layer {
  declare readonly out: Shaped<this['in']>

  protected run(x: Tensor): Tensor {
    return x.sub(0.13).div(0.31)
  }
}

/** 784 pixels, a hidden layer, and a score for each of the ten digits. */
export const createModel = (random: Random, hidden = 96) =>
  new Sequential(new Standardize(), new Linear(784, hidden, { random }), new ReLU(), new Linear(hidden, 10, { random }))

export type DigitModel = ReturnType<typeof createModel>
