import { lax, nn, numpy as np } from '@jax-js/jax'
import { adam, arrayOf, crossEntropy, trainer } from './start.js'

const layer = (x, kernel, bias) => {
  const images = nn.relu(lax.conv(x, kernel, [1, 1], 'SAME').add(bias.reshape([-1, 1, 1])))
  return lax.reduceWindow(images, np.max, [2, 2], [2, 2])
}

export const program = ({ batch, images, labels, parameters, learningRate }, variant) => {
  const x = np.array(images).reshape([batch, 1, 28, 28])
  const y = nn.oneHot(np.array(labels), 10)
  const loss = ([k1, b1, k2, b2, w, b], x, y) => {
    const features = layer(layer(x, k1, b1), k2, b2).reshape([batch, 784])
    return crossEntropy(np.matmul(features, w).add(b), y)
  }
  return trainer(variant, loss, adam(learningRate), parameters.map(arrayOf), [x, y])
}
