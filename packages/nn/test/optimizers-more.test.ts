import { compile, GradientError, parameter, ShapeError, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import * as nn from '../src/index.js'

const { ASGD, Adadelta, Adafactor, Adagrad, Adamax, LBFGS, Lion, Muon, NAdam, OptionError, RAdam, RMSprop, Rprop } = nn
type Class = new (parameters: readonly Tensor[], options?: object) => nn.Optimizer
const adaptive = { Adafactor, Adagrad, Adamax, NAdam, RAdam, RMSprop } as unknown as Readonly<Record<string, Class>>
const all = { ...adaptive, ASGD, Adadelta, Lion, Rprop } as unknown as Readonly<Record<string, Class>>
const place = (values: number[], dtype: 'float32' | 'float64' = 'float64'): Tensor =>
  parameter(tensor(values, { dtype })) as Tensor

const rates: Readonly<Record<string, number>> = { Adadelta: 30, Adagrad: 0.5 }

describe.each(Object.entries(all))('%s', (name, Optimizer) => {
  it.each(['float32', 'float64'] as const)('finds a minimum, in %s', (dtype) => {
    const p = place([2, -1, 0.5], dtype)
    const optimizer = new Optimizer([p], { learningRate: rates[name] ?? 0.05 })
    for (let i = 0; i < 400; i++) {
      optimizer.zeroGrad()
      p.sub(1).square().sum().backward()
      optimizer.step()
    }
    for (const value of p.data) expect(Math.abs(value - 1)).toBeLessThan(0.12)
  })

  it('leaves what has no gradient where it is, from the first step on', () => {
    const p = place([2, -1], 'float32')
    const options = name in adaptive ? (name === 'Adafactor' ? { epsilons: [0, 0] } : { epsilon: 0 }) : {}
    const optimizer = new Optimizer([p], name === 'ASGD' ? { decay: 0 } : options)
    for (let i = 0; i < 3; i++) {
      optimizer.zeroGrad()
      p.mul(tensor([1, 0]))
        .sum()
        .backward()
      optimizer.step()
    }
    expect(p.data[1]).toBe(-1)
    expect(p.data[0]).not.toBe(2)
    expect(Number.isFinite(p.data[0])).toBe(true)
  })

  it('goes up where it is to maximize', () => {
    const [down, up] = [place([2, -1]), place([2, -1])]
    for (const [p, maximize] of [
      [down, false],
      [up, true],
    ] as const) {
      const optimizer = new Optimizer([p], { maximize, ...(name === 'ASGD' && { decay: 0 }) })
      for (let i = 0; i < 3; i++) {
        optimizer.zeroGrad()
        p.sum()
          .mul(maximize ? -1 : 1)
          .backward()
        optimizer.step()
      }
    }
    expect([...up.data]).toEqual([...down.data])
  })
})

describe('numbers', () => {
  it('that decide what is kept stay what they are', () => {
    const p = [place([1, 2])]
    const refuses = (group: object, name: string, value: number, text: string) => {
      expect(() => Reflect.set(group, name, value)).toThrow(OptionError)
      expect(() => Reflect.set(group, name, value)).toThrow(text)
    }
    refuses(
      new RMSprop(p).groups[0]!,
      'momentum',
      0.5,
      'momentum was 0 when this was made, so that there is no velocity',
    )
    refuses(
      new Adagrad(p, { initial: 0.5 }).groups[0]!,
      'initial',
      0.1,
      'Adagrad: initial was 0.5 when this was made, so that sums of squares have begun there; make the optimizer anew for another.',
    )
    const rprop = new Rprop(p)
    refuses(rprop.groups[0]!, 'learningRate', 0.5, 'learningRate was 0.01 when this was made')
    rprop.learningRate = 0.01
    new Adagrad(p, { initial: 0.5 }).loadStateDict(new Adagrad(p, { initial: 0.5 }).stateDict(), { byPosition: true })
  })

  it('of Rprop are in order', () => {
    expect(() => new Rprop([place([1])], { etas: [1.2, 0.5] })).toThrow(
      'etas are [1.2, 0.5]; use one below 1 and one above',
    )
    expect(() => new Rprop([place([1])], { sizes: [2, 1] })).toThrow('give the least first')
  })

  it('are named as in other libraries, and answered', () => {
    const p = [place([1])]
    expect(() => new RMSprop(p, { alpha: 0.9 } as never)).toThrow('did you mean rho?')
    expect(() => new NAdam(p, { momentum_decay: 0.9 } as never)).toThrow('did you mean momentumDecay?')
    expect(() => new LBFGS(p, { max_iter: 3 } as never)).toThrow('did you mean iterations?')
    expect(() => new ASGD(p, { t0: 3 } as never)).toThrow('did you mean averageFrom?')
  })
})

describe('ASGD', () => {
  it('averages where it has been, counting as PyTorch does', () => {
    const p = place([0])
    const optimizer = new ASGD(new Map([['p', p]]), { learningRate: 0.1, decay: 0, averageFrom: 2 })
    const seen: number[] = []
    for (let i = 0; i < 6; i++) {
      optimizer.zeroGrad()
      p.sum().backward()
      optimizer.step()
      seen.push(p.data[0]!)
    }
    const averaged = seen.slice(3)
    const wanted = averaged.reduce((sum, each) => sum + each, 0) / averaged.length
    expect(optimizer.stateDict()['p.average']!.toArray()).toEqual([expect.closeTo(wanted, 12)])
  })
})

describe('Muon', () => {
  it('steps by a matrix with singular values near 1', () => {
    const p = parameter(zeros([3, 5], { dtype: 'float64' })) as Tensor
    const optimizer = new Muon([p], { learningRate: 1, weightDecay: 0 })
    const wanted = tensor(
      Array.from({ length: 3 }, (_, i) => Array.from({ length: 5 }, (_, j) => Math.sin(1 + i * 5 + j * j))),
      { dtype: 'float64' },
    ) as Tensor
    p.mul(wanted).sum().backward()
    optimizer.step()
    const step = p.div(Math.sqrt(5 / 3)) as Tensor
    const gram = step.matmul(step.transpose()) as Tensor
    const [trace, ...rest] = [
      gram
        .mul(
          tensor([
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
          ]),
        )
        .sum()
        .item(),
      ...gram.data,
    ]
    expect(trace).toBeGreaterThan(1.5)
    expect(trace).toBeLessThan(3.7)
    for (const each of rest) expect(Math.abs(each)).toBeLessThan(1.5)
  })

  it('stays where it is without a gradient', () => {
    const p = parameter(zeros([2, 2])) as Tensor
    const optimizer = new Muon([p], { weightDecay: 0 })
    p.mul(0).sum().backward()
    optimizer.step()
    expect([...p.data]).toEqual([0, 0, 0, 0])
  })

  it('refuses what is no matrix by name, with the remedy', () => {
    expect(() => new Muon(new nn.Linear(2, 3))).toThrow(ShapeError)
    expect(() => new Muon(new nn.Linear(2, 3))).toThrow(/Muon: bias has shape \[3\].*AdamW/)
  })
})

describe('LBFGS', () => {
  const rosenbrock = (p: Tensor): Tensor => {
    const [x, y] = [p.mul(tensor([1, 0])).sum(), p.mul(tensor([0, 1])).sum()] as [Tensor, Tensor]
    return x.sub(1).square().add(y.sub(x.square()).square().mul(100)).sum() as Tensor
  }

  it('finds the minimum of a curved valley', () => {
    const p = place([-1.2, 1])
    let calls = 0
    const optimizer = new LBFGS([p], { iterations: 100, changeTolerance: 1e-15 })
    const loss = optimizer.step(() => {
      calls++
      return rosenbrock(p)
    })
    expect(loss.item()).toBeCloseTo(24.2, 10)
    for (const value of p.data) expect(value).toBeCloseTo(1, 7)
    expect(calls).toBeLessThan(60)
  })

  it('does so in float32, and of a model', () => {
    const model = new nn.Linear(2, 1)
    const x = tensor([
      [0, 1],
      [1, 0],
      [1, 1],
    ])
    const y = tensor([[1], [2], [4]])
    const optimizer = new LBFGS(model)
    for (let i = 0; i < 3; i++) optimizer.step(() => nn.mse(model.forward(x), y))
    expect(nn.mse(model.forward(x), y).item()).toBeLessThan(1e-8)
  })

  it('goes back where the loss is no number', () => {
    const p = place([0.001])
    // not defined below 0
    const loss = () => p.sub(p.log()).sum() as Tensor
    const optimizer = new LBFGS([p], { learningRate: 1e6 })
    for (let i = 0; i < 5; i++) optimizer.step(loss)
    expect(p.data[0]).toBeCloseTo(1, 3)
  })

  it('takes a compiled loss that has gone backward, and makes one program', () => {
    const [p, q] = [place([-1.2, 1]), place([-1.2, 1])]
    const [eager, compiled] = [new LBFGS([p]), new LBFGS([q])]
    let traces = 0
    const loss = compile(() => {
      traces++
      compiled.zeroGrad()
      const value = rosenbrock(q)
      value.backward()
      return value
    })
    for (let i = 0; i < 3; i++) {
      eager.step(() => rosenbrock(p))
      compiled.step(loss)
    }
    for (const [i, value] of q.data.entries()) expect(value).toBeCloseTo(p.data[i]!, 9)
    expect(traces).toBeLessThanOrEqual(2)
  })

  it('goes by the choice of a list, too', () => {
    const [p, q] = [place([-1.2, 1]), place([-1.2, 1])]
    const options = { strongWolfe: false, learningRate: 1e-3, iterations: 3 }
    const [given, listed] = [new LBFGS([p], options), new LBFGS([{ params: [q], ...options }])]
    given.step(() => rosenbrock(p))
    listed.step(() => rosenbrock(q))
    expect([...q.data]).toEqual([...p.data])
  })

  it('leaves frozen parameters, and forgets its history where others are frozen', () => {
    const [p, q] = [place([3, 4]), place([5])]
    const optimizer = new LBFGS([p, q])
    const loss = () => p.square().sum().add(q.square().sum()) as Tensor
    optimizer.step(loss)
    expect(Math.abs(q.data[0]!)).toBeLessThan(1e-6)
    q.assign(tensor([7], { dtype: 'float64' }))
    q.requiresGrad = false
    p.assign(tensor([1, 1], { dtype: 'float64' }))
    optimizer.step(loss)
    expect([...q.data]).toEqual([7])
    for (const value of p.data) expect(Math.abs(value)).toBeLessThan(1e-6)
  })

  it('refuses groups, losses that are none, and states of others', () => {
    const [p, q] = [place([1]), place([2, 3])]
    expect(() => new LBFGS([{ params: [p] }, { params: [q] }])).toThrow(OptionError)
    const optimizer = new LBFGS([p])
    expect(() => optimizer.step()).toThrow('use a function that gives the loss, which it calls again and again')
    expect(() => optimizer.step(() => 3 as never)).toThrow(GradientError)
    expect(() => optimizer.step(() => p.log().mul(Number.NaN).sum() as Tensor)).toThrow('LBFGS.step: the loss is NaN')
    expect(() => optimizer.step(() => q.sum() as Tensor)).toThrow(GradientError)
    expect(() => optimizer.step(() => p.sub(1).sqrt().sum() as Tensor)).toThrow(
      'an element of the gradient is Infinity',
    )
    const other = new LBFGS([q])
    other.step(() => q.square().sum() as Tensor)
    expect(() => optimizer.loadStateDict(other.stateDict())).toThrow(
      'rows of 2 elements are saved, and the parameters have 1',
    )
    expect(() => optimizer.loadStateDict(new nn.Adam([p]).stateDict())).toThrow("'history.iterations' is missing")
  })
})

describe('a compiled step', () => {
  it('is one loop over the memory of what goes by elements', () => {
    const made: [string, object][] = [
      ['SGD', { learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1 }],
      ['SGD', { learningRate: 0.1, momentum: 0.9, dampening: 0.1 }],
      ['Adam', { amsgrad: true, weightDecay: 0.1 }],
      ['AdamW', {}],
      ['RMSprop', { centered: true, momentum: 0.9 }],
      ['NAdam', { decoupled: true, weightDecay: 0.1 }],
      ...Object.keys(all)
        .filter((name) => name !== 'Adafactor')
        .map((name): [string, object] => [name, {}]),
    ]
    for (const [name, options] of made) {
      const p = parameter(zeros([70, 90])) as Tensor
      const optimizer = new (nn as unknown as Record<string, Class>)[name]!([p], options)
      p.sum().backward()
      const step = compile(() => optimizer.step())
      step()
      const passes = step
        .explain()
        .split('\n')
        .filter((line) => line.includes('float32[70, 90]'))
      expect(passes, name).toHaveLength(1)
    }
  })
})
