import { Random, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import { type Subject, walk } from '../../autograd/test/misuse/walk.js'
import * as nn from '../src/index.js'

type Entry = Omit<Subject, 'call'>
type Call = Subject['call']

const weights = () => zeros([2, 3])
const labels = () => tensor([0, 1], { dtype: 'int32' })
const weighing = { reduction: 'sum', weights: tensor([1, 2, 3]), axis: -1, ignoreIndex: -100 }
const signs = () => zeros([2, 3]).add(1) as Tensor
const probabilities = () => tensor([0.2, 0.4])
const model = () => new nn.Linear(3, 1, { random: new Random(1) })
const data = () => [{ x: weights(), y: zeros([2, 1]) }]
const creation = () => ({ random: new Random(1), dtype: 'float64' })
const none: Entry = { args: () => [] }
const entriesOf = (names: readonly string[], entry: Entry) => Object.fromEntries(names.map((name) => [name, entry]))
const pair = (left: () => Tensor, right: () => Tensor, ...options: object[]): Entry => ({
  args: () => [left(), right(), ...options],
})

const weighted = (make: () => Tensor, reduction: string): Entry => ({
  ...pair(make, make, { reduction, weight: make(), positiveWeight: 2 }),
  options: { weight: 'number', positiveWeight: 'tensor' },
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
  accuracy: pair(weights, labels, { axis: -1, ignoreIndex: -100 }),
  mse: pair(weights, weights, { reduction: 'sum' }),
  crossEntropy: pair(weights, labels, { ...weighing, labelSmoothing: 0.1 }),
  nll: pair(weights, labels, weighing),
  binaryCrossEntropy: weighted(probabilities, 'sum'),
  binaryCrossEntropyWithLogits: weighted(weights, 'none'),
  l1: pair(weights, weights, { reduction: 'sum' }),
  smoothL1: pair(weights, weights, { reduction: 'sum', beta: 0.5 }),
  huber: pair(weights, weights, { reduction: 'sum', delta: 0.5 }),
  logCosh: pair(weights, weights, { reduction: 'sum' }),
  poissonNll: pair(weights, weights, { reduction: 'sum', logInput: false, full: true, epsilon: 0.1 }),
  gaussianNll: { args: () => [weights(), weights(), weights(), { reduction: 'sum', full: true, epsilon: 0.1 }] },
  klDivergence: pair(weights, weights, { reduction: 'batchMean', logTarget: true }),
  ctc: {
    args: () => [
      zeros([2, 1, 3]),
      tensor([[1]], { dtype: 'int32' }),
      tensor([2], { dtype: 'int32' }),
      tensor([1], { dtype: 'int32' }),
      { reduction: 'sum', blank: 0, zeroInfinity: true },
    ],
  },
  multiMargin: pair(weights, labels, { reduction: 'sum', weights: tensor([1, 2, 3]), p: 2, margin: 0.5 }),
  multilabelMargin: pair(weights, () => zeros([2, 3], { dtype: 'int32' }), { reduction: 'sum' }),
  multilabelSoftMargin: pair(weights, weights, { reduction: 'sum', weights: tensor([1, 2, 3]) }),
  hinge: pair(weights, signs, { reduction: 'sum', margin: 0.5 }),
  hingeEmbedding: pair(weights, signs, { reduction: 'sum', margin: 0.5 }),
  softMargin: pair(weights, signs, { reduction: 'sum' }),
  marginRanking: { args: () => [weights(), weights(), signs(), { reduction: 'sum', margin: 0.5 }] },
  cosineSimilarity: pair(weights, weights, { axis: 0, epsilon: 0.1 }),
  cosineEmbedding: { args: () => [weights(), weights(), tensor([1, -1]), { reduction: 'sum', margin: 0.5 }] },
  pairwiseDistance: pair(weights, weights, { order: 1, epsilon: 0.1, keepDims: true }),
  triplet: {
    args: () => [weights(), weights(), weights(), { reduction: 'sum', margin: 2, order: 1, epsilon: 0.1, swap: true }],
  },
  infoNce: pair(weights, weights, { reduction: 'sum', temperature: 0.5, symmetric: true }),
  dice: pair(weights, weights, { reduction: 'sum', smooth: 0.5 }),
  focal: pair(weights, weights, { reduction: 'sum', gamma: 1, alpha: 0.5 }),
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
const notCalled = new Set(['constructor', 'run', 'children', 'blank', 'next', 'rate', 'toString'])

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
