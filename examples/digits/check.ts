import { Random, type Tensor } from '@adjoint/autograd'
import { gradcheck, type Report } from '@adjoint/autograd/gradcheck'
import { crossEntropy } from '@adjoint/nn'
import type { Digits } from '../data/mnist.js'
import { createModel, type DigitModel } from './model.js'

/** How many hidden neurons the model that is checked has. */
export const narrow = 16

type Weights = readonly Tensor[]

/**
 * Checks the gradients of the model's loss on a few images, in float64: what reverse mode and forward mode say must be
 * what differences show. The rules do not depend on the width, so a model with a narrow hidden layer stands for all.
 */
export const checkModel = ({ images, labels }: Digits, batchSize = 4): Report => {
  const model = createModel(new Random(1), narrow)
  const x = images.slice(0, 0, batchSize).cast('float64')
  const y = labels.slice(0, 0, batchSize)
  const loss = (...weights: Weights) => withWeights(model, weights, () => crossEntropy(model.forward(x), y))
  return gradcheck(loss, model.parameters())
}

/** Runs the model with other tensors in the place of its parameters, so that it is a function of them. */
const withWeights = <R>(model: DigitModel, [weight1, bias1, weight2, bias2]: Weights, run: () => R): R => {
  const [, first, , second] = model.layers
  const own = [first, second].map(({ weight, bias }) => ({ weight, bias }))
  try {
    Object.assign(first, { weight: weight1, bias: bias1 })
    Object.assign(second, { weight: weight2, bias: bias2 })
    return run()
  } finally {
    Object.assign(first, own[0])
    Object.assign(second, own[1])
  }
}
