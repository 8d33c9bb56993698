import * as tf from '@tensorflow/tfjs'
import { adam, step, variableOf } from './start.js'

export const program = ({ batch, images, labels, parameters, learningRate }) => {
  const x = tf.tensor(images, [batch, 784])
  const y = tf.oneHot(tf.tensor1d(labels, 'int32'), 10).toFloat()
  const variables = parameters.map(variableOf)
  const [w1, b1, w2, b2, w3, b3] = variables
  const optimizer = adam(learningRate)
  const loss = () => {
    const hidden = x.matMul(w1).add(b1).relu().matMul(w2).add(b2).relu()
    return tf.losses.softmaxCrossEntropy(y, hidden.matMul(w3).add(b3))
  }
  return () => step(optimizer, variables, loss)
}
