import * as tf from '@tensorflow/tfjs'
import { step, variableOf } from './start.js'

export const program = ({ parameters, learningRate }) => {
  const x = tf.tensor2d([0, 0, 0, 1, 1, 0, 1, 1], [4, 2])
  const y = tf.tensor2d([0, 1, 1, 0], [4, 1])
  const variables = parameters.map(variableOf)
  const [w1, b1, w2, b2] = variables
  const optimizer = tf.train.sgd(learningRate)
  const loss = () => x.matMul(w1).add(b1).sigmoid().matMul(w2).add(b2).sigmoid().squaredDifference(y).mean()
  return () => step(optimizer, variables, loss)
}
