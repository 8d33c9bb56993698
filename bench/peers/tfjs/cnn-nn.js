import * as tf from '@tensorflow/tfjs'
import { headOf, kernelOf } from './cnn.js'
import { adam, step, variableOf } from './start.js'

// channels last; running statistics as tf.layers.batchNormalization keeps them
const normOf = (channels) => {
  const [scale, shift] = [tf.variable(tf.ones([channels])), tf.variable(tf.zeros([channels]))]
  const [mean, variance] = [tf.variable(tf.zeros([channels]), false), tf.variable(tf.ones([channels]), false)]
  const follow = (running, next) => running.assign(running.mul(0.9).add(next.mul(0.1)))
  const forward = (x) => {
    const found = tf.moments(x, [0, 1, 2])
    follow(mean, found.mean)
    follow(variance, found.variance)
    return tf.batchNorm(x, found.mean, found.variance, shift, scale, 1e-5)
  }
  return { parameters: [scale, shift], forward }
}

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
  const [first, second] = [normOf(8), normOf(16)]
  const optimizer = adam(learningRate)
  const layer = (input, kernel, bias, norm) =>
    tf.maxPool(norm.forward(tf.conv2d(input, kernel, 1, 'same').add(bias)).relu(), [2, 2], [2, 2], 'valid')
  const loss = () => {
    const features = layer(layer(x, k1, b1, first), k2, b2, second).reshape([batch, 784])
    return tf.losses.softmaxCrossEntropy(y, features.matMul(w).add(b))
  }
  return () => step(optimizer, [k1, b1, ...first.parameters, k2, b2, ...second.parameters, w, b], loss)
}
