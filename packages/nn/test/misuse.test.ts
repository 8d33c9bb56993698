import { AdjointError, ArgumentError, Random, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import { type Subject, walk } from '../../autograd/test/misuse/walk.js'
import * as nn from '../src/index.js'

type Entry = Omit<Subject, 'call'>
type Call = Subject['call']

const weights = () => zeros([2, 3])
const labels = () => tensor([0, 1], { dtype: 'int32' })
const probabilities = () => tensor([0.2, 0.4])
const model = () => new nn.Linear(3, 1, { random: new Random(1) })
const data = () => [{ x: weights(), y: zeros([2, 1]) }]
const creation = () => ({ random: new Random(1), dtype: 'float64' })
const none: Entry = { args: () => [] }
const entriesOf = (names: readonly string[], entry: Entry) => Object.fromEntries(names.map((name) => [name, entry]))
const pair = (left: () => Tensor, right: () => Tensor, ...options: object[]): Entry => ({
  args: () => [left(), right(), ...options],
})

/** Classes, by what their constructors take. */
const classes: Readonly<Record<string, Entry>> = {
  ...entriesOf(
    ['Module', 'Layer', 'Flatten', 'ReLU', 'ReLU6', 'SELU', 'Sigmoid', 'LogSigmoid', 'Tanh', 'Softsign'],
    none,
  ),
  ...entriesOf(['Softplus', 'SiLU', 'Mish', 'HardSigmoid', 'HardTanh', 'HardSwish', 'Identity'], none),
  ...entriesOf(['LeakyReLU', 'ELU', 'CELU'], { args: () => [0.5], may: ['undefined'] }),
  ...entriesOf(['Softmax', 'LogSoftmax'], { args: () => [1], may: ['undefined'] }),
  GELU: { args: () => [{ approximate: 'tanh' }] },
  Activation: { args: () => ['double', (x: Tensor) => x.mul(2)], may: ['string'] },
  Linear: { args: () => [3, 2, { bias: true, init: nn.init.zeros(), ...creation() }] },
  Embedding: { args: () => [3, 2, { init: nn.init.zeros(), ...creation() }] },
  LayerNorm: { args: () => [3, { epsilon: 1e-5, dtype: 'float64' }] },
  Dropout: { args: () => [0.5, { random: new Random(1) }], may: ['undefined'] },
  Sequential: { args: () => [new nn.ReLU(), new nn.Tanh()], forwards: true },
  Optimizer: { args: () => [model(), 0.1, () => ({})], may: ['', '', 'undefined'] },
  SGD: {
    args: () => [model(), { learningRate: 0.1, momentum: 0.9, dampening: 0, nesterov: true, weightDecay: 0 }],
    may: ['', 'required'],
    options: { learningRate: 'required' },
  },
  ...entriesOf(['Adam', 'AdamW'], {
    args: () => [model(), { learningRate: 0.1, betas: [0.9, 0.99], epsilon: 0, weightDecay: 0 }],
  }),
  Batches: {
    args: () => [weights(), labels(), { batchSize: 1, shuffle: true, random: new Random(1), dropLast: true }],
  },
}

const functions: Readonly<Record<string, Entry>> = {
  accuracy: pair(weights, labels),
  mse: pair(weights, weights, { reduction: 'sum' }),
  crossEntropy: pair(weights, labels, { reduction: 'sum' }),
  binaryCrossEntropy: pair(probabilities, probabilities, { reduction: 'sum' }),
  binaryCrossEntropyWithLogits: pair(weights, weights, { reduction: 'none' }),
  batches: classes.Batches!,
  evaluate: { args: () => [model(), data(), { loss: nn.mse }], may: ['', '', 'bare'] },
  fit: {
    args: () => {
      const net = model()
      const controller = new AbortController()
      return [
        net,
        {
          data: data(),
          loss: nn.mse,
          optimizer: new nn.SGD(net, { learningRate: 0.1 }),
          epochs: 1,
          validation: data(),
          metrics: { error: nn.mse },
          earlyStopping: { patience: 3, minDelta: 0, restoreBest: true },
          onBatch: () => {},
          onEpoch: () => {},
          progress: { start: () => {}, update: () => {}, stop: () => {} },
          compile: false,
          signal: controller.signal,
        },
      ]
    },
    may: ['', 'required'],
    options: {
      ...Object.fromEntries(['data', 'loss', 'optimizer', 'epochs'].map((name) => [name, 'required'])),
      // without validation data there is nothing to measure metrics on
      validation: 'required',
      metrics: 'bare',
    },
  },
}

/** What makes initializers. */
const makers: Readonly<Record<string, Entry>> = {
  ...entriesOf(['zeros', 'ones', 'lecunNormal'], none),
  constant: { args: () => [0.5] },
  uniform: { args: () => [-1, 4], may: ['undefined', 'undefined'] },
  normal: { args: () => [1, 2], may: ['undefined', 'undefined'] },
  ...entriesOf(['xavierUniform', 'xavierNormal'], { args: () => [{ gain: 2 }] }),
  ...entriesOf(['kaimingUniform', 'kaimingNormal'], { args: () => [{ a: 1, mode: 'fanOut' }] }),
}

const net = new nn.Sequential(model(), new nn.Tanh())
const optimizer = new nn.SGD(net, { learningRate: 0.1, momentum: 0.9 })
nn.mse(net.forward(weights()), zeros([2, 1])).backward()
const set = (thing: object, name: string) => (value: never) => {
  Reflect.set(thing, name, value)
}

/** Methods and settable properties, each with a call of it. */
const methods: Readonly<Record<string, Subject>> = {
  'Module.parameters': { ...none, call: (...args: []) => net.parameters(...args) },
  'Module.namedParameters': { ...none, call: (...args: []) => net.namedParameters(...args) },
  'Module.namedBuffers': { ...none, call: (...args: []) => net.namedBuffers(...args) },
  'Module.modules': { ...none, call: (...args: []) => net.modules(...args) },
  'Module.train': { args: () => [true], may: ['undefined'], call: (...args: []) => net.train(...args) },
  'Module.eval': { ...none, call: (...args: []) => net.eval(...args) },
  'Module.stateDict': { ...none, call: (...args: []) => net.stateDict(...args) },
  'Module.loadStateDict': {
    args: () => [net.stateDict(), { strict: true }],
    may: ['required'],
    call: (...args: [never]) => net.loadStateDict(...args),
  },
  'Module.training': { args: () => [true], forwards: true, call: set(net, 'training') },
  'Layer.forward': { args: () => [weights()], call: (...args: [never]) => model().forward(...args) },
  'Optimizer.learningRate': { args: () => [0.1], forwards: true, call: set(optimizer, 'learningRate') },
  'Optimizer.step': { ...none, call: (...args: []) => optimizer.step(...args) },
  'Optimizer.stateDict': { ...none, call: (...args: []) => optimizer.stateDict(...args) },
  'Optimizer.loadStateDict': {
    args: () => [optimizer.stateDict(), { strict: true }],
    may: ['required'],
    call: (...args: [never]) => optimizer.loadStateDict(...args),
  },
  'Module.zeroGrad': { ...none, call: (...args: []) => model().zeroGrad(...args) },
  'Optimizer.zeroGrad': { ...none, call: (...args: []) => new nn.Adam(model()).zeroGrad(...args) },
}

type Class = (abstract new (...args: never[]) => object) & { readonly prototype: object }
const isClass = (thing: unknown): thing is Class =>
  typeof thing === 'function' && Object.hasOwn(thing, 'prototype') && String(thing).startsWith('class')
const isError = (thing: Class): boolean => thing.prototype instanceof Error
const exported = Object.entries(nn as Readonly<Record<string, unknown>>)
const get = (name: string): unknown => (nn as Readonly<Record<string, unknown>>)[name]

/** For subclasses only, or without arguments by JavaScript's own rules. */
const notCalled = new Set(['constructor', 'run', 'children', 'next', 'rate', 'toString'])

/** The names of methods, and of properties that can be set. */
const membersOf = ([name, thing]: readonly [string, unknown]): string[] => {
  if (!isClass(thing) || isError(thing)) return []
  return Object.entries(Object.getOwnPropertyDescriptors(thing.prototype))
    .filter(([member, { value, set }]) => !notCalled.has(member) && (typeof value === 'function' || set !== undefined))
    .map(([member]) => `${name}.${member}`)
}

const subjectsOf = (entries: Readonly<Record<string, Entry>>, callOf: (name: string) => Call) =>
  Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, { ...entry, call: callOf(name) }]))
