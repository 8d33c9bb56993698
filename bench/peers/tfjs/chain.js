import * as tf from '@tensorflow/tfjs'

export const program = ({ length, start, factor, summand, parameters }) => {
  const leaves = parameters ? [start, factor, summand] : [start]
  const at = leaves.map((number) => tf.tensor1d([number]))
  const both = tf.valueAndGrads((x, w = factor, b = summand) => {
    let y = x
    for (let i = 0; i < length; i += 2) y = y.mul(w).add(b)
    return y.sum()
  })
  return () => {
    const { value, grads } = both(at)
    const figures = [value, ...grads].map((tensor) => tensor.dataSync()[0])
    tf.dispose([value, grads])
    return figures
  }
}
