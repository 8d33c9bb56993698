import { Random, random, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  Adam,
  accuracy,
  type BatchReport,
  batches,
  crossEntropy,
  Dropout,
  evaluate,
  fit,
  Linear,
  Module,
  mse,
  OptionError,
  Sequential,
  SGD,
  Tanh,
  TrainingError,
} from '../src/index.js'

beforeEach(() => random.seed(0))

/** Two moons of points, one inside the other: no line parts them. */
const moons = (n: number, generator: Random) => {
  const points: number[][] = []
  const labels: number[] = []
  for (let i = 0; i < n; i++) {
    const angle = Math.PI * generator.number()
    const noise = () => 0.1 * (generator.number() - 0.5)
    const upper = i % 2 === 0
    points.push([
      (upper ? Math.cos(angle) : 1 - Math.cos(angle)) + noise(),
      (upper ? Math.sin(angle) : 0.5 - Math.sin(angle)) + noise(),
    ])
    labels.push(upper ? 0 : 1)
  }
  return { x: tensor(points) as Tensor<[number, 2]>, y: tensor(labels, { dtype: 'int32' }) as Tensor<[number]> }
}
const classifier = (generator: Random) =>
  new Sequential(new Linear(2, 16, { random: generator }), new Tanh(), new Linear(16, 2, { random: generator }))

const line = () => {
  const x = tensor([[0], [1], [2], [3]])
  return { x, y: x.mul(2).add(1), model: new Linear(1, 1, { random: new Random(1) }) }
}
const small = () => {
  const { x, y, model } = line()
  const optimizer = new SGD(model.parameters(), { learningRate: 0.05 })
  return { model, options: { data: batches(x, y, { batchSize: 2 }), loss: mse, optimizer, epochs: 3 } }
}

/** A model with a part in evaluation mode. */
const frozen = () => {
  const [outer, inner] = [new Dropout(0.5), new Dropout(0.5)]
  const model = new Sequential(new Linear(1, 1), outer, new Sequential(inner))
  inner.eval()
  return { model, outer, inner }
}

/** A model whose output is scaled by a plain number. */
class Scaled extends Module {
  scale = 1
  constructor(readonly model: Linear<1, 1>) {
    super()
  }
  forward(x: Tensor<[number, 1]>): Tensor<[number, 1]> {
    return this.model.forward(x).mul(this.scale) as Tensor<[number, 1]>
  }
}

