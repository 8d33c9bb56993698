import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax'

export const start = async () => {
  // it reads the number of cores there
  globalThis.navigator ??= { hardwareConcurrency: 1 }
  await init('wasm')
  defaultDevice('wasm')
}

/** The array that a workload's data describe. */
export const arrayOf = ({ values, shape }) => np.array(values).reshape(shape)

/** One step of training with a loss of (parameters, ...data): jitted as a whole, or op by op. */
export const trainer = (variant, loss, update, parameters, data) => {
  const whole = (parameters, state, rates, data) => {
    const [value, gradient] = valueAndGrad(loss)(tree.ref(parameters), ...data)
    return [value, ...update(parameters, gradient, state, rates)]
  }
  const step = variant === 'jit' ? jit(whole) : whole
  let state = update.start(parameters)
  let steps = 0
  return () => {
    steps++
    const [value, nextParameters, nextState] = step(parameters, state, update.rates(steps), tree.ref(data))
    parameters = nextParameters
    state = nextState
    const [number] = value.dataSync()
    return [number]
  }
}

/** Gradient descent. */
export const sgd = (learningRate) => {
  const update = (parameters, gradients, state) => [
    tree.map((p, g) => p.sub(g.mul(learningRate)), parameters, gradients),
    state,
  ]
  update.start = () => []
  update.rates = () => []
  return update
}

/** Adam, and AdamW with a weight decay; both corrections of the bias are arrays, or each step would be traced anew. */
export const adam = (learningRate, weightDecay = 0) => {
  const update = (parameters, gradients, [means, squares], [scale, rate]) => {
    means = tree.map((m, g) => m.mul(0.9).add(g.mul(0.1)), means, tree.ref(gradients))
    squares = tree.map((v, g) => v.mul(0.999).add(np.square(g).mul(0.001)), squares, gradients)
    const next = tree.map(
      (p, m, v) =>
        p.mul(1 - learningRate * weightDecay).sub(m.mul(rate.ref).div(np.sqrt(v).add(np.multiply(scale.ref, 1e-8)))),
      parameters,
      tree.ref(means),
      tree.ref(squares),
    )
    scale.dispose()
    rate.dispose()
    return [next, [means, squares]]
  }
  const zeros = (parameters) => tree.map((p) => np.zeros(p.shape), parameters)
  update.start = (parameters) => [zeros(parameters), zeros(parameters)]
  update.rates = (steps) => {
    const scale = Math.sqrt(1 - 0.999 ** steps)
    return [np.array([scale]), np.array([(learningRate * scale) / (1 - 0.9 ** steps)])]
  }
  return update
}

/** The mean of -log softmax(logits) at the labels, given as one-hot rows. */
export const crossEntropy = (logits, oneHot) => {
  const count = oneHot.shape.slice(0, -1).reduce((a, b) => a * b, 1)
  return nn
    .logSoftmax(logits)
    .mul(oneHot)
    .sum()
    .mul(-1 / count)
}
