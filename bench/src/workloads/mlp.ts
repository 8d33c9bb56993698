import { tensor } from '@adjoint/autograd'
import { Adam, crossEntropy, Linear, ReLU, Sequential } from '@adjoint/nn'
import { Numbers, type Weights } from './numbers.js'
import { weights } from './tensors.js'
import { workload } from './workload.js'

interface Mlp {
  readonly batch: number
  readonly images: Float32Array
  readonly labels: Int32Array
  readonly parameters: readonly Weights[]
  readonly learningRate: number
}

const batch = 128

const data = (): Mlp => {
  const numbers = new Numbers()
  const layers = [numbers.linear(784, 256), numbers.linear(256, 128), numbers.linear(128, 10)]
  return {
    batch,
    images: numbers.uniform(batch * 784),
    labels: numbers.integers(batch, 10),
    parameters: layers.flatMap(({ weight, bias }) => [weight, bias]),
    learningRate: 1e-3,
  }
}

/** A classifier of images, all of whose time is matrix products and the update of its 235,146 parameters. */
export const mlp = workload<Mlp>({
  name: 'mlp',
  title: 'MLP 784-256-128-10, batch 128, Adam',
  unit: 'step',
  tolerance: 1e-4,
  cases: [{ name: '', data }],
  adjoint: ({ images, labels, parameters, learningRate }, wrap) => {
    const [x, y] = [tensor(images).reshape([batch, 784]), tensor(labels).as([batch])]
    const model = new Sequential(
      new Linear(784, 256),
      new ReLU(),
      new Linear(256, 128),
      new ReLU(),
      new Linear(128, 10),
    )
    model.parameters().forEach((parameter, i) => {
      parameter.assign(weights(parameters[i]!))
    })
    const optimizer = new Adam(model.parameters(), { learningRate })
    const step = wrap(() => {
      const loss = crossEntropy(model.forward(x), y)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      return loss
    })
    return () => [step().item()]
  },
})
