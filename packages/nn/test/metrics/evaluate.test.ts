import { GradientError, Random, random, type Tensor, zeros } from '@adjoint/autograd'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  accuracy,
  BatchNorm1d,
  batches,
  crossEntropy,
  Dropout,
  evaluate,
  fit,
  Identity,
  Layer,
  Linear,
  Module,
  mapBatches,
  metrics,
  ReLU,
  Sequential,
  SGD,
  TrainingError,
} from '../../src/index.js'

beforeEach(() => random.seed(0))

const points = new Random(5).normal([50, 3]) as Tensor
const labels = new Random(6).uniform([50], { high: 2, dtype: 'int32' }) as Tensor
const pause = () => new Promise((resolve) => setTimeout(resolve, 0))

/** A model with everything that an evaluation could disturb. */
const disturbed = () => {
  const generator = new Random(1)
  return new Sequential(
    new Linear(3, 8, { random: generator }),
    new BatchNorm1d(8),
    new ReLU(),
    new Dropout(0.5),
    new Dropout(0.5, { random: generator }),
    new Linear(8, 2, { random: generator }),
  )
}
const noise = {
  // draws from the global generator, as the training does
  noisy: (output: Tensor) => random.normal(output.shape).mean(),
  accuracy,
  f1: metrics.f1(),
}
const shuffled = () => batches(points, labels, { batchSize: 8, shuffle: true })

describe('a training', () => {
  const trained = async (aside: (model: ReturnType<typeof disturbed>) => unknown, during = false, compile = true) => {
    random.seed(3)
    const model = disturbed()
    const optimizer = new SGD(model, { learningRate: 0.1, momentum: 0.9 })
    const beside: unknown[] = []
    const { loss } = await fit(model, {
      data: shuffled(),
      loss: crossEntropy,
      optimizer,
      epochs: 3,
      compile,
      onEpoch: async () => {
        if (!during) await aside(model)
      },
      onBatch: () => {
        if (during) beside.push(aside(model))
      },
    })
    await Promise.all(beside)
    const state = Object.entries(model.stateDict()).map(([name, value]) => [name, value.toArray()])
    return { loss, state, next: random.number() }
  }

  it.each([true, false])(
    'is the same bit for bit with evaluations between its epochs (compile: %s)',
    async (compile) => {
      const alone = await trained(() => {}, false, compile)
      expect(await trained((model) => evaluate(model, shuffled(), noise), false, compile)).toEqual(alone)
      expect(await trained((model) => evaluate(model, shuffled(), noise, { compile: true }), false, compile)).toEqual(
        alone,
      )
    },
  )

  it('is the same bit for bit with evaluations that nobody waits for', async () => {
    const alone = await trained(() => {})
    const augmented = () =>
      mapBatches(shuffled(), ({ x, y }, generator) => ({ x: x.add(generator.normal(x.shape)), y }))
    expect(await trained((model) => evaluate(model, augmented(), noise), true)).toEqual(alone)
  })

  it('is the same bit for bit with validation, whatever that draws', async () => {
    const run = async (validation: boolean) => {
      random.seed(3)
      const model = disturbed()
      const optimizer = new SGD(model, { learningRate: 0.1 })
      const more = validation ? { validation: shuffled(), metrics: noise } : {}
      const { loss } = await fit(model, { data: shuffled(), loss: crossEntropy, optimizer, epochs: 3, ...more })
      return [loss, Object.values(model.stateDict()).map((value) => value.toArray()), random.number()]
    }
    expect(await run(true)).toEqual(await run(false))
  })
})