describe('fit', () => {
  it('learns two moons, the same way from the same seed', async () => {
    const run = async () => {
      const generator = new Random(11)
      const train = moons(128, generator)
      const test = moons(64, generator)
      const model = classifier(generator)
      const data = batches(train.x, train.y, { batchSize: 32, shuffle: true, random: generator })
      return fit(model, {
        data,
        loss: crossEntropy,
        optimizer: new Adam(model.parameters(), { learningRate: 0.03 }),
        epochs: 40,
        validation: batches(test.x, test.y),
        metrics: { accuracy },
      })
    }
    const history = await run()
    expect(history.stopped).toBe('epochs')
    expect(history.loss).toHaveLength(40)
    expect(history.loss.at(-1)).toBeLessThan(0.1)
    expect(history.loss.at(-1)).toBeLessThan(history.loss[0]!)
    expect(history.validation.at(-1)!.accuracy).toBeGreaterThan(0.95)
    const again = await run()
    expect([again.loss, again.validation]).toEqual([history.loss, history.validation])
  })

  it('does what a loop by hand does', async () => {
    const { model, options } = small()
    const { x, y, model: other } = line()
    const optimizer = new SGD(other.parameters(), { learningRate: 0.05 })
    const wanted: number[] = []
    for (let epoch = 0; epoch < 3; epoch++) {
      let sum = 0
      for (const batch of batches(x, y, { batchSize: 2 })) {
        const loss = mse(other.forward(batch.x), batch.y)
        optimizer.zeroGrad()
        loss.backward()
        optimizer.step()
        sum += loss.item()
      }
      wanted.push(sum / 2)
    }
    const start = model.stateDict()
    expect((await fit(model, { ...options, compile: false })).loss).toEqual(wanted)
    expect(model.weight.toArray()).toEqual(other.weight.toArray())

    model.loadStateDict(start)
    const compiled = await fit(model, options)
    compiled.loss.forEach((loss, i) => {
      expect(loss / wanted[i]!).toBeCloseTo(1, 5)
    })
    expect(model.weight.item()).toBeCloseTo(other.weight.item(), 5)
  })

  it('follows what changes while training: the learning rate, and the settings of modules', async () => {
    const losses = async (compile: boolean) => {
      const { model, options } = small()
      const scaled = new Scaled(model)
      const { loss } = await fit(scaled, {
        ...options,
        epochs: 6,
        compile,
        onEpoch: ({ epoch }) => {
          if (epoch === 2) options.optimizer.learningRate /= 10
          if (epoch === 4) scaled.scale = 3
        },
      })
      return loss
    }
    const compiled = await losses(true)
    ;(await losses(false)).forEach((loss, i) => {
      expect(compiled[i]! / loss).toBeCloseTo(1, 4)
    })
  })

  it('says that a step cannot be compiled, and what to do', async () => {
    const { model, options } = small()
    const loss = (a: Tensor, b: Tensor) => (a.sum().item() > 0 ? mse(a, b) : mse(b, a))
    await expect(fit(model, { ...options, loss })).rejects.toThrow(/Or train with compile: false/)
    await fit(model, { ...options, loss, compile: false })
  })

  it('reports batches and epochs, and draws progress', async () => {
    const { model, options } = small()
    const log: unknown[] = []
    const reports: BatchReport[] = []
    const history = await fit(model, {
      ...options,
      epochs: 2,
      onBatch: (report) => {
        reports.push(report)
      },
      onEpoch: async ({ epoch, epochs, loss, validation }) => {
        log.push(['epoch', epoch, epochs, loss, validation])
      },
      progress: {
        start: (total, label) => log.push(['start', total, label]),
        update: (done, { epoch, batch }) => log.push([done, epoch, batch]),
        stop: () => log.push('stop'),
      },
    })
    const [first, second] = history.loss
    expect(log).toEqual([
      ['start', 4, 'training'],
      [1, 1, 1],
      [2, 1, 2],
      ['epoch', 1, 2, first, undefined],
      [3, 2, 1],
      [4, 2, 2],
      ['epoch', 2, 2, second, undefined],
      'stop',
    ])
    expect(reports.map(({ epoch, epochs, batch }) => [epoch, epochs, batch])).toEqual([
      [1, 2, 1],
      [1, 2, 2],
      [2, 2, 1],
      [2, 2, 2],
    ])
    expect((reports[0]!.loss + reports[1]!.loss) / 2).toBeCloseTo(first!, 12)
  })

  it('names the loss in reports, and takes means in double precision', async () => {
    const { model, options } = small()
    const names: string[] = []
    const losses: number[] = []
    const watch = {
      onBatch: ({ loss, lossName }: BatchReport) => {
        losses.push(loss)
        names.push(lossName)
      },
      onEpoch: ({ lossName }: { lossName: string }) => void names.push(lossName),
    }
    const three = batches(line().x, line().y, { batchSize: 3 })
    const history = await fit(model, { ...options, data: three, epochs: 1, ...watch })
    expect([...names, history.lossName]).toEqual(['mse', 'mse', 'mse', 'mse'])
    expect(history.loss).toEqual([(losses[0]! * 3 + losses[1]!) / 4])
    const anonymous = [(a: Tensor, b: Tensor) => mse(a, b)][0]!
    expect((await fit(model, { ...options, epochs: 1, loss: anonymous })).lossName).toBe('loss')
    const thirds = await evaluate(model, three, { third: (output) => (output.shape[0] === 3 ? 0 : 4 / 3) })
    expect(thirds.third).toBe(1 / 3)
  })

  it('stops early, and can go back to the best parameters', async () => {
    const { model, options } = small()
    const states: unknown[] = []
    const scores = [3, 2, 2.5, 1.95, 2.2, 1, 0]
    const history = await fit(model, {
      ...options,
      epochs: 7,
      validation: options.data,
      loss: (output, y) => (model.training ? mse(output, y) : tensor(scores[Math.floor(states.length)]!)),
      earlyStopping: { patience: 3, minDelta: 0.1, restoreBest: true },
      onEpoch: () => {
        states.push(model.weight.toArray())
      },
    })
    expect(history.stopped).toBe('patience')
    expect(history.validation.map(({ loss }) => Math.fround(loss))).toEqual([3, 2, 2.5, 1.95, 2.2].map(Math.fround))
    expect(model.weight.toArray()).toEqual(states[1])
  })

  it('stops at a signal', async () => {
    const { model, options } = small()
    const controller = new AbortController()
    const history = await fit(model, {
      ...options,
      epochs: 1000,
      signal: controller.signal,
      onBatch: ({ epoch, batch }) => {
        if (epoch === 3 && batch === 1) controller.abort()
      },
    })
    expect(history.stopped).toBe('signal')
    expect(history.loss).toHaveLength(2)
  })

  it('lets others run meanwhile', async () => {
    const { model, options } = small()
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    const slow = () => {
      const end = performance.now() + 10
      while (performance.now() < end);
    }
    await fit(model, { ...options, epochs: 5, onBatch: slow })
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(1)
  })

  it('trains in training mode and evaluates in evaluation mode', async () => {
    const dropout = new Dropout(0.5)
    const model = new Sequential(new Linear(1, 1), dropout)
    const { x, y } = line()
    const modes: boolean[] = []
    model.eval()
    await fit(model, {
      data: [{ x, y }],
      validation: [{ x, y }],
      loss: (output, target) => {
        modes.push(dropout.training)
        return mse(output, target)
      },
      optimizer: new SGD(model.parameters(), { learningRate: 0.01 }),
      epochs: 2,
      // a compiled step does not call the loss again
      compile: false,
    })
    expect(modes).toEqual([true, false, true, false])
    expect(dropout.training).toBe(false)
  })

  it('puts every module back into its mode, however an epoch ends', async () => {
    const { model, inner, outer } = frozen()
    const { x, y } = line()
    const modes: boolean[][] = []
    const options = {
      data: [{ x, y }],
      validation: [{ x, y }],
      loss: (output: Tensor, target: Tensor) => {
        modes.push([outer.training, inner.training])
        return mse(output, target)
      },
      optimizer: new SGD(model.parameters(), { learningRate: 0.01 }),
      epochs: 1,
      compile: false,
    }
    await fit(model, { ...options, onEpoch: () => void modes.push([outer.training, inner.training]) })
    expect(modes).toEqual([
      [true, true],
      [false, false],
      [true, false],
    ])
    expect([model.training, outer.training, inner.training]).toEqual([true, true, false])

    const onBatch = () => Promise.reject(new Error('enough'))
    await expect(fit(model, { ...options, onBatch })).rejects.toThrow('enough')
    expect([model.training, outer.training, inner.training]).toEqual([true, true, false])
    const progress = {
      start: () => {},
      update: () => {},
      stop: () => {
        throw new Error('no page')
      },
    }
    await expect(fit(model, { ...options, progress })).rejects.toThrow('no page')
    expect([model.training, outer.training, inner.training]).toEqual([true, true, false])
  })

  it.each([true, false])('leaves to a model what training mode means to its parts (compile: %s)', async (compile) => {
    class PartlyFrozen extends Module {
      readonly base = new Dropout(0.5)
      readonly head = new Linear(1, 1)
      override train(training = true): this {
        super.train(training)
        this.base.eval()
        return this
      }
      forward(x: Tensor<[number, 1]>): Tensor<[number, 1]> {
        modes.push([this.head.training, this.base.training])
        return this.head.forward(this.base.forward(x))
      }
    }
    const modes: boolean[][] = []
    const model = new PartlyFrozen()
    const { x, y } = line()
    const optimizer = new SGD(model.parameters(), { learningRate: 0.01 })
    await fit(model, { data: [{ x, y }], loss: mse, optimizer, epochs: 1, compile })
    expect(modes).toEqual([[true, false]])
    expect(model.base.training).toBe(true)
  })

  it('says that a schedule belongs outside of the loss', async () => {
    const { model, options } = small()
    const loss = (a: Tensor, b: Tensor) => {
      options.optimizer.learningRate *= 0.9
      return mse(a, b)
    }
    await expect(fit(model, { ...options, loss })).rejects.toThrow(
      new TrainingError(
        'fit: this cannot be compiled. SGD.learningRate: inside compile() this would happen once, and not at each call; ' +
          'set it outside, between the calls. Or train with compile: false.',
      ),
    )
    expect(options.optimizer.learningRate).toBe(0.05)
  })

  it('stops at a loss that is not finite, with the parameters of the step before', async () => {
    const { model, options } = small()
    const log: string[] = []
    const before = model.stateDict()
    const run = fit(model, {
      ...options,
      data: [options.data[Symbol.iterator]().next().value!, { x: tensor([[Number.NaN]]), y: zeros([1, 1]) }],
      onBatch: () => {
        log.push(String(model.weight.toArray()))
      },
      progress: { start: () => {}, update: () => {}, stop: () => log.push('stop') },
    })
    await expect(run).rejects.toThrow(
      'fit: the loss is NaN at epoch 1, batch 2. Try a smaller learning rate (it is 0.05), clip: 1, and look for NaN or ' +
        'Infinity in the data; the parameters are those of the step before.\nThe result is NaN of float32[]. The first op that ' +
        'met numbers that are not finite is matmul',
    )
    expect(log).toEqual([String(model.weight.toArray()), 'stop'])
    expect(model.weight.toArray()).not.toEqual(before.weight!.toArray())
  })

  it('says what else is wrong', async () => {
    const { model, options } = small()
    await expect(fit(model, { ...options, epochs: 0 })).rejects.toThrow(
      new OptionError('fit: epochs is 0; use a positive integer.'),
    )
    const once = options.data[Symbol.iterator]()
    await expect(fit(model, { ...options, data: once })).rejects.toThrow(
      'fit: the data gave no batches in epoch 2; an iterator or generator can be read only once: pass an array of ' +
        'batches, or batches(x, y).',
    )
    await expect(fit(model, { ...options, earlyStopping: { patience: 0 } })).rejects.toThrow('patience is 0')
    await expect(fit(model, { ...options, loss: (a, b) => mse(a, b, { reduction: 'none' }) })).rejects.toThrow(
      'backward: the loss has shape [2, 1], and only a scalar has a gradient',
    )
  })

  it('reads data that arrive late', async () => {
    const { model, options } = small()
    const late = {
      async *[Symbol.asyncIterator]() {
        yield* options.data
      },
    }
    const { model: other, options: plain } = small()
    expect((await fit(model, { ...options, data: late })).loss).toEqual((await fit(other, plain)).loss)
  })
})

describe('evaluate', () => {
  it('weighs batches by their examples, and leaves no trace', async () => {
    const { x, y, model } = line()
    const scores = await evaluate(model, batches(x, y, { batchSize: 3 }), {
      loss: mse,
      recorded: (output) => Number(output.requiresGrad),
      training: () => Number(model.training),
    })
    expect(scores.loss).toBeCloseTo(mse(model.forward(x), y).item(), 5)
    expect(scores).toMatchObject({ recorded: 0, training: 0 })
    expect(model.training).toBe(true)
    await expect(evaluate(model, [], { loss: mse })).rejects.toThrow('evaluate: the data gave no batches')
  })

  it('puts every module back into its mode, also where a metric throws', async () => {
    const { model, inner, outer } = frozen()
    const { x, y } = line()
    await evaluate(model, [{ x, y }], { modes: () => Number(outer.training || inner.training) })
    expect([model.training, outer.training, inner.training]).toEqual([true, true, false])
    const fail = () => {
      throw new Error('no')
    }
    await expect(evaluate(model, [{ x, y }], { fail })).rejects.toThrow('no')
    expect([model.training, outer.training, inner.training]).toEqual([true, true, false])
  })
})
