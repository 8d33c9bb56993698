import * as tf from '@tensorflow/tfjs'
import { adam, step, variableOf } from './start.js'

export const program = ({ steps, batch, hidden, inputs, labels, parameters, learningRate }) => {
  const x = tf.tensor(inputs, [steps, batch, hidden]).unstack(0)
  const y = tf.oneHot(tf.tensor1d(labels, 'int32'), 10).toFloat()
  const variables = parameters.map(variableOf)
  const [wx, wh, b, w, c] = variables
  const optimizer = adam(learningRate)
  const loss = () => {
    let state = tf.zeros([batch, hidden])
    let cell = tf.zeros([batch, hidden])
    for (const input of x) {
      const [i, f, g, o] = input.matMul(wx).add(state.matMul(wh)).add(b).split(4, 1)
      cell = f.sigmoid().mul(cell).add(i.sigmoid().mul(g.tanh()))
      state = o.sigmoid().mul(cell.tanh())
    }
    return tf.losses.softmaxCrossEntropy(y, state.matMul(w).add(c))
  }
  return () => step(optimizer, variables, loss)
}
