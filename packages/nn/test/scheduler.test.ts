import { compile, parameter, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import { Adam, Linear, mse, OptionError, Scheduler, SGD, StateDictError, schedules } from '../src/index.js'

const { absolute, cosine, linear, oneCycle, plateau, step } = schedules
const places = () => new Map(['a', 'b'].map((name) => [name, parameter(zeros([2], { dtype: 'float64' })) as Tensor]))
const sgd = (parameters = places()) =>
  new SGD(parameters, {
    learningRate: 0.4,
    momentum: 0.5,
    groups: [{ name: 'slow', path: 'b', learningRate: 0.1 }],
  })
const ratesOf = (optimizer: SGD | Adam) => optimizer.groups.map(({ learningRate }) => learningRate)

describe('Scheduler', () => {
  it('gives each group its factor, from the first step on', () => {
    const optimizer = sgd()
    const scheduler = new Scheduler(optimizer, linear({ from: 0.5, to: 1, steps: 2 }))
    const seen = [ratesOf(optimizer)]
    for (let i = 0; i < 3; i++) {
      scheduler.step()
      seen.push(ratesOf(optimizer))
    }
    expect(seen).toEqual([
      [0.2, 0.05],
      [0.4 * 0.75, 0.1 * 0.75],
      [0.4, 0.1],
      [0.4, 0.1],
    ])
    expect(scheduler.currentStep).toBe(3)
  })

  it('changes any hyperparameter, absolute or by a factor, and groups by schedules of their own', () => {
    const optimizer = sgd()
    const scheduler = new Scheduler(
      optimizer,
      { learningRate: step({ every: 1, factor: 0.5 }), momentum: absolute((n) => 0.9 - n / 10) },
      { groups: { slow: { learningRate: (n) => 1 + n } } },
    )
    scheduler.step()
    expect(optimizer.groups.map(({ learningRate, momentum }) => [learningRate, momentum])).toEqual([
      [0.2, 0.8],
      [0.2, 0.8],
    ])
  })

  it('changes one number of a pair', () => {
    const optimizer = new Adam(places())
    const beta = absolute(oneCycle({ steps: 11, rise: 0.5, from: 0.95, peak: 0.85, to: 0.95, shape: 'linear' }))
    const scheduler = new Scheduler(optimizer, { betas: [beta, null] })
    for (let i = 0; i < 10; i++) scheduler.step()
    expect(optimizer.groups[0]!.betas).toEqual([0.95, 0.999])
  })

  it('makes no new program of a compiled step after its first change, and trains as an eager one', () => {
    let traces = 0
    const train = (isCompiled: boolean) => {
      const all = places()
      const optimizer = sgd(all)
      const scheduler = new Scheduler(optimizer, {
        learningRate: cosine({ steps: 9 }),
        momentum: linear({ from: 0.2, to: 1, steps: 9 }),
      })
      const plain = () => {
        traces++
        optimizer.zeroGrad()
        const loss = [...all.values()].map((each) => each.sub(1).square().sum()).reduce((a, b) => a.add(b)) as Tensor
        loss.backward()
        optimizer.step()
        return loss
      }
      const run = isCompiled ? compile(plain) : plain
      traces = 0
      for (let i = 0; i < 8; i++) {
        run()
        scheduler.step()
        if (i === 1) traces = 0
      }
      return [...all.values()].flatMap(({ data }) => [...data])
    }
    const compiled = train(true)
    expect(traces).toBe(0)
    for (const [i, value] of train(false).entries()) expect(compiled[i]).toBeCloseTo(value, 12)
  })

  it('goes by a loss where a schedule is a plateau', () => {
    const optimizer = sgd()
    const scheduler = new Scheduler(optimizer, plateau({ factor: 0.5, patience: 1 }))
    for (const loss of [1, 1, 1]) scheduler.observe(loss)
    expect(ratesOf(optimizer)).toEqual([0.2, 0.05])
    expect(() => new Scheduler(sgd(), cosine({ steps: 3 })).observe(1)).toThrow('nothing here goes by a loss')
  })

  it('tells a plateau that stands for two numbers of each loss once', () => {
    const optimizer = sgd()
    const one = plateau({ factor: 0.5, patience: 1 })
    const scheduler = new Scheduler(optimizer, { learningRate: one, momentum: one })
    for (const loss of [1, 1]) scheduler.observe(loss)
    expect(ratesOf(optimizer)).toEqual([0.4, 0.1])
    scheduler.observe(1)
    expect(optimizer.groups[0]!.momentum).toBe(0.25)
  })

  it('goes on from a saved state, whatever the rate of the optimizer is by then', () => {
    const make = () => {
      const optimizer = sgd()
      const table = { learningRate: cosine({ steps: 9 }), momentum: plateau({ factor: 0.5, patience: 0 }) }
      return { optimizer, create: () => new Scheduler(optimizer, table) }
    }
    const [whole, cut] = [make(), make()]
    const all = whole.create()
    const first = cut.create()
    for (const scheduler of [all, first]) {
      for (const loss of [3, 4]) {
        scheduler.step()
        scheduler.observe(loss)
      }
    }
    const resumed = make()
    resumed.optimizer.loadStateDict(cut.optimizer.stateDict())
    const second = resumed.create()
    second.loadStateDict(JSON.parse(JSON.stringify(first.stateDict())))
    for (const scheduler of [all, second]) {
      scheduler.step()
      scheduler.observe(5)
    }
    expect(second.stateDict()).toEqual(all.stateDict())
    expect(resumed.optimizer.groups.map(({ learningRate, momentum }) => [learningRate, momentum])).toEqual(
      whole.optimizer.groups.map(({ learningRate, momentum }) => [learningRate, momentum]),
    )
  })

  it('refuses by name what no group has, and what a schedule must not give', () => {
    const refuses = (make: () => unknown, text: string | RegExp) => {
      expect(make).toThrow(OptionError)
      expect(make).toThrow(text)
    }
    refuses(
      () => new Scheduler(sgd(), { betas: () => 1 }),
      'Scheduler: no group of this optimizer has betas; use one of learningRate, momentum, dampening, weightDecay.',
    )
    refuses(
      () => new Scheduler(sgd(), cosine({ steps: 3 }), { groups: { fast: () => 1 } }),
      /no group fast; .*default, slow/,
    )
    refuses(() => new Scheduler(new Adam(places()), { betas: () => 1 }), 'give an array with a schedule for each')
    refuses(() => new Scheduler(sgd(), { momentum: [() => 1, null] }), 'momentum is one number; give it one schedule')
    refuses(() => new Scheduler(sgd(), () => Number.NaN), 'the schedule of learningRate gives NaN at step 0')
    refuses(() => new Scheduler(sgd(), () => -1), 'learningRate is -0.4')
    expect(() => new Scheduler(sgd(), {})).toThrow('use a schedule')
  })

  it('refuses a state of other schedules, and stays as it was', () => {
    const scheduler = new Scheduler(sgd(), { momentum: plateau() })
    scheduler.step()
    const state = scheduler.stateDict()
    for (const wrong of [
      { ...state, step: -1 },
      { ...state, step: 0.5 },
      { ...state, more: 1 },
      { ...state, plateaus: [] },
      { ...state, plateaus: [{ factor: 'x' }] },
      { ...state, initial: {} },
      { ...state, initial: { ...state.initial, slow: { learningRate: 1 } } },
    ]) {
      expect(() => scheduler.loadStateDict(wrong as never)).toThrow(StateDictError)
      expect(scheduler.stateDict()).toEqual(state)
    }
  })

  it('trains a model', () => {
    const model = new Linear(2, 1)
    const optimizer = new SGD(model, { learningRate: 0.5 })
    const scheduler = new Scheduler(optimizer, schedules.warmUp({ steps: 3, next: cosine({ steps: 60 }) }))
    const x = tensor([
      [0, 1],
      [1, 0],
      [1, 1],
    ])
    const y = tensor([[1], [2], [3]])
    let loss = 0
    for (let i = 0; i < 63; i++) {
      optimizer.zeroGrad()
      const now = mse(model.forward(x), y)
      now.backward()
      optimizer.step()
      scheduler.step()
      loss = now.item()
    }
    expect(loss).toBeLessThan(1e-2)
    expect(optimizer.learningRate).toBe(0)
  })
})
