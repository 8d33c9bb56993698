import { hvp, random, type Tensor, tensor } from '@adjoint/autograd'
import { type Trace, trace } from '@adjoint/autograd/inspect'
import {
  Conv2d,
  crossEntropy,
  Flatten,
  Linear,
  LSTMCell,
  MaxPool2d,
  ReLU,
  Sequential,
  TransformerEncoderLayer,
} from '@adjoint/nn'
import { expect, test } from 'vitest'
import { numbersBelongTogether } from '../../packages/autograd/test/inspect/numbers.js'
import { run as workedExample } from '../worked-example/index.js'
import { run as xor } from '../xor/index.js'

// What examples and documentation list and draw: numbers multiply along edges, add up at nodes, and are those that are shown.

const quiet = { short: true, print: () => {} }
const labels = tensor([3, 1, 4, 1], { dtype: 'int32' })
const float64 = { dtype: 'float64' } as const

const computations: Record<string, () => Trace> = {
  'the worked example': () => workedExample(quiet).picture,
  XOR: () => xor(quiet).picture,
  'a network that reads digits': () => {
    const model = new Sequential(new Linear(784, 16), new ReLU(), new Linear(16, 10))
    return trace((x: Tensor<[4, 784]>) => crossEntropy(model.forward(x), labels), random.normal([4, 784]))
  },
  'a convolutional network': () => {
    const model = new Sequential(new Conv2d(1, 2, 3), new ReLU(), new MaxPool2d(2), new Flatten(), new Linear(18, 5))
    return trace(
      (x: Tensor<[4, 1, 8, 8]>) => crossEntropy(model.forward(x) as Tensor<[4, 5]>, labels),
      random.normal([4, 1, 8, 8]),
    )
  },
  'a step of an LSTM': () => {
    const cell = new LSTMCell(3, 2)
    const state = { hidden: random.normal([1, 2]), cell: random.normal([1, 2]) }
    return trace((x: Tensor<[1, 3]>) => cell.forward(x, state).hidden.square().sum(), random.normal([1, 3]))
  },
  'a block of a transformer': () => {
    const block = new TransformerEncoderLayer(4, 2, { feedForward: 8, dropout: 0 })
    return trace((x: Tensor<[1, 3, 4]>) => block.forward(x).square().mean(), random.normal([1, 3, 4]))
  },
  'a Hessian-vector product': () =>
    trace(
      (x: Tensor<[2]>, v: Tensor<[2]>) =>
        hvp((y: Tensor<[2]>) => y.exp().mul(y).sum().sin(), x, v)
          .square()
          .sum(),
      random.normal([2], float64),
      tensor([1, -1], float64),
    ),
}

test.each(Object.entries(computations))('%s: the numbers of its trace belong together', (_, make) => {
  const found = make()
  const isFloat64 = found.nodes.every(({ dtype }) => dtype !== 'float32')
  expect(numbersBelongTogether(found, isFloat64 ? 1e-12 : 2e-6)).toBeGreaterThan(10)
})
