import type { ScalarAlgebra } from '@adjoint/autograd'
import { gradientOf } from './decoupled.js'

/**
 * The gradient of what is to become small: that of the loss, or its negative where the loss is to become large, with an L2
 * penalty.
 */
export const slopeOf =
  (maximize: unknown) =>
  <T>(
    m: ScalarAlgebra<T>,
    { parameter, gradient, weightDecay }: { readonly [name in 'parameter' | 'gradient' | 'weightDecay']: T | number },
  ): T | number => {
    const slope = gradientOf(maximize)(m, { gradient })
    return weightDecay === 0 ? slope : m.add(slope, m.mul(weightDecay, parameter))
  }
