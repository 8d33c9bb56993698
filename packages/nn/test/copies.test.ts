import * as autograd from '@adjoint/autograd'
import { ones, parameter, type Tensor, tensor } from '@adjoint/autograd'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import * as own from '../src/index.js'

const { Adam, crossEntropy, fit, Linear, Module, mse, Sequential } = own

/** Other copies of both packages, as a program has them that meets two versions, or the ES modules and CommonJS. */
let other: typeof own
let theirs: typeof autograd
/** Another copy of nn on the same autograd: two versions of nn. */
let sibling: typeof own
beforeAll(async () => {
  vi.resetModules()
  vi.doMock('@adjoint/autograd', () => autograd)
  sibling = await import('../src/index.js')
  vi.doUnmock('@adjoint/autograd')
  vi.resetModules()
  theirs = await import('@adjoint/autograd')
  other = await import('../src/index.js')
})

class Holder extends Module {
  constructor(readonly held: unknown) {
    super()
  }
}
/** As JavaScript passes it. */
const untyped = (thing: unknown): own.Flatten => thing as own.Flatten
const stranger = (): Tensor => theirs.tensor([[1, 2]]) as Tensor
const layer = () => new Linear(2, 2)
const data = [{ x: ones([1, 2]), y: ones([1, 2]) }]

describe('what belongs to another copy of the library is refused by name', () => {
  it.each<[string, () => unknown, RegExp]>([
    [
      'a parameter in a module',
      () => new Holder(stranger()).parameters(),
      /^Holder: held is float32\[1, 2\].*@adjoint\/autograd.*toPlain/,
    ],
    [
      'deep in a module',
      () =>
        new Holder({
          a: [
            new (class Box {
              w = stranger()
            })(),
          ],
        }).stateDict(),
      /^Holder: held\.a\.0\.w is float32\[1, 2\]/,
    ],
    [
      'a module in a module',
      () => new Holder(new other.Linear(2, 2)).parameters(),
      /^Holder: held is Linear\(2, 2\).*@adjoint\/nn.*npm ls @adjoint\/nn/,
    ],
    [
      'a module of a second nn',
      () => new Holder(new sibling.Linear(2, 2)).parameters(),
      /^Holder: held is Linear.*@adjoint\/nn/,
    ],
    ['a layer', () => new Sequential(layer(), untyped(new other.ReLU())), /^Sequential: layer 1 is ReLU.*@adjoint\/nn/],
    [
      'a layer of a second nn',
      () => new Sequential(untyped(new sibling.Linear(2, 2))),
      /^Sequential: layer 0 is Linear.*@adjoint\/nn/,
    ],
    ['an input', () => layer().forward(stranger()), /float32\[1, 2\] of another copy of @adjoint\/autograd/],
    ['an output in a loss', () => mse(stranger(), ones([1, 2])), /^mse: .*float32\[1, 2\] of another copy/],
    ['a target in a loss', () => crossEntropy(ones([1, 2]), stranger() as never), /^crossEntropy: .*another copy/],
    ['a parameter of an optimizer', () => new Adam([stranger()]), /^Adam: parameter 0 is float32.*another copy/],
    ['the module of an optimizer', () => new Adam(new other.Linear(2, 2)), /^Adam: parameters is Linear.*@adjoint\/nn/],
    [
      'a state',
      () => layer().loadStateDict({ ...layer().stateDict(), weight: stranger() }),
      /^loadStateDict: 'weight' is float32.*another copy/,
    ],
  ])('%s', (_name, act, says) => {
    expect(act).toThrow(autograd.ArgumentError)
    expect(act).toThrow(says)
  })

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'the model that is fitted',
      () =>
        fit(new other.Linear(2, 2) as never, {
          data,
          loss: mse,
          optimizer: new Adam([parameter(ones([1]))]),
          epochs: 1,
        }),
      /^fit: model is Linear/,
    ],
    [
      'its optimizer',
      () => {
        const model = new sibling.Linear(2, 2)
        return fit(layer(), { data, loss: mse, optimizer: new sibling.Adam(model.parameters()) as never, epochs: 1 })
      },
      /^fit: optimizer is .*Adam.*@adjoint\/nn/,
    ],
    [
      'the model that is evaluated',
      () => own.evaluate(new other.Linear(2, 2) as never, data, { mse }),
      /^evaluate: model is Linear/,
    ],
    [
      'a batch',
      () =>
        fit(layer(), {
          data: [{ x: stranger(), y: stranger() }],
          loss: mse,
          optimizer: new Adam(layer()),
          epochs: 1,
          compile: false,
        }),
      /^fit: batch is float32\[1, 2\] of another copy/,
    ],
  ])('%s', async (_name, act, says) => {
    await expect(act()).rejects.toThrow(autograd.ArgumentError)
    await expect(act()).rejects.toThrow(says)
  })
})

