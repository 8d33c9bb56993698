import { compile, parameter, Random, random, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import {
  Adam,
  BatchNorm1d,
  clipGradientNorm,
  clipGradientValue,
  Dropout,
  fit,
  gradientNorm,
  LBFGS,
  Linear,
  Module,
  mse,
  type Optimizer,
  Scheduler,
  Sequential,
  SGD,
  schedules,
  Tanh,
  TrainingError,
  trainStep,
  WeightAverage,
} from '../src/index.js'

const make = () => {
  const model = new Sequential(
    new Linear(3, 4, { random: new Random(1) }),
    new Tanh(),
    new Linear(4, 2, { random: new Random(2) }),
  )
  const numbers = new Random(3)
  const data = Array.from({ length: 6 }, () => ({ x: numbers.normal([5, 3]), y: numbers.normal([5, 2]) }))
  return { model, data }
}
const weightsOf = (model: Module) => Object.values(model.stateDict()).map((tensor) => tensor.toArray())
const close = (lists: unknown): unknown =>
  Array.isArray(lists) ? lists.map(close) : expect.closeTo(lists as number, 5)

describe.each([
  ['compiled', true],
  ['eager', false],
])('trainStep (%s)', (_, isCompiled) => {
  it('does what a loop written out does, with bounds, a schedule and a mean of the weights', () => {
    const { model, data } = make()
    const optimizer = new SGD(model, { learningRate: 0.5, momentum: 0.9 })
    const average = new WeightAverage(model, { decay: 0.8 })
    const schedule = new Scheduler(optimizer, (step) => 1 / (1 + step))
    const step = trainStep(model, mse, optimizer, { clip: 0.3, schedule, average, compile: isCompiled })
    const reports = data.map(step)

    const { model: other } = make()
    const plain = new SGD(other, { learningRate: 0.5, momentum: 0.9 })
    let mean: Tensor[] = []
    const wanted = data.map(({ x, y }, i) => {
      plain.zeroGrad()
      const loss = mse(other.forward(x as Tensor<[number, 3]>), y)
      loss.backward()
      const norm = Math.hypot(...other.parameters().flatMap(({ grad }) => [...(grad.data as Float32Array)]))
      for (const each of other.parameters()) each.grad = each.grad.mul(Math.min(1, 0.3 / norm)) as never
      plain.step()
      plain.learningRate = 0.5 / (i + 2)
      mean = other
        .parameters()
        .map((each, j) => (i === 0 ? each.detach() : mean[j]!.mul(0.8).add(each.mul(0.2)).detach()))
      return { loss: expect.closeTo(loss.item(), 5), gradientNorm: expect.closeTo(norm, 5), stepped: true }
    })
    expect(reports).toEqual(wanted)
    expect(weightsOf(model)).toEqual(close(weightsOf(other)))
    expect(weightsOf(average.model)).toEqual(close(mean.map((each) => each.toArray())))
    step.release()
  })

  it('adds gradients up: four batches a step are one of all their examples, and flush steps by what is left', () => {
    const { model, data } = make()
    const step = trainStep(model, mse, new SGD(model, { learningRate: 0.1 }), {
      accumulate: 4,
      gradientNorm: true,
      compile: isCompiled,
    })
    const reports = data.map(step)
    expect(reports.map(({ stepped }) => stepped)).toEqual([false, false, false, true, false, false])
    const { model: other } = make()
    const optimizer = new SGD(other, { learningRate: 0.1 })
    for (const part of [data.slice(0, 4), data.slice(4)]) {
      optimizer.zeroGrad()
      const losses = part.map(({ x, y }) => mse(other.forward(x as Tensor<[number, 3]>), y))
      losses
        .reduce((sum, loss) => sum.add(loss) as never)
        .div(part.length)
        .backward()
      const norm = gradientNorm(other).item()
      optimizer.step()
      if (part.length === 4) expect(reports[3]!.gradientNorm).toBeCloseTo(norm, 5)
      else expect(step.flush()).toEqual({ stepped: true, gradientNorm: expect.closeTo(norm, 5) })
    }
    expect(step.flush()).toBeNull()
    expect(weightsOf(model)).toEqual(close(weightsOf(other)))
  })

  it('names the first op of a loss that is not finite, and changes nothing', () => {
    class Careless extends Module {
      readonly norm = new BatchNorm1d(3)
      readonly scale = parameter(tensor([1, 1, 1]))
      forward(x: Tensor<[number, 3]>): Tensor {
        return this.norm.forward(x).mul(this.scale).log()
      }
    }
    const model = new Careless()
    const optimizer = new Adam(model)
    const step = trainStep(model, mse, optimizer, { compile: isCompiled })
    const before = [
      weightsOf(model),
      Object.values(optimizer.stateDict()).map((each) => each.toArray()),
      random.state(),
    ]
    const batch = { x: new Random(1).normal([4, 3]), y: zeros([4, 3]) }
    expect(() => step(batch)).toThrow(TrainingError)
    expect(() => step(batch)).toThrow(
      /^trainStep: the loss is NaN\. Try a smaller learning rate \(it is 0\.001\)[\s\S]*is log: it gave NaN at /,
    )
    expect([
      weightsOf(model),
      Object.values(optimizer.stateDict()).map((each) => each.toArray()),
      random.state(),
    ]).toEqual(before)
  })

  it('names the first op of gradients that are not finite though the loss is', () => {
    class Root extends Module {
      readonly w = parameter(zeros([2]))
      forward(x: Tensor): Tensor {
        return x.mul(this.w).sqrt()
      }
    }
    const model = new Root()
    const step = trainStep(model, mse, new SGD(model, { learningRate: 1 }), { clip: 1, compile: isCompiled })
    expect(() => step({ x: tensor([[1, 2]]), y: tensor([[1, 2]]) })).toThrow(
      /the norm of the gradients is (Infinity|NaN)\.[\s\S]*sqrt/,
    )
    expect(model.w.toArray()).toEqual([0, 0])
  })

  it('is as if nothing had been where the gradients are not finite: what was added up is dropped, and nothing is drawn', () => {
    const own = new Random(4)
    const model = new Sequential(new Linear(2, 1, { random: new Random(1) }), new Dropout(0.1, { random: own }))
    const optimizer = new Adam(model)
    const loss = (output: Tensor, target: Tensor) => output.mul(target).mean()
    const step = trainStep(model, loss, optimizer, { accumulate: 2, gradientNorm: true, compile: isCompiled })
    const good = { x: tensor([[1, 2]]), y: tensor([[1]]) }
    const poison = { x: tensor([[1, 1]]), y: tensor([[1e25]]) }
    const numbers = () => [weightsOf(model), Object.values(optimizer.stateDict()).map((each) => each.toArray())]
    const before = numbers()
    // dropout may leave nothing of a batch
    expect(() => {
      for (let i = 0; i < 30; i++) step(poison)
    }).toThrow(/the norm of the gradients is/)
    expect(numbers()).toEqual(before)
    expect(step(good).stepped).toBe(false)
    expect(step(good).stepped).toBe(true)
    expect(step.flush()).toBeNull()
  })

  it('draws nothing where the loss is not a number', () => {
    const own = new Random(4)
    const model = new Sequential(new Linear(2, 1), new Dropout(0.5, { random: own }), new Dropout(0.1))
    const step = trainStep(model, mse, new Adam(model), { compile: isCompiled })
    const before = [own.state(), random.state()]
    expect(() => step({ x: tensor([[Number.NaN, 2]]), y: tensor([[1]]) })).toThrow('the loss is NaN')
    expect([own.state(), random.state()]).toEqual(before)
  })

  it('notices a layer or a parameter that is replaced', () => {
    class Two extends Module {
      head: Linear<3, 2> = new Linear(3, 2, { random: new Random(1) })
      forward(x: Tensor<[number, 3]>) {
        return this.head.forward(x)
      }
    }
    const model = new Two()
    const optimizer = new SGD(model, { learningRate: 0 })
    const step = trainStep(model, mse, optimizer, { compile: isCompiled })
    const batch = { x: new Random(3).normal([5, 3]), y: zeros([5, 2]) }
    step(batch)
    model.head = new Linear(3, 2, { random: new Random(9) })
    const wanted = mse(model.forward(batch.x), batch.y).item()
    expect(() => step(batch)).toThrow('none of the 2 parameters has a gradient')
    const renewed = trainStep(model, mse, new SGD(model, { learningRate: 0 }), { compile: isCompiled })
    expect(renewed(batch).loss).toBeCloseTo(wanted, 5)
  })

  it('is in training mode while it runs, whatever mode the model is in', () => {
    const { data } = make()
    const modes: boolean[] = []
    class Watching extends Linear<3, 2> {
      protected override run(x: Tensor): Tensor {
        modes.push(this.training)
        return super.run(x)
      }
    }
    const model = new Watching(3, 2).eval()
    const step = trainStep(model, mse, new SGD(model, { learningRate: 0.1 }), { compile: isCompiled })
    step(data[0]!)
    expect(modes[0]).toBe(true)
    expect(model.training).toBe(false)
  })
})

it('a schedule that goes by losses is told of those of each epoch, on the validation data if there are any', async () => {
  const { model, data } = make()
  const optimizer = new SGD(model, { learningRate: 0 })
  const schedule = schedules.plateau({ factor: 0.5, patience: 0 })
  await fit(model, { data, loss: mse, optimizer, epochs: 3, schedule })
  // the loss is the same in each: the second and third are no better
  expect(schedule.factor).toBe(0.25)
  expect(() =>
    trainStep(model, mse, new SGD(model, { learningRate: 1 }), { schedule: new Scheduler(optimizer, () => 1) }),
  ).toThrow('trainStep: the schedule is one of another optimizer')
})

it('what would do nothing here is refused: a mean of other weights, a plateau of another training, LBFGS', () => {
  const { model } = make()
  const { model: other } = make()
  const optimizer = new SGD(model, { learningRate: 1 })
  const step =
    (options: object, by: Optimizer = optimizer) =>
    () =>
      trainStep(model, mse, by, options)
  expect(step({ average: new WeightAverage(other) })).toThrow(
    'trainStep: the average is of another model: it has float32[3, 4]',
  )
  const plateau = schedules.plateau()
  step({ schedule: plateau })()
  expect(step({ schedule: plateau })).toThrow(
    'this plateau has seen the losses of another scheduler; make one for each.',
  )
  expect(step({}, new LBFGS(model) as Optimizer)).toThrow(
    'trainStep: LBFGS asks for the loss many times in a step; call',
  )
})

describe('bounds of gradients', () => {
  const two = () => {
    const [p, q, idle] = [
      parameter(tensor([1, 2])),
      parameter(tensor([1], { dtype: 'float64' })),
      parameter(zeros([2])),
    ] as Tensor[]
    p!
      .mul(tensor([3, 4]))
      .sum()
      .cast('float64')
      .add(q!.mul(12).sum())
      .backward()
    return [p!, q!, idle!] as const
  }

  it('of the norm scale all by one factor, and tell the norm before', () => {
    const [p, q, idle] = two()
    expect(gradientNorm([p, q, idle]).item()).toBe(13)
    expect(clipGradientNorm([p, q, idle], 6.5).item()).toBe(13)
    expect([p.grad.toArray(), q.grad.toArray(), idle.hasGrad]).toEqual([[1.5, 2], [6], false])
    // smaller ones stay as they are
    expect(clipGradientNorm([p, q], 7).item()).toBe(6.5)
    expect(p.grad.toArray()).toEqual([1.5, 2])
    p.grad = tensor([Number.NaN, 1]) as never
    expect(() => clipGradientNorm([p, q], 1)).toThrow(
      'clipGradientNorm: the norm of the gradients is NaN; make the loss',
    )
    // and the gradients are as before
    expect(p.grad.toArray()).toEqual([Number.NaN, 1])
    expect(() => clipGradientNorm([idle], 1)).toThrow('none of the 1 parameters has a gradient; call backward() first.')
    expect(() => clipGradientNorm([p], 0)).toThrow('clipGradientNorm: largest is 0; use a positive number.')
  })

  it('of elements cut each of them', () => {
    const [p, q] = two()
    compile(() => clipGradientValue([p, q], 3.5))()
    expect([p.grad.toArray(), q.grad.toArray()]).toEqual([[3, 3.5], [3.5]])
  })

  it('are of each group by itself where that is asked for', () => {
    const { model, data } = make()
    const optimizer = new SGD(model, { learningRate: 1, groups: [{ name: 'bias', path: /bias$/ }] })
    const step = trainStep(model, mse, optimizer, { clip: { norm: 0.01, perGroup: true } })
    const before = weightsOf(model).flat(2) as number[]
    step(data[0]!)
    const moved = (weightsOf(model).flat(2) as number[]).map((w, i) => w - before[i]!)
    expect(Math.hypot(...moved)).toBeCloseTo(0.01 * Math.SQRT2, 6)
    expect(() => trainStep(model, mse, optimizer, { clip: { perGroup: true } })).toThrow('clip.perGroup is of a norm')
    expect(() => trainStep(model, mse, optimizer, { clip: { norm: -1 } })).toThrow(
      'trainStep: clip.norm is -1; use a positive number.',
    )
  })
})

describe('a mean of weights', () => {
  const means = (options: object) => {
    const model = new Linear(1, 1)
    const average = new WeightAverage(model, options)
    const update = compile(() => average.update())
    return [1, 2, 3, 4, 5, 6].map((value) => {
      model.weight.assign(tensor([[value]]) as never)
      update()
      return average.model.weight.item()
    })
  }

  it('is exponential with a decay, and plain without; counts every so many updates from one on', () => {
    expect(means({ decay: 0.5 })).toEqual([1, 1.5, 2.25, 3.125, 4.0625, 5.03125])
    expect(means({})).toEqual([1, 1.5, 2, 2.5, 3, 3.5])
    expect(means({ from: 2 })).toEqual([1, 2, 3, 3.5, 4, 4.5])
    expect(means({ from: 1, every: 2 })).toEqual([1, 2, 2, 3, 3, 4])
  })

  it('is a model to evaluate and save, with the buffers of the trained one', () => {
    const model = new Sequential(new BatchNorm1d(2))
    const average = new WeightAverage(model)
    model.forward(new Random(1).normal([8, 2]))
    expect(average.model.stateDict()['0.runningMean']!.toArray()).toEqual(model.stateDict()['0.runningMean']!.toArray())
    expect(average.model).toBeInstanceOf(Sequential)
  })
})

it('fit bounds, adds up and reports as trainStep does', async () => {
  const { model, data } = make()
  const { model: other } = make()
  const history = await fit(model, {
    data,
    loss: mse,
    optimizer: new SGD(model, { learningRate: 0.1 }),
    epochs: 2,
    clip: 0.1,
    accumulate: 4,
  })
  const step = trainStep(other, mse, new SGD(other, { learningRate: 0.1 }), { clip: 0.1, accumulate: 4 })
  for (let epoch = 0; epoch < 2; epoch++) {
    data.forEach(step)
    step.flush()
  }
  expect(weightsOf(model)).toEqual(weightsOf(other))
  expect(history.epochs.map(({ epoch, learningRate }) => [epoch, learningRate])).toEqual([
    [1, 0.1],
    [2, 0.1],
  ])
  expect(history.epochs[0]!.gradientNorm).toBeGreaterThan(0)
  expect(history.epochs[0]!.examplesPerSecond).toBeGreaterThan(0)
})