const construct = (thing: unknown): Call => {
  // abstract classes are made through one that is not
  const Concrete = class extends (thing as new (...args: never[]) => object) {}
  Object.defineProperty(Concrete, 'name', { value: (thing as Class).name })
  return (...args) => new Concrete(...args)
}

describe('every export', () => {
  it('is tried here', () => {
    const found = exported.filter(([, thing]) => typeof thing === 'function' && !(isClass(thing) && isError(thing)))
    expect(found.length).toBeGreaterThan(30)
    expect(found.map(([name]) => name).sort()).toEqual([...Object.keys(classes), ...Object.keys(functions)].sort())
    expect(Object.keys(nn.init).sort()).toEqual(Object.keys(makers).sort())
    expect(exported.flatMap(membersOf).sort()).toEqual(Object.keys(methods).sort())
    // what is neither has no arguments
    const others = exported.filter(([, thing]) => typeof thing !== 'function').map(([name]) => name)
    expect(others).toEqual(['init'])
  })
})

describe('every class', () => walk(subjectsOf(classes, (name) => construct(get(name)))))
describe('every function', () => walk(subjectsOf(functions, (name) => get(name) as Call)))
describe('every maker of initializers', () =>
  walk(subjectsOf(makers, (name) => nn.init[name as 'zeros'] as unknown as Call)))
