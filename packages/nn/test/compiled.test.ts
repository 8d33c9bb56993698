import { compile, Random, type Tensor } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import { Adam, AdamW, LayerNorm, Linear, mse, Optimizer, Sequential, SGD, Tanh } from '../src/index.js'

class SignDescent extends Optimizer {
  protected next(parameter: Tensor, gradient: Tensor) {
    return parameter.sub(gradient.sign().mul(this.learningRate))
  }
}

const optimizers: Record<string, (parameters: Tensor[]) => Optimizer> = {
  SGD: (p) => new SGD(p, { learningRate: 0.1 }),
  'SGD with momentum': (p) => new SGD(p, { learningRate: 0.1, momentum: 0.9, nesterov: true }),
  'SGD with dampening': (p) => new SGD(p, { learningRate: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.01 }),
  Adam: (p) => new Adam(p, { learningRate: 0.01, weightDecay: 0.1 }),
  AdamW: (p) => new AdamW(p, { learningRate: 0.01 }),
  'one that reads the learning rate as a number': (p) => new SignDescent(p, 0.01),
}

/** The losses of some steps, with another learning rate from half time on, and the state in the end. */
const train = (make: (parameters: Tensor[]) => Optimizer, isCompiled: boolean) => {
  const random = new Random(3)
  const [x, y] = [random.normal([16, 4]), random.normal([16, 2])]
  const model = new Sequential(new Linear(4, 8, { random }), new LayerNorm(8), new Tanh(), new Linear(8, 2, { random }))
  const optimizer = make(model.parameters())
  const descend = () => {
    const loss = mse(model.forward(x), y)
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
    return loss
  }
  const step = isCompiled ? compile(descend) : descend
  const losses = Array.from({ length: 12 }, (_, i) => {
    if (i === 6) optimizer.learningRate = 0.003
    return step().item()
  })
  return [losses, ...Object.values(optimizer.stateDict()).map((tensor) => [...tensor.data])]
}

describe('a compiled step', () => {
  it.each(Object.entries(optimizers))('of %s is the same step', (_, make) => {
    const [eager, compiled] = [train(make, false), train(make, true)]
    expect(eager[0]!.at(-1)).toBeLessThan(eager[0]![0]!)
    expect(compiled).toEqual(eager.map((numbers) => numbers.map((number) => expect.closeTo(number, 5))))
  })
})
