import { Random, tensor, zeros } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import { type Subject, walk } from '../../autograd/test/misuse/walk.js'
import * as nn from '../src/index.js'
import * as attention from './misuse/attention.js'
import { creation, type Entry, entriesOf, model, none, weights } from './misuse/entries.js'
import { functions } from './misuse/functions.js'
import * as losses from './misuse/losses.js'
import { metrics, updates } from './misuse/metrics.js'
import { modules } from './misuse/modules.js'
import * as norms from './misuse/norms.js'
import * as optimizers from './misuse/optimizers.js'
import { others } from './misuse/others.js'
import * as recurrent from './misuse/recurrent.js'
import * as schedules from './misuse/schedules.js'
import * as training from './misuse/training.js'
import * as windows from './misuse/windows.js'

type Call = Subject['call']

/** Classes, by what their constructors take. */
const classes: Readonly<Record<string, Entry>> = {
  ...modules,
  ...windows.modules,
  ...norms.modules,
  ...recurrent.modules,
  ...attention.modules,
  ...losses.modules,
  ...optimizers.classes,
  ...others,
}

/** What makes initializers. */
const makers: Readonly<Record<string, Entry>> = {
  ...entriesOf(['zeros', 'ones', 'lecunNormal', 'lecunUniform'], none),
  constant: { args: () => [0.5] },
  truncatedNormal: { args: () => [1, 2, { low: 0, high: 2 }], may: ['undefined', 'undefined'] },
  ...entriesOf(['orthogonal', 'identity'], { args: () => [{ gain: 2 }], options: { gain: 'string' } }),
  dirac: { args: () => [{ groups: 1 }] },
  sparse: { args: () => [0.5, 2], may: ['', 'undefined'] },
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
  'Module.namedModules': { ...none, call: (...args: []) => net.namedModules(...args) },
  'Module.apply': {
    args: () => [nn.init.zeros(), { path: 'weight', kind: nn.Linear, random: new Random(1) }],
    may: ['function'],
    options: { path: 'string', kind: 'function' },
    call: (...args: [never]) => model().apply(...args),
  },
  'Module.freeze': { ...none, call: (...args: []) => model().freeze(...args) },
  'Module.unfreeze': { ...none, call: (...args: []) => model().unfreeze(...args) },
  'Module.beforeForward': { args: () => [() => undefined], call: (...args: [never]) => model().beforeForward(...args) },
  'Module.afterForward': { args: () => [() => undefined], call: (...args: [never]) => model().afterForward(...args) },
  'Module.beforeBackward': {
    args: () => [() => undefined],
    call: (...args: [never]) => model().beforeBackward(...args),
  },
  'Module.afterBackward': { args: () => [() => undefined], call: (...args: [never]) => model().afterBackward(...args) },
  'ModuleList.at': { args: () => [0], call: (...args: [never]) => new nn.ModuleList([model()]).at(...args) },
  'ModuleList.push': {
    args: () => [model()],
    forwards: true,
    call: (...args: never[]) => new nn.ModuleList([model()]).push(...args),
  },
  'ModuleDict.get': { args: () => ['a'], call: (...args: [never]) => new nn.ModuleDict({ a: model() }).get(...args) },
  'ModuleDict.has': {
    args: () => ['a'],
    may: ['string'],
    call: (...args: [never]) => new nn.ModuleDict({ a: model() }).has(...args),
  },
  'ModuleDict.keys': { ...none, call: (...args: []) => new nn.ModuleDict({ a: model() }).keys(...args) },
  'Module.modules': { ...none, call: (...args: []) => net.modules(...args) },
  'Module.train': { args: () => [true], may: ['undefined'], call: (...args: []) => net.train(...args) },
  'Module.eval': { ...none, call: (...args: []) => net.eval(...args) },
  'Module.stateDict': { ...none, call: (...args: []) => net.stateDict(...args) },
  'Module.loadStateDict': {
    args: () => [net.stateDict(), { strict: true, from: undefined }],
    may: ['required'],
    call: (...args: [never]) => net.loadStateDict(...args),
  },
  'Module.training': { args: () => [true], forwards: true, call: set(net, 'training') },
  'WeightNorm.value': { ...none, call: (...args: []) => new nn.WeightNorm(model()).value(...args) },
  'SpectralNorm.value': { ...none, call: (...args: []) => new nn.SpectralNorm(model()).value(...args) },
  'EmbeddingBag.forward': {
    args: () => [
      tensor([0, 2, 1, 1, 1, 1, 1], { dtype: 'int32' }),
      { offsets: tensor([0, 2], { dtype: 'int32' }), weights: zeros([7]) },
    ],
    // floats are no indices
    may: ['-tensor', 'required'],
    options: { offsets: '-tensor required', weights: 'tensor' },
    call: (...args: [never]) => new nn.EmbeddingBag(3, 2, { mode: 'sum' }).forward(...args),
  },
  'Bilinear.forward': {
    args: () => [zeros([7]), zeros([2])],
    may: ['', '-tensor'],
    call: (...args: [never, never]) => new nn.Bilinear(7, 2, 1).forward(...args),
  },
  'Batches.from': {
    args: () => [0],
    call: (...args: [never]) => nn.batches(weights(), zeros([2])).from(...args),
  },
  'Layer.forward': { args: () => [weights()], call: (...args: [never]) => model().forward(...args) },
  'Optimizer.learningRate': { args: () => [0.1], forwards: true, call: set(optimizer, 'learningRate') },
  'Optimizer.group': { args: () => ['default'], call: (...args: [never]) => optimizer.group(...args) },
  'Optimizer.step': { ...none, call: (...args: []) => optimizer.step(...args) },
  'Optimizer.stateDict': { ...none, call: (...args: []) => optimizer.stateDict(...args) },
  'Optimizer.loadStateDict': {
    args: () => [optimizer.stateDict(), { strict: true, byPosition: false }],
    may: ['required'],
    call: (...args: [never]) => optimizer.loadStateDict(...args),
  },
  ...recurrent.methods,
  ...attention.methods,
  ...optimizers.methods,
  ...training.methods,
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
const notCalled = new Set([
  'constructor',
  'run',
  'runAt',
  'make',
  'children',
  'torchLayout',
  'parametrization',
  'blank',
  'next',
  'rate',
  'toString',
  'details',
  'setBuffer',
  'pending',
  'computed',
])

/** The names of methods, and of properties that can be set. */
const membersOf = ([name, thing]: readonly [string, unknown]): string[] => {
  if (!isClass(thing) || isError(thing) || name in losses.modules) return []
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
    expect(Object.keys(nn.metrics).sort()).toEqual(Object.keys(metrics).sort())
    expect(exported.flatMap(membersOf).sort()).toEqual(Object.keys(methods).sort())
    // what is neither has no arguments
    const others = exported.filter(([, thing]) => typeof thing !== 'function').map(([name]) => name)
    expect(others.sort()).toEqual(['init', 'metrics', 'optimizers', 'schedules'])
    expect(Object.keys(nn.schedules).sort()).toEqual(Object.keys(schedules.makers).sort())
  })
})

