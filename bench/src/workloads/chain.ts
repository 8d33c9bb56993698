import { parameter, tensor } from '@adjoint/autograd'
import { workload } from './workload.js'

interface Chain {
  readonly length: number
  readonly start: number
  readonly factor: number
  readonly summand: number
  /** Whether factor and summand are tensors that collect a gradient, or plain numbers. */
  readonly parameters: boolean
}

const data = (parameters: boolean) => (): Chain => ({
  length: 1000,
  start: 0.5,
  factor: 0.999,
  summand: 0.001,
  parameters,
})

/** Eager ops on one number, forward and backward: what it costs to record an op. */
export const chain = workload<Chain>({
  name: 'chain',
  title: 'eager chain of 1,000 ops (y * w + b) on one number, forward and backward; w and b are numbers or parameters',
  unit: 'op',
  per: 1000,
  tolerance: 1e-4,
  cases: [
    { name: 'numbers', data: data(false) },
    { name: 'parameters', data: data(true) },
  ],
  adjoint: ({ length, start, factor, summand, parameters }, wrap) => {
    const x = parameter(tensor([start]))
    const w = parameters ? parameter(tensor([factor])) : factor
    const b = parameters ? parameter(tensor([summand])) : summand
    const leaves = [x, w, b].filter((leaf) => typeof leaf !== 'number')
    const both = wrap(() => {
      for (const leaf of leaves) leaf.zeroGrad()
      let y = x
      for (let i = 0; i < length; i += 2) y = y.mul(w).add(b)
      y.sum().backward()
      return y.detach()
    })
    return () => {
      const y = both()
      return [y.data[0]!, ...leaves.map((leaf) => leaf.grad.data[0]!)]
    }
  },
})
