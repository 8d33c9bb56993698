import * as tf from '@tensorflow/tfjs'

const f = (x) => x.mul(2).add(1).tanh().mul(x.sigmoid()).add(x.square().neg().exp())

export const program = ({ x }) => {
  const at = tf.tensor1d(x)
  const both = tf.valueAndGrad((x) => f(x).sum())
  return () => {
    const { value, grad } = both(at)
    const [sum] = value.dataSync()
    const data = grad.dataSync()
    tf.dispose([value, grad])
    return [sum, data[0], data[data.length - 1]]
  }
}
