import * as tf from '@tensorflow/tfjs'
import { adam, step, tensorOf, variableOf } from './start.js'

// tfjs has channels last: the kernels are turned, and so are the rows of the last layer, which reads features
export const kernelOf = (weights) => tf.variable(tensorOf(weights).transpose([2, 3, 1, 0]))
export const headOf = (weights) =>
  tf.variable(tensorOf(weights).reshape([16, 7, 7, 10]).transpose([1, 2, 0, 3]).reshape([784, 10]))

export const program = ({ batch, images, labels, parameters, learningRate }) => {
  const x = tf.tensor(images, [batch, 28, 28, 1])
  const y = tf.oneHot(tf.tensor1d(labels, 'int32'), 10).toFloat()
  const [k1, b1, k2, b2] = [
    kernelOf(parameters[0]),
    variableOf(parameters[1]),
    kernelOf(parameters[2]),
    variableOf(parameters[3]),
  ]
  const [w, b] = [headOf(parameters[4]), variableOf(parameters[5])]
  const optimizer = adam(learningRate)
  const layer = (input, kernel, bias) =>
    tf.maxPool(tf.conv2d(input, kernel, 1, 'same').add(bias).relu(), [2, 2], [2, 2], 'valid')
  const loss = () => {
    const features = layer(layer(x, k1, b1), k2, b2).reshape([batch, 784])
    return tf.losses.softmaxCrossEntropy(y, features.matMul(w).add(b))
  }
  return () => step(optimizer, [k1, b1, k2, b2, w, b], loss)
}
