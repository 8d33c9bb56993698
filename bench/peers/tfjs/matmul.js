import * as tf from '@tensorflow/tfjs'

export const program = ({ size, transposeA, transposeB, a, b }) => {
  const [x, y] = [tf.tensor(a, [size, size]), tf.tensor(b, [size, size])]
  return () => {
    const product = tf.matMul(x, y, transposeA, transposeB)
    const data = product.dataSync()
    product.dispose()
    return [data[1], data[size * size - 2]]
  }
}
