import * as tf from '@tensorflow/tfjs'

/** @param variant 'cpu' or 'wasm' */
export const start = async (variant) => {
  if (variant === 'wasm') {
    const { setThreadsCount } = await import('@tensorflow/tfjs-backend-wasm')
    setThreadsCount(1)
  }
  await tf.setBackend(variant)
  await tf.ready()
}

/** The variable or tensor that a workload's data describe. */
export const tensorOf = ({ values, shape }) => tf.tensor(values, shape)
export const variableOf = (weights) => tf.variable(tensorOf(weights))

/** One step of an optimizer; the loss as a number. */
export const step = (optimizer, variables, loss) => {
  const cost = optimizer.minimize(loss, true, variables)
  const [value] = cost.dataSync()
  cost.dispose()
  return [value]
}

export const adam = (learningRate) => tf.train.adam(learningRate, 0.9, 0.999, 1e-8)
