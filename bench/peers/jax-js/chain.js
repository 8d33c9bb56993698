import { numpy as np, tree, valueAndGrad } from '@jax-js/jax'

const refOf = (operand) => (typeof operand === 'number' ? operand : operand.ref)

export const program = ({ length, start, factor, summand, parameters }, variant) => {
  // the workload is about ops that run one by one
  if (variant === 'jit') return null
  const at = (parameters ? [start, factor, summand] : [start]).map((number) => np.array([number]))
  const both = valueAndGrad(([x, w = factor, b = summand]) => {
    let y = x
    for (let i = 0; i < length; i += 2) y = y.mul(refOf(w)).add(refOf(b))
    if (parameters) tree.dispose([w, b])
    return y.sum()
  })
  return () => {
    const [value, gradients] = both(tree.ref(at))
    return [value, ...gradients].map((array) => array.dataSync()[0])
  }
}