describe('an evaluation', () => {
  /** Draws in every mode, from a generator of its own. */
  class Noise extends Layer {
    readonly generator = new Random(9)
    protected run(x: Tensor): Tensor {
      return x.add(this.generator.normal(x.shape)) as Tensor
    }
  }
  const mean = (output: Tensor) => output.mean()

  it.each([true, false])(
    'draws anew for each batch, and again the same if nothing else draws (compile: %s)',
    async (compile) => {
      const model = new Noise()
      const zero = batches(zeros([6, 2]) as Tensor, zeros([6]) as Tensor, { batchSize: 2 })
      const means: number[] = []
      const watched = (output: Tensor) => {
        means.push(output.mean().item())
        return output.mean()
      }
      const first = await evaluate(model, zero, { watched }, { compile })
      expect(new Set(means).size).toBe(3)
      expect(await evaluate(model, zero, { watched }, { compile })).toEqual(first)
      model.generator.number()
      expect(await evaluate(model, zero, { watched }, { compile })).not.toEqual(first)
    },
  )

  it('does not record, and knows evaluation mode while it computes', async () => {
    const model = new Sequential(new Linear(3, 2), new Dropout(0.5))
    const seen: unknown[] = []
    const outputs: Tensor[] = []
    const watch = {
      watch: (output: Tensor) => {
        seen.push(model.training)
        outputs.push(output)
        return 0
      },
      stream: {
        start: () => ({
          update: () => void seen.push(model.training),
          value: () => model.training,
        }),
      },
    }
    const { stream } = await evaluate(model, batches(points, labels, { batchSize: 50 }), watch)
    expect([seen, stream, model.training]).toEqual([[false, false], false, true])
    expect(() => outputs[0]!.sum().backward()).toThrow(GradientError)
  })

  it('compiled gives what it gives otherwise, and follows settings of modules', async () => {
    class Scaled extends Module {
      scale = 1
      readonly inner = new Linear(3, 2, { random: new Random(2) })
      forward(x: Tensor<[number, 3]>): Tensor {
        return this.inner.forward(x).mul(this.scale) as Tensor
      }
    }
    const model = new Scaled()
    const data = batches(points, labels, { batchSize: 8, lastBatch: 'pad' })
    const all = { loss: crossEntropy, accuracy, auc: metrics.auc() }
    for (const scale of [1, -2]) {
      model.scale = scale
      const compiled = await evaluate(model, data, all, { compile: true })
      const plain = await evaluate(model, data, all)
      expect(compiled.accuracy).toBe(plain.accuracy)
      expect(compiled.auc).toBeCloseTo(plain.auc, 6)
      expect(compiled.loss).toBeCloseTo(plain.loss, 6)
    }
  })

  it('says that a model cannot be compiled', async () => {
    class Looks extends Identity {
      override run(x: Tensor): Tensor {
        return (x.sum().item() > 0 ? x : x.neg()) as Tensor
      }
    }
    const data = batches(points, labels)
    await expect(evaluate(new Looks(), data, { mean }, { compile: true })).rejects.toThrow(
      /^evaluate: this cannot be compiled\..*compile: false/s,
    )
    await evaluate(new Looks(), data, { mean })
  })

  it('is traced once for batches that are padded', async () => {
    let traced = 0
    class Counted extends Identity {
      override run(x: Tensor): Tensor {
        traced++
        return x
      }
    }
    await evaluate(
      new Counted(),
      batches(points, labels, { batchSize: 8, lastBatch: 'pad' }),
      { mean },
      { compile: true },
    )
    expect(traced).toBe(1)
    await evaluate(new Counted(), batches(points, labels, { batchSize: 8 }), { mean }, { compile: true })
    expect(traced).toBe(3)
  })

  it('ends at a signal, with an error that keeps the reason', async () => {
    const controller = new AbortController()
    const log: unknown[] = []
    const reason = new Error('enough')
    const progress = {
      start: (...args: unknown[]) => log.push(['start', ...args]),
      update: (done: number) => {
        log.push(done)
        if (done === 2) controller.abort(reason)
      },
      stop: () => log.push('stop'),
    }
    function* generate() {
      try {
        yield* batches(points, labels, { batchSize: 10 })
      } finally {
        log.push('released')
      }
    }
    const error = await evaluate(new Identity(), generate(), { mean }, { signal: controller.signal, progress }).catch(
      (error: unknown) => error,
    )
    expect(error).toBeInstanceOf(TrainingError)
    expect((error as Error).message).toBe(
      'evaluate: the signal ended it after 2 batches; evaluate again for the whole.',
    )
    expect((error as Error).cause).toBe(reason)
    expect(log).toEqual([['start', undefined, 'evaluation'], 1, 2, 'released', 'stop'])
  })

  it('draws progress', async () => {
    const log: unknown[] = []
    const progress = {
      start: (...args: unknown[]) => log.push(args),
      update: (...args: unknown[]) => log.push(args),
      stop: () => log.push('stop'),
    }
    await evaluate(new Identity(), batches(points, labels, { batchSize: 20 }), { mean }, { progress })
    expect(log).toEqual([[3, 'evaluation'], [1], [2], [3], 'stop'])
  })

  it('lets others run meanwhile', async () => {
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    const slow = () => {
      const end = performance.now() + 10
      while (performance.now() < end);
      return 0
    }
    await evaluate(new Identity(), batches(points, labels, { batchSize: 5 }), { slow })
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(1)
  })

  it('of data that is read late leaves the draws of others alone', async () => {
    async function* late() {
      for (const batch of shuffled()) {
        await pause()
        yield batch
      }
    }
    const before = random.state()
    const { mean: first } = await evaluate(new Noise(), late(), { mean })
    expect(first).not.toBeNaN()
    expect(random.state()).toEqual(before)
  })
})
