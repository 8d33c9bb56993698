import { parameter, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { Adam, crossEntropy } from '@adjoint/nn'
import { Numbers, type Weights } from './numbers.js'
import { weights } from './tensors.js'
import { workload } from './workload.js'

interface Lstm {
  readonly steps: number
  readonly batch: number
  readonly hidden: number
  /** [steps, batch, 64] */
  readonly inputs: Float32Array
  readonly labels: Int32Array
  /** Weights [64, 256] of the input and of the state, bias [256] of the gates (in, forget, candidate, out); the head. */
  readonly parameters: readonly Weights[]
  readonly learningRate: number
}

const [steps, batch, hidden] = [32, 32, 64]

const data = (): Lstm => {
  const numbers = new Numbers()
  const [input, state, head] = [
    numbers.linear(hidden, 4 * hidden),
    numbers.linear(hidden, 4 * hidden),
    numbers.linear(hidden, 10),
  ]
  return {
    steps,
    batch,
    hidden,
    inputs: numbers.uniform(steps * batch * hidden),
    labels: numbers.integers(batch, 10),
    parameters: [input.weight, state.weight, state.bias, head.weight, head.bias],
    learningRate: 1e-3,
  }
}

/** Many small steps one after another: a long chain that nothing can run in parallel. */
export const lstm = workload<Lstm>({
  name: 'lstm',
  title: 'LSTM hidden 64, 32 steps, batch 32, Adam',
  unit: 'step',
  tolerance: 1e-4,
  cases: [{ name: '', data }],
  adjoint: ({ inputs, labels, parameters, learningRate }, wrap) => {
    const [x, y] = [tensor(inputs).reshape([steps, batch, hidden]), tensor(labels).as([batch])]
    const [wx, wh, b, w, c] = parameters.map((values) => parameter(weights(values))) as [Tensor, ...Tensor[]]
    const optimizer = new Adam([wx, wh!, b!, w!, c!], { learningRate })
    const step = wrap(() => {
      let state: Tensor = zeros([batch, hidden])
      let cell: Tensor = zeros([batch, hidden])
      for (let t = 0; t < steps; t++) {
        const gates = x.at(t).matmul(wx).add(state.matmul(wh!)).add(b!)
        const gate = (i: number) => gates.slice(1, i * hidden, (i + 1) * hidden)
        cell = gate(1)
          .sigmoid()
          .mul(cell)
          .add(gate(0).sigmoid().mul(gate(2).tanh()))
        state = gate(3).sigmoid().mul(cell.tanh())
      }
      const loss = crossEntropy(state.matmul(w!).add(c!), y)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      return loss
    })
    return () => [step().item()]
  },
})
