import { customOp, elementwise, type Tensor, tensor } from '@adjoint/autograd'

/**
 * An elementwise op is an expression. Its derivatives of every order follow from it: nothing more is to be written.
 *
 * Pseudo-Huber: about r^2 / 2 near zero and |r| far from it, so that a wild measurement pulls no harder than others.
 */
export const pseudoHuber = elementwise('pseudoHuber', (m, r) => m.sub(m.sqrt(m.add(1, m.mul(r, r))), 1))

const weight = 0.3

/** A running mean: each element moves a third of the way from the mean so far to the next input. A loop, no tensor op. */
const runningMean = (x: Tensor): Tensor => {
  let mean = 0
  const means = Float64Array.from(x.data, (input) => {
    mean += weight * (input - mean)
    return mean
  })
  return tensor(means, { dtype: x.dtype })
}

/**
 * An op with a computation of its own needs a rule. Here output t depends on the inputs up to t, so input s is felt by
 * the outputs from s on: cotangents pass through the same loop with time reversed. The rule calls the op itself, so it
 * can be differentiated again.
 */
export const smooth: (x: Tensor) => Tensor = customOp({
  name: 'smooth',
  forward: runningMean,
  vjp: (g: Tensor) => [smooth(g.flip(0)).flip(0)],
})

/** The same with a mistake that is easily made: time runs forward in the rule too. */
export const smoothWrong: (x: Tensor) => Tensor = customOp({
  name: 'smoothWrong',
  forward: runningMean,
  vjp: (g: Tensor) => [smooth(g)],
})