describe('every class', () => walk(subjectsOf(classes, (name) => construct(get(name)))))
describe('every function', () => walk(subjectsOf(functions, (name) => get(name) as Call)))
describe('every maker of initializers', () =>
  walk(subjectsOf(makers, (name) => nn.init[name as 'zeros'] as unknown as Call)))
describe('every maker of metrics', () =>
  walk(subjectsOf(metrics, (name) => nn.metrics[name as 'auc'] as unknown as Call)))
describe('every metric', () => walk(updates))
describe('every maker of schedules', () =>
  walk(subjectsOf(schedules.makers, (name) => nn.schedules[name as 'step'] as unknown as Call)))
describe('every schedule', () => walk(schedules.schedules))
describe('every plateau', () => walk(schedules.methods))
describe('every initializer', () =>
  walk(
    subjectsOf(
      Object.fromEntries(
        Object.keys(makers).map((name) => [
          name,
          {
            args: () => [name === 'dirac' ? [2, 3, 1] : [2, 3], { ...creation(), fanIn: 2, fanOut: 3 }],
            may: ['array'],
          },
        ]),
      ),
      (name) => {
        const make = nn.init[name as 'zeros'] as unknown as (...args: readonly unknown[]) => Call
        return make(...makers[name]!.args())
      },
    ),
  ))
describe('every method', () => walk(methods))
