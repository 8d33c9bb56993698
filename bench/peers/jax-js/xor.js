import { nn, numpy as np } from '@jax-js/jax'
import { arrayOf, sgd, trainer } from './start.js'

const loss = ([w1, b1, w2, b2], x, y) => {
  const hidden = nn.sigmoid(np.matmul(x, w1).add(b1))
  return np.mean(np.square(nn.sigmoid(np.matmul(hidden, w2).add(b2)).sub(y)))
}

export const program = ({ parameters, learningRate }, variant) => {
  const x = np.array([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ])
  const y = np.array([[0], [1], [1], [0]])
  return trainer(variant, loss, sgd(learningRate), parameters.map(arrayOf), [x, y])
}
