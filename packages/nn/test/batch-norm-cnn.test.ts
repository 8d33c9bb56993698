import { compile, noGrad, Random, type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import {
  Adam,
  accuracy,
  BatchNorm2d,
  Conv2d,
  crossEntropy,
  Flatten,
  init,
  Linear,
  MaxPool2d,
  ReLU,
  Sequential,
} from '../src/index.js'

/** Images of noise with a bar, upright, lying or slanted: which one, is the label. */
const images = (count: number, seed: number) => {
  const random = new Random(seed)
  const x = Float32Array.from(random.normal([count * 64], { standardDeviation: 0.5 }).data)
  const labels = Int32Array.from({ length: count }, (_, i) => i % 3)
  for (const [i, label] of labels.entries()) {
    const at = 1 + Math.floor(random.number() * 6)
    for (let k = 0; k < 8; k++) {
      const place = label === 0 ? k * 8 + at : label === 1 ? at * 8 + k : k * 8 + ((k + at) % 8)
      x[i * 64 + place]! += 2
    }
  }
  return { x: tensor(x).reshape([count, 1, 8, 8]) as Tensor, y: tensor(labels) as Tensor<[number]> }
}

const makeModel = (random: Random) => {
  const options = { random }
  return new Sequential(
    new Conv2d(1, 6, 3, { padding: 1, ...options }),
    new BatchNorm2d(6),
    new ReLU(),
    new MaxPool2d(2),
    new Conv2d(6, 12, 3, options),
    new BatchNorm2d(12),
    new ReLU(),
    new Flatten(),
    new Linear(12 * 2 * 2, 3, options),
  )
}

describe.each([
  ['compiled', compile],
  ['eagerly', <F>(f: F) => f],
] as const)('a convolutional network with batch normalization, by a loop of a user, %s', (_, wrap) => {
  it('learns, and its running statistics serve in evaluation', () => {
    const model = makeModel(new Random(1))
    const optimizer = new Adam(model, { learningRate: 0.01 })
    const { x, y } = images(48, 2)
    const step = (wrap as typeof compile)((x: Tensor, y: Tensor<[number]>) => {
      const loss = crossEntropy(model.forward(x) as Tensor<[number, 3]>, y)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      return loss as Tensor
    })
    const first = step(x, y).item()
    for (let i = 0; i < 40; i++) step(x, y)
    expect(first).toBeGreaterThan(0.9)
    expect(step(x, y).item()).toBeLessThan(0.05)
    expect(model.namedBuffers().get('1.batches')!.item()).toBe(42)

    const held = images(90, 3)
    const score = () => accuracy(noGrad(() => model.eval().forward(held.x)) as Tensor<[number, 3]>, held.y)
    const trained = Number(score())
    expect(trained).toBeGreaterThan(0.85)
    const again = Number(score())
    expect(again).toBe(trained)
    // saved and loaded it is the same model
    const other = makeModel(new Random(9)).eval()
    other.apply(init.zeros())
    other.loadStateDict(JSON.parse(JSON.stringify(model.stateDict())))
    const apart = other.forward(held.x).sub(model.forward(held.x)) as Tensor
    expect(Math.max(...apart.data.map(Math.abs))).toBeLessThan(1e-4)
  })
})
