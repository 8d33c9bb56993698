import { nn, numpy as np } from '@jax-js/jax'
import { adam, arrayOf, crossEntropy, trainer } from './start.js'

const loss = ([w1, b1, w2, b2, w3, b3], x, y) => {
  const first = nn.relu(np.matmul(x, w1).add(b1))
  const second = nn.relu(np.matmul(first, w2).add(b2))
  return crossEntropy(np.matmul(second, w3).add(b3), y)
}

export const program = ({ batch, images, labels, parameters, learningRate }, variant) => {
  const x = np.array(images).reshape([batch, 784])
  const y = nn.oneHot(np.array(labels), 10)
  return trainer(variant, loss, adam(learningRate), parameters.map(arrayOf), [x, y])
}
