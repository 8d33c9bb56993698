import { ones, Random, type Tensor, zeros } from '@adjoint/autograd'
import { beforeEach, describe, expect, it } from 'vitest'
import { Dropout, evaluate, fit, Linear, Module, mse, Sequential, SGD } from '../src/index.js'

/** A model that notes the mode in which it computes, by the number that it is given. */
class Probe extends Module {
  readonly linear = new Linear(1, 1, { random: new Random(1) })
  readonly part = new Dropout(0)
  forward(x: Tensor<[number, 1]>): Tensor<[number, 1]> {
    seen.push([x.data[0]!, this.training, this.part.training])
    return this.part.forward(this.linear.forward(x)) as Tensor<[number, 1]>
  }
}
let seen: [mark: number, ...modes: boolean[]][] = []
beforeEach(() => {
  seen = []
})

const training = 1
const evaluation = 2
const batch = (mark: number) => ({
  x: ones([2, 1]).mul(mark) as Tensor<[number, 1]>,
  y: zeros([2, 1]) as Tensor<[number, 1]>,
})
const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0))
/** Batches that let others run before each. */
const late = (mark: number, count = 4) => ({
  async *[Symbol.asyncIterator]() {
    for (let i = 0; i < count; i++) {
      await turn()
      yield batch(mark)
    }
  },
})
const setup = () => {
  const model = new Probe()
  const optimizer = new SGD(model.parameters(), { learningRate: 0.01 })
  const options = { data: late(training), loss: mse, optimizer, epochs: 2, compile: false }
  return { model, options }
}
const modesOf = (model: Probe) => [model.training, model.part.training]
const expectRightModes = () => {
  expect(seen.length).toBeGreaterThan(0)
  for (const [mark, ...modes] of seen) expect([mark, ...modes]).toEqual([mark, mark === training, mark === training])
}

describe('the mode of a model', () => {
  it('is that of whoever computes, where an evaluation runs during a training', async () => {
    const { model, options } = setup()
    const between: boolean[][] = []
    const evaluations: Promise<unknown>[] = []
    await fit(model, {
      ...options,
      onBatch: async () => {
        evaluations.push(evaluate(model, late(evaluation), { loss: mse }))
        await turn()
        between.push(modesOf(model))
      },
    })
    await Promise.all(evaluations)
    expectRightModes()
    expect(seen.filter(([mark]) => mark === evaluation)).toHaveLength(8 * 4)
    expect(between).toEqual(Array.from({ length: 8 }, () => [true, true]))
    expect(modesOf(model)).toEqual([true, true])
  })

  it('drops in each step and in no evaluation, compiled as well', async () => {
    const dropout = new Dropout(0.5, { random: new Random(1) })
    const model = new Sequential(new Linear(64, 64, { random: new Random(2) }), dropout)
    const optimizer = new SGD(model.parameters(), { learningRate: 0 })
    const data = [{ x: ones([4, 64]), y: zeros([4, 64]) }]
    const dropped: number[] = []
    const evaluations: Promise<unknown>[] = []
    const plain = mse(model.eval().forward(ones([4, 64])), zeros([4, 64])).item()
    model.train()
    const losses: number[] = []
    await fit(model, {
      data: [...data, ...data, ...data],
      loss: mse,
      optimizer,
      epochs: 2,
      onBatch: async ({ loss }) => {
        losses.push(loss)
        evaluations.push(evaluate(model, data, { loss: mse }).then(({ loss }) => void dropped.push(loss)))
        await turn()
      },
    })
    await Promise.all(evaluations)
    expect(new Set(losses).size).toBe(6)
    expect(losses).not.toContain(plain)
    for (const loss of dropped) expect(loss / plain).toBeCloseTo(1, 5)
  })

  it('is right for two trainings and two evaluations of one model at once, from either mode', async () => {
    for (const own of [true, false]) {
      const { model, options } = setup()
      model.train(own)
      const score = () => evaluate(model, late(evaluation, 7), { loss: mse })
      await Promise.all([fit(model, options), score(), fit(model, { ...options, data: late(training, 3) }), score()])
      expectRightModes()
      expect(modesOf(model)).toEqual([own, own])
    }
  })

  it('is its own between batches, and what is set there stays', async () => {
    const { model, options } = setup()
    const between: boolean[][] = []
    model.part.eval()
    await fit(model, {
      ...options,
      validation: late(evaluation),
      onBatch: ({ epoch, batch }) => {
        between.push(modesOf(model))
        if (epoch === 1 && batch === 2) model.eval()
      },
    })
    expectRightModes()
    expect(between).toEqual([[true, false], [true, false], ...Array.from({ length: 6 }, () => [false, false])])
    expect(modesOf(model)).toEqual([false, false])
  })

  it('is back however a call ends: by a throw, a signal, a break, data that throw', async () => {
    const fail = () => {
      throw new Error('enough')
    }
    class Fragile extends Probe {
      override forward(x: Tensor<[number, 1]>): Tensor<[number, 1]> {
        super.forward(x)
        return fail()
      }
    }
    const broken = {
      *[Symbol.iterator]() {
        yield batch(training)
        fail()
      },
    }
    const [fragile, { model, options }] = [new Fragile(), setup()]
    const calls: [Probe, () => Promise<unknown>][] = [
      [fragile, () => fit(fragile, { ...options, optimizer: new SGD(fragile.parameters(), { learningRate: 1 }) })],
      [fragile, () => evaluate(fragile, late(evaluation), { loss: mse })],
      [model, () => fit(model, { ...options, loss: fail })],
      [model, () => fit(model, { ...options, onBatch: fail })],
      [model, () => fit(model, { ...options, data: broken })],
      [model, () => evaluate(model, broken, { loss: mse })],
      [model, () => evaluate(model, late(evaluation), { fail })],
    ]
    for (const [subject, call] of calls) {
      subject.train().part.eval()
      await expect(call()).rejects.toThrow('enough')
      expect(modesOf(subject)).toEqual([true, false])
    }
    const signal = { aborted: false }
    const onBatch = () => {
      signal.aborted = true
    }
    await fit(model, { ...options, signal, onBatch })
    expect(modesOf(model)).toEqual([true, false])
  })

  it('is right for an evaluation begun in forward', async () => {
    const inner: Promise<unknown>[] = []
    class Curious extends Probe {
      override forward(x: Tensor<[number, 1]>): Tensor<[number, 1]> {
        if (this.training) inner.push(evaluate(this, [batch(evaluation)], { loss: mse }))
        return super.forward(x)
      }
    }
    const model = new Curious()
    const optimizer = new SGD(model.parameters(), { learningRate: 0.01 })
    await fit(model, { data: late(training), loss: mse, optimizer, epochs: 1, compile: false })
    await Promise.all(inner)
    expect(seen).toHaveLength(8)
    expectRightModes()
    expect(modesOf(model)).toEqual([true, true])
  })

  it('is what forward makes of it, for as long as the call lasts', async () => {
    class Careful extends Probe {
      override forward(x: Tensor<[number, 1]>): Tensor<[number, 1]> {
        this.part.eval()
        return super.forward(x)
      }
    }
    const model = new Careful()
    const between: boolean[][] = []
    const optimizer = new SGD(model.parameters(), { learningRate: 0.01 })
    const onBatch = () => void between.push(modesOf(model))
    await fit(model, { data: late(training, 2), loss: mse, optimizer, epochs: 1, compile: false, onBatch })
    expect(seen).toEqual([
      [training, true, false],
      [training, true, false],
    ])
    expect(between).toEqual([
      [true, true],
      [true, true],
    ])
  })
})
