import { tensor } from '@adjoint/autograd'
import { Linear, mse, Sequential, SGD, Sigmoid } from '@adjoint/nn'
import { Numbers, type Weights } from './numbers.js'
import { weights } from './tensors.js'
import { workload } from './workload.js'

interface Xor {
  readonly parameters: readonly Weights[]
  readonly learningRate: number
}

const data = (): Xor => {
  const numbers = new Numbers()
  const [hidden, output] = [numbers.linear(2, 4), numbers.linear(4, 1)]
  return { parameters: [hidden.weight, hidden.bias, output.weight, output.bias], learningRate: 0.1 }
}

/** A network so small that only the overhead of each op counts. */
export const xor = workload<Xor>({
  name: 'xor',
  title: 'XOR 2-4-1, full batch, SGD',
  unit: 'step',
  tolerance: 1e-5,
  cases: [{ name: '', data }],
  adjoint: ({ parameters, learningRate }, wrap) => {
    const x = tensor([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ])
    const y = tensor([[0], [1], [1], [0]])
    const model = new Sequential(new Linear(2, 4), new Sigmoid(), new Linear(4, 1), new Sigmoid())
    model.parameters().forEach((parameter, i) => {
      parameter.assign(weights(parameters[i]!))
    })
    const optimizer = new SGD(model.parameters(), { learningRate })
    const step = wrap(() => {
      const loss = mse(model.forward(x), y)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      return loss
    })
    return () => [step().item()]
  },
})
