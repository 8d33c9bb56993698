import type { ScalarFunction } from '@adjoint/autograd'

/** The gradient of the loss with an L2 penalty: g + weightDecay p. */
export const decayedBy =
  (weightDecay: number): ScalarFunction<2> =>
  (m, g, p) =>
    weightDecay === 0 ? g : m.add(g, m.mul(weightDecay, p))
