import { type Kind, kinds } from '@adjoint/autograd'
import { refuseForeign } from '../copy.js'
import { isIterable, isObject } from '../kinds.js'
import { Optimizer } from '../optimizers/optimizer.js'

export { batch, data } from '../data/kinds.js'

// What trainings and evaluations take.

const { kind } = kinds

const has = (thing: unknown, ...methods: readonly string[]): boolean =>
  isObject(thing) && methods.every((name) => typeof thing[name] === 'function')

export const optimizer: Kind = {
  ...kinds.instance(Optimizer, 'an optimizer: new Adam(model)'),
  optional: false,
  refuse: refuseForeign,
}
export const loss = kind('a function of outputs and targets, such as mse', (thing) => typeof thing === 'function')
export const metrics: Kind = kind(
  'functions of outputs and targets, and metrics, by name, such as { accuracy, f1: metrics.f1() }',
  (thing) => isObject(thing) && !isIterable(thing) && Object.values(thing).every(isMetric),
)
const isMetric = (thing: unknown): boolean => typeof thing === 'function' || has(thing, 'start')
export const progress = kind('an object with methods start, update and stop', (thing) =>
  has(thing, 'start', 'update', 'stop'),
)
export const signal = kind(
  'the signal of an AbortController: controller.signal',
  (thing) => isObject(thing) && typeof thing.aborted === 'boolean',
)
