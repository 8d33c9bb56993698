import { tensor } from '@adjoint/autograd'

// as tensors compute them: the same bits on every engine

/** base^exponent. */
export const power = (base: number, exponent: number): number => tensor(base, { dtype: 'float64' }).pow(exponent).item()

/** From 1 at 0 to 0 at 1, along half a wave of the cosine. */
export const halfWave = (share: number): number =>
  (1 +
    tensor(Math.PI * share, { dtype: 'float64' })
      .cos()
      .item()) /
  2
