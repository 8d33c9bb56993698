import { ones, parameter, Random, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import { Adam, buffer, Dropout, Linear, Module, ModuleError, ReLU, Sequential } from '../src/index.js'

const weight = () => parameter(ones([1]))

// held here as well, or it would be garbage
const held = weight()

/** A module with these properties. */
class Net extends Module {
  constructor(properties: object = {}) {
    super()
    Object.assign(this, properties)
  }
}
class Holder {
  constructor(readonly held: unknown) {}
}
const pathsOf = (properties: object) => [...new Net(properties).namedParameters().keys()]

describe('containers in which a module finds parameters', () => {
  it.each<[string, object, string[]]>([
    ['an array', { a: [weight(), [weight()]] }, ['a.0', 'a.1.0']],
    ['a plain object', { a: { w: weight() }, b: Object.assign(Object.create(null), { w: weight() }) }, ['a.w', 'b.w']],
    [
      'a Map by its keys',
      {
        a: new Map<unknown, Tensor>([
          ['w', weight()],
          [7, weight()],
        ]),
      },
      ['a.w', 'a.7'],
    ],
    ['a Set by position', { a: new Set([weight(), new Linear(1, 1)]) }, ['a.0', 'a.1.weight', 'a.1.bias']],
    ['a Map in a Set in a Map', { a: new Map([['k', new Set([new Map([['w', weight()]])])]]) }, ['a.k.0.w']],
    [
      'a class of Arrays, Maps or Sets, with properties',
      {
        a: Object.assign(new (class extends Array<Tensor> {})(), { 0: weight() }),
        b: Object.assign(new (class extends Map<string, Tensor> {})([['w', weight()]]), { scale: weight() }),
      },
      ['a.0', 'b.w', 'b.scale'],
    ],
    [
      'an accessor of the object itself',
      {
        a: {
          get w() {
            return shared
          },
        },
      },
      ['a.w'],
    ],
    ['a module with a name in it', { 'a.b': weight(), a: { c: weight() } }, ['a.b', 'a.c']],
  ])('%s', (_, properties, paths) => {
    expect(pathsOf(properties)).toEqual(paths)
  })

  const shared = weight()

  it('names what is in a Map or Set for states and modes alike', () => {
    const [dropout, linear] = [new Dropout(), new Linear(2, 2, { random: new Random(1) })]
    const net = new Net({
      layers: new Map<string, Module>([
        ['drop', dropout],
        ['last', linear],
      ]),
      heads: new Set([new ReLU()]),
    })
    net.eval()
    expect(net.modules().map(({ training }) => training)).toEqual([false, false, false, false])
    const saved = net.stateDict()
    expect(Object.keys(saved)).toEqual(['layers.last.weight', 'layers.last.bias'])
    linear.weight.assign(zeros([2, 2]))
    net.loadStateDict(saved)
    expect(linear.weight.toArray()).toEqual(saved['layers.last.weight']!.toArray())
  })

  it('has the properties of a class of Sequentials beside its layers', () => {
    class Tower extends Sequential<[Linear<1, 1>, InstanceType<typeof ReLU>]> {
      readonly scale = weight()
      constructor() {
        super(new Linear(1, 1), new ReLU())
      }
    }
    expect([...new Tower().namedParameters().keys()]).toEqual(['0.weight', '0.bias', 'scale'])
  })

  it('takes lists of any length', () => {
    const pairs = Array.from({ length: 130_000 }, (_, i) => [i])
    expect(pathsOf({ pairs, holder: new Holder(pairs), w: weight() })).toEqual(['w'])
  })

  it('follows chains of modules of any length', () => {
    let chain = new Net({ w: weight() })
    for (let i = 0; i < 20_000; i++) chain = new Net({ next: chain })
    expect(chain.parameters()).toHaveLength(1)
    expect(chain.modules()).toHaveLength(20_001)
  })
})

describe('what a module would pass over is refused by name', () => {
  const symbol = Symbol('hidden')
  const act = Object.assign((x: Tensor) => x, { scale: weight() })
  const cases: [string, object, string[]][] = [
    [
      'a parameter in an object of a class',
      { a: new Holder(weight()) },
      ['a is an object of class Holder', 'the parameter at a.held (float32[1])'],
    ],
    [
      'a buffer in an object of a class',
      { a: new Holder(tensor([1])) },
      ['a is an object of class Holder', 'the tensor at a.held'],
    ],
    ['a module in an object of a class', { a: new Holder([new Dropout()]) }, ['the module at a.held.0 (Dropout(0.5))']],
    [
      'a parameter deep in objects',
      { a: [new Holder(new Map([['k', new Holder({ b: weight() })]]))] },
      ['a.0 is an object of class Holder', 'a.0.held.k.held.b'],
    ],
    ['a parameter in a Set of an object', { a: new Holder(new Set([weight()])) }, ['a.held.(item)']],
    ['a parameter under a symbol of an object', { a: new Holder({ [symbol]: weight() }) }, ['a.held.Symbol(hidden)']],
    [
      'a parameter under a symbol',
      { [symbol]: weight() },
      ['Symbol(hidden) is held under an object or a symbol', 'Use strings as names'],
    ],
    ['a parameter under an object in a Map', { a: new Map([[{}, weight()]]) }, ['a.(value)', 'Use strings as names']],
    ['a module as a key of a Map', { a: new Map([[new Dropout(), 1]]) }, ['a.(key)', 'Dropout(0.5)']],
    ['a parameter in a WeakRef', { a: new WeakRef(held) }, ['a.(target)']],
    ['a parameter of a function', { act }, ['act is held by a function', 'act.scale']],
    ['a WeakMap', { a: new WeakMap() }, ['a is a WeakMap', 'use a Map']],
    ['a WeakSet', { a: [new WeakSet()] }, ['a.0 is a WeakSet', 'use a Set']],
    [
      'a result of a parameter',
      { scale: weight().mul(2) },
      ["scale is the result of 'mul' of a parameter (float32[1]) that is held nowhere", 'compute from it in forward()'],
    ],
    ['a result of results of parameters', { a: { b: [weight().mul(2).exp()] } }, ["a.b.0 is the result of 'exp'"]],
    ['a result in an object of a class', { a: new Holder(weight().exp()) }, ["a.held is the result of 'exp'"]],
    ['two tensors of one path', { 'a.b': weight(), a: { b: weight() } }, ["two tensors have the path 'a.b'", 'rename']],
    [
      'two keys of one path',
      {
        a: new Map<unknown, Tensor>([
          [1, weight()],
          ['1', weight()],
        ]),
      },
      ["the path 'a.1'"],
    ],
    [
      'the parameters of an optimizer of another model',
      { a: new Adam([weight()]) },
      ['a is an object of class Adam', 'a.parameters.0'],
    ],
  ]

  it.each(cases)('%s', (_, properties, says) => {
    const net = new Net(properties)
    const calls = [
      () => net.parameters(),
      () => net.namedParameters(),
      () => net.namedBuffers(),
      () => net.modules(),
      () => net.train(),
      () => net.eval(),
      () => net.zeroGrad(),
      () => net.stateDict(),
      () => net.loadStateDict({}),
    ]
    expect(() => new Net({ net }).parameters()).toThrow(ModuleError)
    for (const call of calls) {
      expect(call).toThrow(ModuleError)
      for (const part of ['Net', ...says]) expect(call).toThrow(part)
    }
  })

  it('unless it is found elsewhere, or is nothing to find', () => {
    const [w, linear] = [weight(), new Linear(1, 1)]
    const net = new Net({
      w,
      linear,
      again: new Holder({ w, linear, of: new Map([[linear, w]]) }),
      optimizer: new Adam([w, ...linear.parameters()]),
      latest: linear.forward(ones([3, 1])).mul(w),
      seen: new Holder(w.exp()),
      aside: weight().mul(2).detach(),
      kept: buffer(weight().mul(2).detach()),
      random: new Random(1),
      date: new Date(0),
      bytes: new Uint8Array(10),
      pattern: /x/,
      counts: new Map([[{}, 1]]),
      f: () => w,
      Class: Linear,
    })
    expect([...net.namedParameters().keys()]).toEqual(['w', 'linear.weight', 'linear.bias'])
    expect([...net.namedBuffers().keys()]).toEqual(['kept'])
    expect(Object.keys(net.stateDict())).toEqual(['w', 'linear.weight', 'linear.bias', 'kept'])
  })

  it('and what forward keeps later is no parameter', () => {
    class Watched extends Module {
      seen: Tensor | null = null
      forward(x: Tensor) {
        this.seen = x.softmax()
        return this.seen
      }
    }
    const [linear, watched] = [new Linear(2, 2), new Watched()]
    const model = new Net({ linear, watched })
    expect(model.parameters()).toHaveLength(2)
    watched.forward(linear.forward(ones([1, 2])))
    expect(model.parameters()).toHaveLength(2)
    expect(watched.eval().parameters()).toEqual([])
  })

  it('and what is hidden on purpose is passed over', () => {
    const calls: string[] = []
    class Hidden extends Module {
      readonly own = weight()
      readonly #teacher = new Linear(1, 1)
      get teacher() {
        calls.push('getter')
        return this.#teacher
      }
    }
    const net = Object.defineProperty(new Hidden(), 'unlisted', { value: weight(), enumerable: false })
    expect([...net.namedParameters().keys()]).toEqual(['own'])
    expect(calls).toEqual([])
    expect(net.teacher.weight.shape).toEqual([1, 1])
  })
})
