import { ones, parameter, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import {
  BatchNorm1d,
  GRU,
  LayerNorm,
  Linear,
  LSTM,
  Module,
  ModuleList,
  MultiheadAttention,
  Sequential,
  SGD,
  StateDictError,
  type TorchLayout,
} from '../src/index.js'

// What PyTorch's own models make of their states: packages/formats/test/torch.node.test.ts.

const torch = { from: 'torch' } as const

describe('a state with names and layouts of PyTorch', () => {
  it('is that of a subclass as of its class, at any depth', () => {
    class Wide extends Linear<2, 3> {
      constructor() {
        super(2, 3)
      }
    }
    class Net extends Module {
      readonly blocks = [{ inner: new Map([['wide', new Wide()]]) }]
      readonly norm = new LayerNorm(3)
      readonly own = parameter(zeros([2, 2]))
    }
    const net = new Net()
    net.loadStateDict(
      {
        'blocks.0.inner.wide.weight': tensor([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
        'blocks.0.inner.wide.bias': tensor([7, 8, 9]),
        'norm.weight': tensor([1, 1, 2]),
        'norm.bias': tensor([0, 1, 0]),
        own: tensor([
          [1, 2],
          [3, 4],
        ]),
      },
      torch,
    )
    const wide = net.blocks[0]!.inner.get('wide')!
    expect(wide.weight.toArray()).toEqual([
      [1, 3, 5],
      [2, 4, 6],
    ])
    expect(net.norm.scale!.toArray()).toEqual([1, 1, 2])
    // what is not listed is as it is there
    expect(net.own.toArray()).toEqual([
      [1, 2],
      [3, 4],
    ])
  })

  it("is mapped by a class's own layout, also below it", () => {
    class Net extends Module {
      readonly firstLayer = new Linear(2, 1)
      readonly gain = parameter(zeros([2]))
      protected override torchLayout(): TorchLayout {
        return { firstLayer: 'net.fc1', gain: { from: ['a', 'b'], make: (a, b) => tensor([a.item(), b.item()]) } }
      }
    }
    const net = new ModuleList([new Net()])
    net.loadStateDict(
      { '0.net.fc1.weight': ones([1, 2]), '0.net.fc1.bias': ones([1]), '0.a': tensor(1), '0.b': tensor(2) },
      torch,
    )
    expect((net.namedParameters().get('0.gain') as Tensor).toArray()).toEqual([1, 2])
    expect((net.namedParameters().get('0.firstLayer.weight') as Tensor).toArray()).toEqual([[1], [1]])
  })

  it('may be plain tensors', () => {
    const linear = new Linear(2, 1)
    const state = { weight: ones([1, 2]).toPlain(), bias: ones([1]).toPlain() }
    linear.loadStateDict(JSON.parse(JSON.stringify({ weight: ones([1, 2]), bias: ones([1]) })), torch)
    linear.loadStateDict(state as never, torch)
    expect(linear.bias!.toArray()).toEqual([1])
  })

  it('of a model with two names for a module is taken by either', () => {
    class Twice extends Module {
      readonly first = new Linear(2, 2)
      readonly second = { again: this.first }
    }
    const state = {
      weight: tensor([
        [1, 2],
        [3, 4],
      ]),
      bias: tensor([5, 6]),
    }
    for (const names of [['first'], ['second.again'], ['first', 'second.again']]) {
      const model = new Twice()
      const given = names.flatMap((name) => Object.entries(state).map(([key, x]) => [`${name}.${key}`, x] as const))
      expect(model.loadStateDict(Object.fromEntries(given), torch)).toEqual({ missing: [], unexpected: [] })
      expect(model.first.weight.toArray()).toEqual([
        [1, 3],
        [2, 4],
      ])
    }
  })
})

describe('a state of PyTorch that does not fit', () => {
  const refused = (module: Module, state: Record<string, Tensor>, ...says: RegExp[]): void => {
    const before = JSON.stringify(module.stateDict())
    const load = () => module.loadStateDict(state as never, torch)
    expect(load).toThrow(StateDictError)
    for (const text of says) expect(load).toThrow(text)
    expect(JSON.stringify(module.stateDict())).toBe(before)
  }
  const x = (...shape: number[]): Tensor => zeros(shape) as unknown as Tensor

  it('is refused by its names and ours, each with its shape', () => {
    refused(
      new Sequential(new Linear(2, 3), new LayerNorm(3)),
      { '0.weight': x(2, 3), '0.bais': x(3), '1.weight': x(3), '1.bias': x(4) },
      /4 keys do not fit/,
      /'0\.weight' is float32\[2, 3\] in the state, which makes float32\[3, 2\], and '0\.weight' of the module is float32\[2, 3\]/,
      /unknown key '0\.bais' \(float32\[3\]\); the closest known key is '0\.bias'/,
      /no value for '0\.bias' \(float32\[3\]\); the closest given key is '0\.bais'/,
      /'1\.bias' is float32\[4\] in the state, and '1\.shift' of the module is float32\[3\]; build with the same sizes/,
    )
  })

  it('may lack keys and have others where that is allowed, and they are told', () => {
    const model = new Sequential(new Linear(2, 1), new BatchNorm1d(1))
    const before = model.layers[1].runningMean!.toArray()
    const report = model.loadStateDict(
      { '0.weight': ones([1, 2]), '0.bias': ones([1]), more: ones([1]) },
      { ...torch, strict: false },
    )
    expect(report.unexpected).toEqual(['more'])
    expect(report.missing).toEqual(
      ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked'].map((name) => `1.${name}`),
    )
    expect(model.layers[0].weight.toArray()).toEqual([[1], [1]])
    expect(model.layers[1].runningMean!.toArray()).toEqual(before)
  })

  it('has packed weights of other sizes', () => {
    const lstm = new LSTM(2, 3)
    const state = { weight_ih_l0: x(12, 2), weight_hh_l0: x(12, 3), bias_ih_l0: x(12), bias_hh_l0: x(8) }
    refused(
      lstm,
      state,
      /'bias_ih_l0' with 'bias_hh_l0' is float32\[12\] and float32\[8\] in the state, of which 'layers\.0\.forward\.bias'/,
    )
    const attention = new MultiheadAttention(2, 1)
    const packed = { in_proj_weight: x(4, 2), in_proj_bias: x(6), 'out_proj.weight': x(2, 2), 'out_proj.bias': x(2) }
    refused(attention, packed, /'in_proj_weight' is float32\[4, 2\] in the state/)
  })

  it('is of another dtype', () => {
    refused(
      new Linear(1, 1, { dtype: 'float64' }),
      { weight: x(1, 1), bias: x(1) },
      /cast it: value\.cast\('float64'\)/,
    )
  })

  it('is for a GRU that PyTorch does not have', () => {
    const gru = new GRU(1, 1, { resetAfter: false })
    refused(gru, {}, /PyTorch's GRU after it: .* make it without resetAfter: false/)
  })

  it('is of an attention that PyTorch does not have, which is read by our names', () => {
    const attention = new MultiheadAttention(4, 2, { keyHeads: 1, bias: false })
    const state = { 'query.weight': x(4, 4), 'key.weight': x(2, 4), 'value.weight': x(2, 4), 'output.weight': x(4, 4) }
    expect(attention.loadStateDict(state as never, torch)).toEqual({ missing: [], unexpected: [] })
  })

  it('is of another library, or not for an optimizer', () => {
    const model = new Linear(1, 1)
    expect(() => model.loadStateDict({}, { from: 'keras' as 'torch' })).toThrow(/from is 'keras'; use 'torch'/)
    const optimizer = new SGD(model, { learningRate: 0.1 })
    expect(() => optimizer.loadStateDict(optimizer.stateDict(), torch as never)).toThrow(/unknown option from/)
  })
})
