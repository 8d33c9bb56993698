import {
  batchNormWithStatistics,
  conv2d,
  maxPool2d,
  noGrad,
  parameter,
  type Tensor,
  tensor,
  zeros,
} from '@adjoint/autograd'
import { Adam, BatchNorm2d, Conv2d, crossEntropy, Flatten, Linear, MaxPool2d, ReLU, Sequential } from '@adjoint/nn'
import { batch, type Cnn, data } from './cnn.js'
import { weights } from './tensors.js'
import { workload } from './workload.js'

const makeModel = () =>
  new Sequential(
    new Conv2d(1, 8, 3, { padding: 1 }),
    new BatchNorm2d(8),
    new ReLU(),
    new MaxPool2d(2),
    new Conv2d(8, 16, 3, { padding: 1 }),
    new BatchNorm2d(16),
    new ReLU(),
    new MaxPool2d(2),
    new Flatten(),
    new Linear(784, 10),
  )

/** Statistics of a batch norm that is written out. */
const normByHand = (channels: number) => {
  const [scale, shift] = [parameter(zeros([channels]).add(1)), parameter(zeros([channels]))]
  const [mean, variance] = [zeros([channels]), zeros([channels]).add(1)]
  const follow = (running: Tensor, next: Tensor) => running.assign(running.mul(0.9).add(next.mul(0.1)) as Tensor)
  return {
    parameters: [scale, shift] as Tensor[],
    forward: (x: Tensor): Tensor => {
      const found = batchNormWithStatistics(x, { weight: scale as Tensor, bias: shift as Tensor })
      const count = x.size / channels
      noGrad(() => {
        follow(mean as Tensor, found.mean as Tensor)
        follow(variance as Tensor, (found.variance as Tensor).mul(count / (count - 1)) as Tensor)
      })
      return found.values as Tensor
    },
  }
}

/** A small convolutional classifier with batch normalization, of layers of nn, and written out. */
export const cnnNn = workload<Cnn>({
  name: 'cnn-nn',
  title: 'CNN of nn with BatchNorm, conv8-norm-pool-conv16-norm-pool-linear, batch 64, 28x28, Adam',
  unit: 'step',
  tolerance: 1e-4,
  cases: [{ name: '', data }],
  adjoint: ({ images, labels, parameters, learningRate }, wrap) => {
    const [x, y] = [tensor(images).reshape([batch, 1, 28, 28]), tensor(labels).as([batch])]
    const model = makeModel()
    const paths = ['0.weight', '0.bias', '4.weight', '4.bias', '9.weight', '9.bias']
    const state = Object.fromEntries(paths.map((path, i) => [path, weights(parameters[i]!)]))
    model.loadStateDict({ ...model.stateDict(), ...state })
    const optimizer = new Adam(model, { learningRate })
    const step = wrap(() => {
      const loss = crossEntropy(model.forward(x), y)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      return loss
    })
    return () => [step().item()]
  },
  byHand: ({ images, labels, parameters, learningRate }, wrap) => {
    const [x, y] = [tensor(images).reshape([batch, 1, 28, 28]), tensor(labels).as([batch])]
    const [k1, b1, k2, b2, w, b] = parameters.map((values) => parameter(weights(values)))
    const [first, second] = [normByHand(8), normByHand(16)]
    const all = [k1!, b1!, ...first.parameters, k2!, b2!, ...second.parameters, w!, b!]
    const optimizer = new Adam(all, { learningRate })
    const step = wrap(() => {
      const one = first.forward(conv2d(x, k1!.as([8, 1, 3, 3]), { padding: 1 }).add(b1!.reshape([8, 1, 1])) as Tensor)
      const pooled = maxPool2d(one.relu().as([batch, 8, 28, 28]), 2)
      const two = second.forward(
        conv2d(pooled, k2!.as([16, 8, 3, 3]), { padding: 1 }).add(b2!.reshape([16, 1, 1])) as Tensor,
      )
      const features = maxPool2d(two.relu().as([batch, 16, 14, 14]), 2).flatten()
      const loss = crossEntropy(features.matmul(w!.as([784, 10])).add(b!.as([10])), y)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      return loss
    })
    return () => [step().item()]
  },
})
