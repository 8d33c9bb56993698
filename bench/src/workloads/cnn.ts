import { conv2d, maxPool2d, parameter, tensor } from '@adjoint/autograd'
import { Adam, crossEntropy } from '@adjoint/nn'
import { Numbers, type Weights } from './numbers.js'
import { weights } from './tensors.js'
import { workload } from './workload.js'

export interface Cnn {
  readonly batch: number
  /** [batch, 1, 28, 28] */
  readonly images: Float32Array
  readonly labels: Int32Array
  /** Kernel [out, in, 3, 3] and bias of two convolutions, weight [784, 10] and bias of the last layer. */
  readonly parameters: readonly Weights[]
  readonly learningRate: number
}

export const batch = 64

export const data = (): Cnn => {
  const numbers = new Numbers()
  const convolution = (inputs: number, outputs: number): Weights[] => {
    const { weight, bias } = numbers.linear(inputs * 9, outputs)
    return [{ ...weight, shape: [outputs, inputs, 3, 3] }, bias]
  }
  const last = numbers.linear(16 * 7 * 7, 10)
  return {
    batch,
    images: numbers.uniform(batch * 28 * 28),
    labels: numbers.integers(batch, 10),
    parameters: [...convolution(1, 8), ...convolution(8, 16), last.weight, last.bias],
    learningRate: 1e-3,
  }
}

/** A small convolutional classifier. */
export const cnn = workload<Cnn>({
  name: 'cnn',
  title: 'CNN conv8-pool-conv16-pool-linear, batch 64, 28x28, Adam',
  unit: 'step',
  tolerance: 1e-4,
  cases: [{ name: '', data }],
  adjoint: ({ images, labels, parameters, learningRate }, wrap) => {
    const [x, y] = [tensor(images).reshape([batch, 1, 28, 28]), tensor(labels).as([batch])]
    const [k1, b1, k2, b2, w, b] = parameters.map((values) => parameter(weights(values)))
    const optimizer = new Adam([k1!, b1!, k2!, b2!, w!, b!], { learningRate })
    const step = wrap(() => {
      const first = conv2d(x, k1!.as([8, 1, 3, 3]), { padding: 1 }).add(b1!.reshape([8, 1, 1]))
      const second = conv2d(maxPool2d(first.relu(), 2), k2!.as([16, 8, 3, 3]), { padding: 1 }).add(
        b2!.reshape([16, 1, 1]),
      )
      const features = maxPool2d(second.relu(), 2).flatten()
      const loss = crossEntropy(features.matmul(w!.as([784, 10])).add(b!.as([10])), y)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      return loss
    })
    return () => [step().item()]
  },
})