describe('a state', () => {
  const weightsOf = (model: own.Module) => model.parameters().map((p) => p.toArray())
  it('goes through JSON and through structured clones, for modules and optimizers', () => {
    const [model, like] = [layer(), layer()]
    const optimizer = new Adam(model, { learningRate: 0.25 })
    model
      .forward(ones([1, 2]))
      .sum()
      .backward()
    optimizer.step()
    for (const send of [
      (state: object) => JSON.parse(JSON.stringify(state)),
      (state: Record<string, Tensor>) =>
        structuredClone(Object.fromEntries(Object.entries(state).map(([key, value]) => [key, value.toPlain()]))),
    ]) {
      for (const p of like.parameters()) p.assign(p.mul(0))
      like.loadStateDict(send(model.stateDict()))
      expect(weightsOf(like)).toEqual(weightsOf(model))
      const second = new Adam(like)
      second.loadStateDict(send(optimizer.stateDict()))
      expect(second.learningRate).toBe(0.25)
      const numbers = (state: Record<string, Tensor>) => Object.values(state).map((x) => x.toArray())
      expect(numbers(second.stateDict())).toEqual(numbers(optimizer.stateDict()))
    }
  })

  it('that is no plain tensor is refused by its key, and nothing is changed', () => {
    const model = layer()
    const before = weightsOf(model)
    const state = { ...model.stateDict(), bias: { shape: [2], dtype: 'float32', data: [1] } }
    expect(() => model.loadStateDict(state as never)).toThrow(own.StateDictError)
    expect(() => model.loadStateDict(state as never)).toThrow(
      /'bias' is no plain tensor.*\[2\] has 2 elements, and its data 1/,
    )
    expect(weightsOf(model)).toEqual(before)
  })

  it('is apart from its model: what is written to one leaves the other', () => {
    const write = (x: Tensor) => (x.data as Float32Array).fill(9)
    for (const early of [false, true]) {
      const model = layer()
      if (early) for (const p of model.parameters()) void p.data
      const start = weightsOf(model)
      const saved = model.stateDict()
      for (const value of Object.values(saved)) write(value)
      expect(weightsOf(model)).toEqual(start)
      model.loadStateDict(saved)
      for (const p of model.parameters()) write(p)
      expect(Object.values(saved).map((x) => x.toArray())).toEqual([
        [
          [9, 9],
          [9, 9],
        ],
        [9, 9],
      ])
      for (const value of Object.values(saved)) (value.data as Float32Array).fill(5)
      expect(weightsOf(model)).toEqual([
        [
          [9, 9],
          [9, 9],
        ],
        [9, 9],
      ])
      const optimizer = new own.SGD(model, { learningRate: 0.5, momentum: 0.9 })
      model
        .forward(tensor([[1, 1]]))
        .sum()
        .backward()
      optimizer.step()
      const kept = optimizer.stateDict()
      const before = Object.values(kept).map((x) => x.toArray())
      for (const value of Object.values(kept)) write(value)
      expect(Object.values(optimizer.stateDict()).map((x) => x.toArray())).toEqual(before)
    }
  })
})
