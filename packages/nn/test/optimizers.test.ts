import { compile, GradientError, ones, parameter, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { describe, expect, it, vi } from 'vitest'
import {
  Adam,
  AdamW,
  Linear,
  Optimizer,
  type OptimizerRule,
  OptionError,
  optimizers,
  SGD,
  StateDictError,
} from '../src/index.js'
import { torch } from './torch.js'

const start = [0.5, -1.2, 2]
const weights = [1, 2, 3]

/** The loss of torch.ts. */
const lossOf = (p: Tensor, k: number): Tensor =>
  p
    .sin()
    .mul(tensor(weights, { dtype: p.dtype }))
    .sum()
    .add(
      p
        .square()
        .sum()
        .mul(k / 2),
    )
const slopesOf = (p: readonly number[], k: number): number[] => p.map((x, i) => weights[i]! * Math.cos(x) + k * x)

const trajectory = (make: (parameters: Tensor[]) => Optimizer, steps = 5, dtype: 'float32' | 'float64' = 'float64') => {
  const p = parameter(tensor(start, { dtype })) as Tensor
  const optimizer = make([p])
  return Array.from({ length: steps }, (_, i) => {
    optimizer.zeroGrad()
    lossOf(p, i + 1).backward()
    optimizer.step()
    return p.toArray() as number[]
  })
}
const expectClose = (actual: number[][], wanted: readonly (readonly number[])[], digits = 12) => {
  expect(actual).toHaveLength(wanted.length)
  for (const [i, row] of actual.entries()) {
    for (const [j, x] of row.entries()) expect(x).toBeCloseTo(wanted[i]![j]!, digits)
  }
}

describe('SGD', () => {
  it('follows the trajectories of PyTorch', () => {
    const learningRate = 0.1
    const sgd = (options: object) => trajectory((p) => new SGD(p, { learningRate, ...options }))
    expectClose(sgd({}), torch.sgd)
    expectClose(sgd({ weightDecay: 0.2 }), torch.sgdDecay)
    expectClose(sgd({ momentum: 0.9, dampening: 0.3, weightDecay: 0.2 }), torch.momentum)
    expectClose(sgd({ momentum: 0.9, nesterov: true, weightDecay: 0.2 }), torch.nesterov)
  })

  it('follows a loop written out', () => {
    const p = [...start]
    const v = [0, 0, 0]
    const wanted = Array.from({ length: 30 }, (_, i) => {
      for (const [j, g] of slopesOf(p, i + 1).entries()) {
        v[j] = i === 0 ? g : 0.8 * v[j]! + g
        p[j] = p[j]! - 0.01 * v[j]!
      }
      return [...p]
    })
    expectClose(
      trajectory((q) => new SGD(q, { learningRate: 0.01, momentum: 0.8 }), 30),
      wanted,
      10,
    )
  })

  it('checks its options', () => {
    const p = [parameter(zeros([2]))]
    expect(() => new SGD(p, { learningRate: -1 })).toThrow(
      new OptionError('SGD: learningRate is -1; use a number of at least 0.'),
    )
    expect(() => new SGD(p, {} as never)).toThrow('SGD: learningRate is missing; use a number of at least 0.')
    expect(() => new SGD(p, { learningRate: 1, momentum: -0.9 })).toThrow('SGD: momentum is -0.9;')
    expect(() => new SGD(p, { learningRate: 1, momentum: Number.NaN })).toThrow('SGD: momentum is NaN;')
    expect(() => new SGD(p, { learningRate: 1, weightDecay: -1 })).toThrow('SGD: weightDecay is -1;')
    expect(() => new SGD(p, { learningRate: 1, dampening: 2 })).toThrow('SGD: dampening is 2;')
    expect(() => new SGD(p, { learningRate: 1, nesterov: true })).toThrow(
      'SGD: nesterov needs momentum and no dampening; momentum is 0 and dampening 0.',
    )
  })
})

/** The algorithm as printed in Kingma and Ba, with the decoupled decay of Loshchilov and Hutter. */
const adamByHand = (steps: number, rate: number, beta1: number, beta2: number, epsilon: number, decay = 0) => {
  const p = [...start]
  const m = [0, 0, 0]
  const v = [0, 0, 0]
  return Array.from({ length: steps }, (_, i) => {
    const t = i + 1
    for (const [j, g] of slopesOf(p, t).entries()) {
      m[j] = beta1 * m[j]! + (1 - beta1) * g
      v[j] = beta2 * v[j]! + (1 - beta2) * g * g
      const mHat = m[j]! / (1 - beta1 ** t)
      const vHat = v[j]! / (1 - beta2 ** t)
      p[j] = p[j]! - rate * decay * p[j]! - (rate * mHat) / (Math.sqrt(vHat) + epsilon)
    }
    return [...p]
  })
}

describe('Adam and AdamW', () => {
  it('follow the trajectories of PyTorch', () => {
    const learningRate = 0.1
    expectClose(
      trajectory((p) => new Adam(p, { learningRate, betas: [0.8, 0.95], epsilon: 1e-6 })),
      torch.adam,
    )
    expectClose(
      trajectory((p) => new Adam(p, { learningRate, weightDecay: 0.2 })),
      torch.adamL2,
    )
    expectClose(
      trajectory((p) => new AdamW(p, { learningRate, weightDecay: 0.2 })),
      torch.adamw,
    )
    expectClose(
      trajectory((p) => new AdamW(p)),
      torch.adamwDefault,
    )
  })

  it('follow the algorithm as printed', () => {
    expectClose(
      trajectory((p) => new Adam(p, { learningRate: 0.02 }), 40),
      adamByHand(40, 0.02, 0.9, 0.999, 1e-8),
      10,
    )
    expectClose(
      trajectory((p) => new AdamW(p, { learningRate: 0.02, weightDecay: 0.3 }), 40),
      adamByHand(40, 0.02, 0.9, 0.999, 1e-8, 0.3),
      10,
    )
    expectClose(
      trajectory((p) => new Adam(p, { learningRate: 0.02 }), 40, 'float32'),
      adamByHand(40, 0.02, 0.9, 0.999, 1e-8),
      4,
    )
  })

  it('go by the learning rate each step under a constant slope, in float32 too', () => {
    for (const dtype of ['float32', 'float64'] as const) {
      for (const size of [1, 1000]) {
        const p = parameter(zeros([size], { dtype }))
        const optimizer = new Adam([p], { learningRate: 0.5, epsilon: 0 })
        p.sum().backward()
        for (let steps = 1; steps <= 300; steps++) {
          optimizer.step()
          const off = Math.abs(p.data[size - 1]! / (-0.5 * steps) - 1)
          expect(off).toBeLessThan(dtype === 'float32' ? 3e-6 : 1e-13)
        }
      }
    }
  })

  describe.each([1e-8, 1e-30, 1e-50, 0])('with epsilon %s', (epsilon) => {
    const betas = [
      [0.9, 0.999],
      [0, 0.999],
      [0, 0],
      [0.9, 0.5],
    ] as const
    const variants = (['float32', 'float64'] as const).flatMap((dtype) =>
      [2, 3000].flatMap((size) => [false, true].map((isCompiled) => [dtype, size, isCompiled] as const)),
    )
    /** Steps under a loss that does not depend on the second element, and the elements in the end. */
    const run = (
      [dtype, size, isCompiled]: (typeof variants)[number],
      slope: number,
      make: (p: Tensor) => Optimizer,
    ) => {
      const p = parameter(ones([size], { dtype })) as Tensor
      const slopes = tensor([slope, ...Array<number>(size - 1).fill(0)], { dtype })
      const optimizer = make(p)
      const descend = () => {
        const loss = p.mul(slopes).sum()
        optimizer.zeroGrad()
        loss.backward()
        optimizer.step()
      }
      const step = isCompiled ? compile(descend) : descend
      for (let i = 0; i < 3; i++) step()
      return p.data
    }

    it.each(betas)('leaves an element whose gradient is 0 (betas %s, %s)', (...betas) => {
      for (const variant of variants) {
        const data = run(variant, 2, (p) => new Adam([p], { learningRate: 0.1, epsilon, betas }))
        expect([variant, data[1], data[data.length - 1]]).toEqual([variant, 1, 1])
        expect(data[0]! / 0.7, String(variant)).toBeCloseTo(1, 5)
      }
    })

    it('lets AdamW shrink such an element', () => {
      for (const variant of variants) {
        const data = run(variant, 2, (p) => new AdamW([p], { learningRate: 0.1, epsilon, weightDecay: 0.5 }))
        expect(data[1]! / 0.95 ** 3, String(variant)).toBeCloseTo(1, 6)
      }
    })

    it('goes no further than Adam can where squares of gradients underflow', () => {
      for (const variant of variants) {
        const slope = variant[0] === 'float32' ? 1e-25 : 1e-170
        const moved = 1 - run(variant, slope, (p) => new Adam([p], { learningRate: 0.01, epsilon }))[0]!
        expect(moved, String(variant)).toBeGreaterThanOrEqual(0)
        // (1 - beta1) / sqrt((1 - beta2) (1 - beta1^2 / beta2)) = 7.27 rates a step
        expect(moved, String(variant)).toBeLessThan(3 * 7.3 * 0.01)
        if (epsilon === 0) expect(moved, String(variant)).toBeGreaterThan(0.01)
      }
    })
  })

  it('follow the algorithm as printed without epsilon', () => {
    for (const [beta1, beta2] of [
      [0.9, 0.999],
      [0, 0.9],
      [0.9, 0.5],
    ] as const) {
      expectClose(
        trajectory((p) => new Adam(p, { learningRate: 0.02, epsilon: 0, betas: [beta1, beta2] }), 40),
        adamByHand(40, 0.02, beta1, beta2, 0),
        10,
      )
    }
  })

  it('check their options', () => {
    const p = [parameter(zeros([2]))]
    expect(() => new Adam(p, { betas: [0.9, 1] })).toThrow('Adam: betas[1] is 1; use a number from 0 up to')
    expect(() => new Adam(p, { betas: [-0.1, 0.9] })).toThrow('Adam: betas[0] is -0.1;')
    expect(() => new Adam(p, { epsilon: -1 })).toThrow('Adam: epsilon is -1;')
    expect(() => new Adam(p, { weightDecay: -1 })).toThrow('Adam: weightDecay is -1;')
    expect(() => new AdamW(p, { weightDecay: -1 })).toThrow('AdamW: weightDecay is -1;')
    expect(() => new AdamW(p, { learningRate: Number.POSITIVE_INFINITY })).toThrow('AdamW: learningRate is Infinity;')
  })
})

const signDescent: OptimizerRule = {
  name: 'SignDescent',
  hyper: { learningRate: optimizers.amount() },
  update: () =>
    optimizers.elementwiseUpdate<'learningRate', never, never>({
      name: 'signDescent',
      state: {},
      elements: { parameter: (m, x) => m.sub(x.parameter, m.mul(x.learningRate, m.sign(x.gradient))) },
    }),
}

describe('any optimizer', () => {
  it('checks its parameters', () => {
    const rate = { learningRate: 0.1 }
    expect(() => new SGD([], rate)).toThrow('SGD: there are no parameters to train; pass a module that has some.')
    expect(() => new SGD([parameter(zeros([2])), tensor([1])], rate)).toThrow(
      new GradientError('SGD: parameter 1 (float32[1]) does not require a gradient; make it with parameter(...).'),
    )
    expect(() => new SGD([parameter(zeros([2])).mul(2)], rate)).toThrow(
      "SGD: parameter 0 (float32[2]) is the result of 'mul', and only a leaf can be trained: make it with parameter(...)",
    )
    expect(() => new SGD([zeros([2], { dtype: 'int32' })], rate)).toThrow(
      'SGD: parameter 0 is int32[2], and only floats can be trained; cast it first.',
    )
    expect(() => new SGD([new Linear(1, 1)] as never, rate)).toThrow(
      'parameter 0 is the module Linear(1, 1), not a tensor; pass model.parameters().',
    )
  })

  it('refuses a parameter that is given twice, and parameters that are all frozen', () => {
    const p = parameter(tensor([1]))
    expect(() => new SGD([p, p], { learningRate: 0.5 })).toThrow(
      new GradientError('SGD: parameter 1 is parameter 0 again; give each once.'),
    )
    const frozen = new Linear(2, 1).freeze()
    expect(() => new Adam(frozen)).toThrow(
      new GradientError('Adam: all of the 2 parameters are frozen; unfreeze() what is to be trained.'),
    )
  })

  it('leaves parameters without a gradient as they are, and refuses to step without any', () => {
    const [a, b] = [parameter(tensor([1])), parameter(tensor([2]))]
    const optimizer = new SGD([a, b], { learningRate: 0.5 })
    expect(() => optimizer.step()).toThrow(
      new GradientError(
        'SGD.step: none of the 2 parameters has a gradient; call backward() on a loss that depends on them first, ' +
          'after zeroGrad().',
      ),
    )
    b.sum().backward()
    optimizer.step()
    expect([a.item(), b.item()]).toEqual([1, 1.5])
    optimizer.zeroGrad()
    expect(b.hasGrad).toBe(false)
  })

  it('counts the steps of each parameter by itself, as PyTorch does', () => {
    const [a, b] = [parameter(tensor([1], { dtype: 'float64' })), parameter(tensor([1], { dtype: 'float64' }))]
    const optimizer = new Adam([a, b], { learningRate: 0.1 })
    a.sum().backward()
    optimizer.step()
    optimizer.zeroGrad()
    b.sum().backward()
    optimizer.step()
    expect(b.item()).toBe(a.item())
  })

  it('lets the learning rate change', () => {
    const p = parameter(tensor([1]))
    const optimizer = new SGD([p], { learningRate: 1 })
    optimizer.learningRate = 0.25
    p.sum().backward()
    optimizer.step()
    expect(p.item()).toBe(0.75)
    expect(() => {
      optimizer.learningRate = Number.NaN
    }).toThrow('SGD: learningRate is NaN')
    expect(optimizer.learningRate).toBe(0.25)
  })

  it('has one learning rate for parameters of any dtype', () => {
    const [a, b] = [parameter(tensor([1])), parameter(tensor([1], { dtype: 'float64' }))]
    const optimizer = new SGD([a, b], { learningRate: 1 })
    a.sum().backward()
    b.sum().backward()
    optimizer.step()
    optimizer.learningRate = 0.25
    optimizer.step()
    expect([a.item(), b.item()]).toEqual([-0.25, -0.25])
    expect([a.dtype, b.dtype]).toEqual(['float32', 'float64'])
  })

  it('can be written by anyone', () => {
    const p = parameter(tensor([3, -2]))
    p.square().sum().backward()
    const optimizer = new Optimizer(signDescent, [p], { learningRate: 0.5 })
    optimizer.step()
    expect(p.toArray()).toEqual([2.5, -1.5])
    expect(p.requiresGrad).toBe(true)
  })

  it('makes an older graph refuse to go backward', () => {
    const p = parameter(tensor([1]))
    const loss = p.square().sum()
    loss.backward()
    new SGD([p], { learningRate: 0.1 }).step()
    expect(() => loss.backward()).toThrow(GradientError)
  })
})

describe('the state of an optimizer', () => {
  const run = (p: Tensor, optimizer: Optimizer, from: number, to: number) => {
    for (let k = from; k <= to; k++) {
      optimizer.zeroGrad()
      lossOf(p, k).backward()
      optimizer.step()
    }
    return p.toArray()
  }
  const fresh = () => parameter(tensor(start, { dtype: 'float64' })) as Tensor

  for (const [name, make] of [
    ['Adam', (p: Tensor) => new Adam([p], { learningRate: 0.1 })],
    ['AdamW', (p: Tensor) => new AdamW([p], { learningRate: 0.1 })],
    ['SGD with momentum', (p: Tensor) => new SGD([p], { learningRate: 0.1, momentum: 0.9 })],
    ['SGD', (p: Tensor) => new SGD([p], { learningRate: 0.1 })],
  ] as const) {
    it(`lets ${name} go on where it was`, () => {
      const whole = fresh()
      const wanted = run(whole, make(whole), 1, 6)

      const first = fresh()
      const optimizer = make(first)
      run(first, optimizer, 1, 3)
      const saved = optimizer.stateDict()
      const second = parameter(first.detach()) as Tensor
      run(first, optimizer, 4, 6)

      const other = make(second)
      other.learningRate = 7
      other.loadStateDict(saved, { byPosition: true })
      expect(run(second, other, 4, 6)).toEqual(wanted)
    })
  }

  it('of a bare list is named by position', () => {
    const [a, b] = [fresh(), fresh()]
    const optimizer = new Adam([a, b], { learningRate: 0.1 })
    run(b, optimizer, 1, 2)
    const state = optimizer.stateDict()
    expect(Object.keys(state)).toEqual([
      ...['learningRate', 'betas', 'epsilon', 'weightDecay'].map((name) => `groups.default.${name}`),
      ...['0.steps', '0.mean', '0.square', '1.steps', '1.mean', '1.square'].map((name) => name),
    ])
    expect(state['1.steps']!.item()).toBe(2)
    expect(state['groups.default.learningRate']!.item()).toBe(0.1)
    expect(state['groups.default.betas']!.toArray()).toEqual([0.9, 0.999])
    // never stepped
    expect([state['0.steps']!.item(), state['0.mean']!.toArray()]).toEqual([0, [0, 0, 0]])
  })

  it('is only what is needed', () => {
    const keys = (options: object) =>
      Object.keys(new SGD([fresh()], { learningRate: 1, ...options }).stateDict()).filter(
        (key) => !key.startsWith('groups'),
      )
    expect(keys({})).toEqual([])
    expect(keys({ dampening: 0.5 })).toEqual([])
    expect(keys({ momentum: 0.9 })).toEqual(['0.velocity'])
    expect(keys({ momentum: 0.9, dampening: 0.5 })).toEqual(['0.steps', '0.velocity'])
  })

  it('lives in leaf tensors, made with the optimizer and then assigned to', () => {
    const seen = new Set<Tensor>()
    const numbers: number[] = []
    const averaged: OptimizerRule = {
      name: 'Averaged',
      hyper: { learningRate: optimizers.amount(1) },
      update: () => ({
        state: { mean: optimizers.zerosFor },
        next: (p, gradient, { mean }, rates) => {
          seen.add(mean!)
          mean!.assign(mean!.add(gradient).div(2))
          numbers.push(mean!.data[0]!)
          return p.sub(mean!.mul(rates.tensor('learningRate', p.dtype)))
        },
      }),
    }
    const p = parameter(tensor([1, 2], { dtype: 'float64' })) as Tensor
    const optimizer = new Optimizer(averaged, new Map([['p', p]]))
    expect(optimizer.stateDict()['p.mean']!.toArray()).toEqual([0, 0])
    for (let i = 0; i < 3; i++) {
      optimizer.zeroGrad()
      p.sum().backward()
      optimizer.step()
    }
    expect(numbers).toEqual([0.5, 0.75, 0.875])
    expect(p.toArray()).toEqual([1 - 2.125, 2 - 2.125])
    expect([...seen].map(({ op }) => op)).toEqual([null])
    optimizer.loadStateDict({ ...optimizer.stateDict(), 'p.mean': tensor([3, 4], { dtype: 'float64' }) })
    expect([...seen][0]!.toArray()).toEqual([3, 4])
  })

  it('of parameters that are never trained takes no memory', () => {
    const p = parameter(zeros([1000, 1000]))
    const before = process.memoryUsage().arrayBuffers
    const optimizer = new Adam([p])
    const state = optimizer.stateDict()
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e5)
    expect(state['0.mean']!.shape).toEqual([1000, 1000])
  })

  it('refuses what does not fit, and changes nothing', () => {
    const p = fresh()
    const optimizer = new Adam(new Map([['p', p]]), { learningRate: 0.1 })
    run(p, optimizer, 1, 2)
    const state = optimizer.stateDict()
    const rate = 'groups.default.learningRate'
    const load = (change: object) => () =>
      optimizer.loadStateDict({ ...state, [rate]: tensor(9, { dtype: 'float64' }), ...change })
    expect(load({ 'p.mean': zeros([4], { dtype: 'float64' }) })).toThrow(
      new StateDictError(
        "loadStateDict: 'p.mean' is float64[3] in the optimizer and float64[4] in the state; reshape it, or build " +
          'with the same sizes.',
      ),
    )
    expect(load({ 'p.velocity': zeros([3]) })).toThrow(
      "unknown key 'p.velocity' (float32[3]); the closest known key is",
    )
    const { 'p.square': _, ...partial } = state
    expect(() => optimizer.loadStateDict(partial)).toThrow("no value for 'p.square' (float64[3]); add it")
    expect(load({ [rate]: tensor(-1, { dtype: 'float64' }), 'p.mean': state['p.square'] })).toThrow(
      'Adam: learningRate is -1;',
    )
    expect(load({ 'groups.default.betas': tensor([0.9, 1], { dtype: 'float64' }) })).toThrow('Adam: betas[1] is 1;')
    expect(optimizer.learningRate).toBe(0.1)
    expect(optimizer.stateDict()['p.mean']!.toArray()).toEqual(state['p.mean']!.toArray())
  })

  it('goes by name: another order of the parameters is no other state', () => {
    const [a, b] = [fresh(), fresh()]
    const optimizer = new Adam(
      new Map([
        ['a', a],
        ['b', b],
      ]),
    )
    run(a, optimizer, 1, 2)
    const other = new Adam(
      new Map([
        ['b', fresh()],
        ['a', fresh()],
      ]),
    )
    other.loadStateDict(optimizer.stateDict())
    expect(other.stateDict()['a.mean']!.toArray()).toEqual(optimizer.stateDict()['a.mean']!.toArray())
    expect(other.stateDict()['b.mean']!.toArray()).toEqual([0, 0, 0])
  })

  it('of a bare list is loaded by position, which is said; another order of the same parameters is refused', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const [a, b] = [fresh(), fresh()]
    const optimizer = new Adam([a, b])
    run(a, optimizer, 1, 2)
    const state = optimizer.stateDict()
    // its own
    optimizer.loadStateDict(state)
    const swapped = new Adam([b, a])
    expect(() => swapped.loadStateDict(state)).toThrow(
      new StateDictError(
        'Adam.loadStateDict: the state of parameter 0 is that of parameter 1 here; give the parameters in the order that they had, ' +
          'or make optimizers of the model, whose states have names: new Adam(model).',
      ),
    )
    expect(swapped.stateDict()['0.mean']!.toArray()).toEqual([0, 0, 0])
    new Adam([fresh(), fresh()]).loadStateDict(state, { byPosition: true })
    expect(warn).not.toHaveBeenCalled()
    new Adam([fresh(), fresh()]).loadStateDict(JSON.parse(JSON.stringify(state)))
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('so the state is matched by their order'))
    warn.mockRestore()
    const named = new Adam(new Linear(2, 1))
    expect(() => named.loadStateDict(named.stateDict(), { byPosition: true })).toThrow('leave byPosition out')
  })
})