describe('every initializer', () =>
  walk(
    subjectsOf(
      Object.fromEntries(
        Object.keys(makers).map((name) => [
          name,
          { args: () => [[2, 3], { ...creation(), fanIn: 2, fanOut: 3 }], may: ['array'] },
        ]),
      ),
      (name) => {
        const make = nn.init[name as 'zeros'] as unknown as (...args: readonly unknown[]) => Call
        return make(...makers[name]!.args())
      },
    ),
  ))
describe('every method', () => walk(methods))

describe('what is said to those who come from elsewhere', () => {
  const net = model()
  const batch = data()
  const options = () => ({ data: batch, loss: nn.mse, optimizer: new nn.Adam(net), epochs: 1 })
  const fit = (more: object) => () => nn.fit(net, { ...options(), ...more } as never)
  const layer = net as unknown as { forward(x: unknown): unknown }
  it.each<[() => unknown, string]>([
    [() => new nn.Adam(net, { lr: 0.1 } as never), 'Adam: unknown option lr: did you mean learningRate?'],
    [
      () => new nn.AdamW(net, { weight_decay: 0.1 } as never),
      'AdamW: unknown option weight_decay: did you mean weightDecay?',
    ],
    [() => new nn.Adam(net, { eps: 1e-8 } as never), 'did you mean epsilon?'],
    [() => new nn.SGD(net, { learningrate: 1 } as never), 'did you mean learningRate?'],
    [() => new nn.SGD(net, 0.1 as never), 'SGD: options is 0.1; use one object with any of learningRate'],
    [
      () => new nn.SGD(net.parameters() as never, undefined as never),
      'SGD: options is missing; use one object with any of learningRate',
    ],
    [
      () => new nn.Adam(undefined as never),
      'Adam: parameters is missing; use a Module, or its parameters: model.parameters().',
    ],
    [() => new nn.Adam(net.parameters as never), 'Adam: parameters is'],
    [
      () => new nn.Adam(net.namedParameters() as never),
      'Adam: parameter 0 is an array, not a tensor; pass model.parameters().',
    ],
    [() => new nn.Adam(net.weight as never), 'Adam: parameters is float32[3, 1]; use a Module'],
    [() => new nn.Linear('3' as never, 2), "Linear: inputs is '3'; use a positive integer."],
    [
      () => new nn.Linear(3, 2, false as never),
      'Linear: options is false; use one object with any of bias, init, random, dtype.',
    ],
    [() => new nn.Linear(3, 2, { use_bias: false } as never), 'did you mean bias?'],
    [
      () => new nn.Linear(3, 2, { init: nn.init.zeros as never }),
      'pass the initializer that it makes: { init: init.zeros() }',
    ],
    [
      () => new nn.Linear(3, 2, { init: (() => zeros([3])) as never }),
      'Linear: init gives float32[3] for float32[3, 2]',
    ],
    [() => new nn.Dropout('0.5' as never), "Dropout: p is '0.5'; use a probability from 0 to 1."],
    [
      () => new nn.Sequential([new nn.ReLU(), new nn.Tanh()] as never),
      'Sequential: layer 0 is an array; pass what is in it: new Sequential(...layers).',
    ],
    [() => new nn.Sequential({ forward: () => 1 } as never), 'Sequential: layer 0 is no Module'],
    [
      () => new nn.Sequential(nn.ReLU as never),
      'Sequential: layer 0 has no forward(x); pass modules, such as new ReLU().',
    ],
    [() => new nn.Softmax({ dim: 1 } as never), 'Softmax: axis is { dim }; use an integer'],
    [() => layer.forward([[1, 2, 3]]), 'Linear(3, 1): x is [[...]]; use a tensor: tensor(...) makes one.'],
    [() => new nn.Sequential(net).forward(3 as never), 'Sequential(Linear(3, 1)): x is 3; use a tensor'],
    [() => nn.mse(weights(), 1 as never), 'mse: target is 1; use a tensor'],
    [() => nn.crossEntropy([[1, 2]] as never, labels() as never), 'crossEntropy: logits is [[...]]; use a tensor'],
    [
      () => nn.accuracy(tensor(1) as never, tensor(1, { dtype: 'int32' }) as never),
      'accuracy: logits need a last axis of classes',
    ],
    [() => net.loadStateDict(null as never), 'Module.loadStateDict: state is null; use what stateDict() gives'],
    [() => net.loadStateDict(net.namedParameters() as never), 'Module.loadStateDict: state is'],
    [
      () => new nn.Adam(net).loadStateDict([] as never),
      'Optimizer.loadStateDict: state is []; use what stateDict() gives',
    ],
    [() => net.train('yes' as never), "Module.train: training is 'yes'; use true or false."],
    [() => nn.batches([[1]] as never, [1] as never), 'batches: x is [[...]]; use a tensor'],
    [() => nn.batches(weights(), labels(), { batch_size: 1 } as never), 'did you mean batchSize?'],
    [() => nn.batches(weights(), labels(), 1 as never), 'batches: options is 1; use one object'],
    [
      () => nn.fit(net as never, undefined as never),
      'fit: options is missing; use one object with any of data, loss, optimizer, epochs',
    ],
    [() => nn.fit((() => 1) as never, options()), 'fit: model is a function; use a Module with a method forward.'],
    [() => nn.fit(new nn.Module() as never, options()), 'fit: model is Module(); use a Module with a method forward.'],
    [fit({ optimizer: undefined }), 'fit: optimizer is missing; use an optimizer: new Adam(model).'],
    [fit({ data: undefined }), 'fit: data is missing; use batches { x, y }'],
    [fit({ loss: undefined }), 'fit: loss is missing; use a function of outputs and targets, such as mse.'],
    [fit({ epochs: undefined }), 'fit: epochs is missing; use a positive integer.'],
    [fit({ epochs: 1.5 }), 'fit: epochs is 1.5; use a positive integer.'],
    [fit({ criterion: nn.mse }), 'fit: unknown option criterion: did you mean loss?'],
    [fit({ data: weights() }), 'fit: data is float32[2, 3]; use batches'],
    [fit({ data: [[weights(), labels()]] }), 'fit: batch is'],
    [fit({ data: [{ x: [[1]], y: labels() }] }), 'fit: batch is { x, y }; use { x, y } with two tensors'],
    [fit({ validation: [weights()] }), 'evaluate: batch is float32[2, 3]; use { x, y } with two tensors'],
    [fit({ loss: () => 3 }), 'fit: the loss is of type number; return a tensor'],
    [fit({ loss: async () => weights() }), 'fit: the loss is a promise; return a tensor'],
    [fit({ metrics: { error: nn.mse } }), 'fit: metrics are measured on validation data; give them as validation'],
    [
      fit({ metrics: { loss: nn.mse }, validation: batch }),
      'fit: a metric is called loss, as the loss itself is in reports; give it another name.',
    ],
    [
      fit({ metrics: nn.accuracy, validation: batch }),
      'fit: metrics is the function accuracy; use functions of outputs and targets by name',
    ],
    [fit({ metrics: [nn.accuracy], validation: batch }), 'fit: metrics is [the function accuracy]; use functions'],
    [fit({ earlyStopping: { patience: 3, min_delta: 1 } }), 'did you mean minDelta?'],
    [fit({ signal: new AbortController() }), 'use the signal of an AbortController: controller.signal.'],
    [() => nn.evaluate(net, batch, nn.mse as never), 'evaluate: metrics is the function mse; use functions'],
    [
      () => nn.evaluate(net, batch, { accuracy: (() => 'high') as never }),
      'evaluate: the metric accuracy is of type string; return a number',
    ],
    [
      () => nn.evaluate(net, batch, { error: (a, b) => nn.mse(a, b, { reduction: 'none' }) }),
      'evaluate: the metric error is float32[2, 1]; return a number',
    ],
  ])('%s', async (call, says) => {
    const error = await new Promise((resolve) => resolve(call())).then(
      () => expect.fail('accepted'),
      (error: unknown) => error,
    )
    expect(error).toBeInstanceOf(AdjointError)
    expect((error as Error).message).toContain(says)
  })

  it('of a forward that gives nothing, or is async', async () => {
    class Nothing extends nn.Module {
      readonly linear = model()
      forward(x: Tensor): unknown {
        void x
        return undefined
      }
    }
    class Late extends Nothing {
      override async forward() {}
    }
    for (const [subject, says] of [
      [new Nothing(), 'Nothing.forward gives nothing; return its output'],
      [new Late(), 'Late.forward gives a promise'],
    ] as const) {
      for (const compile of [true, false]) {
        await expect(nn.fit(subject as never, { ...options(), compile })).rejects.toThrow(says)
      }
      await expect(nn.evaluate(subject as never, batch, { loss: nn.mse })).rejects.toThrow(says)
    }
  })
})

it('an error of a range is an error of an argument', () => {
  expect(() => new nn.Dropout(2)).toThrow(ArgumentError)
  expect(() => new nn.Dropout(2)).toThrow(nn.OptionError)
})

it('an optimizer takes a module', () => {
  const net = model()
  expect(new nn.Adam(net).parameters).toEqual(net.parameters())
  expect(new nn.SGD(net, { learningRate: 1 }).parameters).toEqual(net.parameters())
})

it('a metric may give a tensor of one element, or NaN', async () => {
  const scores = await nn.evaluate(model(), data(), { one: () => tensor([1]), nan: () => Number.NaN })
  expect(scores).toEqual({ one: 1, nan: Number.NaN })
})
