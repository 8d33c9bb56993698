import { CompileError, compile, parameter, Random, type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import {
  Adam,
  AdamW,
  Dropout,
  LayerNorm,
  Linear,
  mse,
  Optimizer,
  type OptimizerRule,
  optimizers as rules,
  Sequential,
  SGD,
  Tanh,
} from '../src/index.js'

/** Written in tensor ops. */
const signDescent: OptimizerRule = {
  name: 'SignDescent',
  hyper: { learningRate: rules.amount() },
  update: () => ({
    state: { sum: rules.zerosFor },
    next(parameter, gradient, { sum }, numbers) {
      sum!.assign(sum!.add(gradient))
      return parameter.sub(sum!.sign().mul(numbers.tensor('learningRate', parameter.dtype)))
    },
  }),
}

const optimizers: Record<string, (parameters: Tensor[]) => Optimizer> = {
  SGD: (p) => new SGD(p, { learningRate: 0.1 }),
  'SGD with momentum': (p) => new SGD(p, { learningRate: 0.1, momentum: 0.9, nesterov: true }),
  'SGD with dampening': (p) => new SGD(p, { learningRate: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.01 }),
  Adam: (p) => new Adam(p, { learningRate: 0.01, weightDecay: 0.1 }),
  AdamW: (p) => new AdamW(p, { learningRate: 0.01 }),
  'one written in tensor ops': (p) => new Optimizer(signDescent, p, { learningRate: 0.01 }),
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

describe('the rate of an optimizer', () => {
  it('belongs to an optimizer that is made inside, too', () => {
    const p = parameter(tensor([1, 2])) as Tensor
    const step = compile(() => {
      const optimizer = new SGD([p], { learningRate: 0.25 })
      optimizer.zeroGrad()
      p.square().sum().backward()
      optimizer.step()
    })
    step()
    step()
    expect(p.toArray()).toEqual([0.25, 0.5])
  })
})

describe('a compiled function refuses', () => {
  const model = new Sequential(new Linear(2, 2), new Dropout(0.5))
  const optimizer = new SGD(model.parameters(), { learningRate: 0.1 })
  const refused = (f: () => void) =>
    compile((x: Tensor) => {
      f()
      return x.mul(2)
    })
  const why = 'inside compile() this would happen once, and not at each call;'

  it('to set a learning rate', () => {
    const f = refused(() => {
      optimizer.learningRate = 0.2
    })
    expect(() => f(tensor(1))).toThrow(new CompileError(`SGD.learningRate: ${why} set it outside, between the calls.`))
    expect(optimizer.learningRate).toBe(0.1)
  })

  it('to load the state of an optimizer', () => {
    const state = { ...optimizer.stateDict(), 'groups.default.learningRate': tensor(0.3, { dtype: 'float64' }) }
    const f = refused(() => optimizer.loadStateDict(state))
    expect(() => f(tensor(1))).toThrow(
      new CompileError(`SGD.loadStateDict: ${why} call it outside, between the calls.`),
    )
    expect(optimizer.learningRate).toBe(0.1)
    optimizer.loadStateDict(state)
    expect(optimizer.learningRate).toBe(0.3)
  })

  it('to switch between training and evaluation', () => {
    for (const f of [() => model.eval(), () => model.train()]) {
      expect(() => refused(f)(tensor(1))).toThrow(
        new CompileError(`Sequential.training: ${why} call train() or eval() outside.`),
      )
      expect(model.modules().every(({ training }) => training)).toBe(true)
    }
  })

  it('neither to load tensors into a module, nor to read what there is', () => {
    const linear = new Linear(2, 1)
    const bias = linear.bias!.item()
    const load = compile((weight: Tensor) => {
      const before = linear.stateDict()
      const { 'groups.default.learningRate': learningRate } = optimizer.stateDict()
      linear.loadStateDict({ weight, bias: before.bias!.add(1) })
      return [before.weight!, learningRate!] as const
    })
    let previous: unknown = linear.weight.toArray()
    const rate = optimizer.learningRate
    for (const next of [
      [[1], [2]],
      [[3], [4]],
    ]) {
      const [before, learningRate] = load(tensor(next))
      expect(before.toArray()).toEqual(previous)
      previous = next
      expect(learningRate.item()).toBe(rate)
      expect(linear.weight.toArray()).toEqual(next)
    }
    expect(linear.bias!.item()).toBeCloseTo(bias + 2, 5)
  })
})
