import { compile, parameter, Random, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { Adam } from '@adjoint/nn'
import { pseudoHuber, smooth } from './ops.js'

const float64 = { dtype: 'float64' } as const
const length = 60

/** A signal with a step and a ramp, what a slow instrument shows of it, and five readings that went wrong. */
export const measure = () => {
  const random = new Random(3)
  const truth = Float64Array.from({ length }, (_, t) => (t < 15 ? 0 : t < 35 ? 2 : 2 - (t - 35) * 0.08))
  const signal = tensor(truth)
  const noise = random.normal([length], { standardDeviation: 0.02, ...float64 })
  const wild = tensor(Float64Array.from({ length }, (_, t) => (t % 12 === 7 ? 3 : 0)))
  return { signal, measured: smooth(signal).add(noise).add(wild) }
}

export const squares = (residual: Tensor): Tensor => residual.square().div(2)
/** Residuals count in units of the noise. */
export const robust = (residual: Tensor): Tensor => pseudoHuber(residual.div(0.05)).mul(0.05 ** 2)

/** Finds the signal that would have been shown as measured, with as few jumps as possible. */
export const deblur = (
  measured: Tensor,
  penalty: (residual: Tensor) => Tensor,
  steps: number,
  compiled: typeof compile = compile,
): Tensor => {
  const estimate = parameter(zeros([length], float64))
  const optimizer = new Adam([estimate], { learningRate: 0.05 })
  const improve = compiled(() => {
    const residual = smooth(estimate).sub(measured)
    const jumps = estimate.slice(0, 1).sub(estimate.slice(0, 0, -1))
    const loss = penalty(residual).sum().add(robust(jumps).sum())
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
  })
  for (let step = 0; step < steps; step++) improve()
  return estimate.detach()
}
