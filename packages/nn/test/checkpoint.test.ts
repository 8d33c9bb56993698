import { checkpoint, grad, Random, type Tensor } from '@adjoint/autograd'
import { Dropout, Linear, ReLU, Sequential } from '@adjoint/nn'
import { describe, expect, it } from 'vitest'

describe('modules in checkpoints', () => {
  const x = new Random(1).normal([5, 4]) as Tensor
  const modelOf = () => new Sequential(new Linear(4, 6), new ReLU(), new Dropout(0.5), new Linear(6, 2))

  it('have the gradients that they have without, by backward and by grad of the module', () => {
    const model = modelOf()
    const run = (forward: (m: typeof model, input: Tensor) => Tensor) => {
      model.zeroGrad()
      forward(model, x).square().sum().backward()
      return model.parameters().map(({ grad }) => grad.toArray())
    }
    model.eval()
    const plain = (m: typeof model, input: Tensor) => m.forward(input) as Tensor
    expect(run(checkpoint(plain))).toEqual(run(plain))
    const by = (forward: typeof plain) => grad((m: typeof model) => forward(m, x).square().sum())(model)
    expect(JSON.stringify(by(checkpoint(plain)))).toBe(JSON.stringify(by(plain)))
    // with dropout, the draws are those of the first run
    model.train()
    const saving = checkpoint(plain)
    const y = saving(model, x)
    model.zeroGrad()
    y.sum().backward()
    const dropped = model.parameters().at(-1)!.grad.toArray()
    expect(dropped).toEqual([5, 5])
  })
})
