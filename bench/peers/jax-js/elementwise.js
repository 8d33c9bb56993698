import { jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax'

const f = (x) =>
  np
    .tanh(x.ref.mul(2).add(1))
    .mul(nn.sigmoid(x.ref))
    .add(np.exp(np.negative(np.square(x))))

export const program = ({ x }, variant) => {
  const at = np.array(x)
  const both = valueAndGrad((x) => f(x).sum())
  const run = variant === 'jit' ? jit(both) : both
  return () => {
    const [value, gradient] = run(at.ref)
    const [sum] = value.dataSync()
    const data = gradient.dataSync()
    return [sum, data[0], data[data.length - 1]]
  }
}
