import { type Kind, kinds, Random, Tensor } from '@adjoint/autograd'

// What arguments may be, beside the kinds of autograd. Ranges are up to `requireOption`.

const { kind } = kinds

export const isObject = (thing: unknown): thing is Readonly<Record<PropertyKey, unknown>> =>
  typeof thing === 'object' && thing !== null

const isNumber = (thing: unknown): boolean => typeof thing === 'number'

/** A number that messages ask for in these words. */
export const numberAs = (wanted: string): Kind => kind(wanted, isNumber)

export const count = numberAs('a positive integer')
export const amount = numberAs('a number of at least 0')
export const positive = numberAs('a positive number')
export const random = kinds.instance(Random, 'a generator: new Random(seed)')
export const initializer = kind('an initializer, such as init.kaimingUniform()', (thing) => typeof thing === 'function')

/** The settings of whatever makes parameters. */
export const creation = { random, dtype: kinds.dtype }

export const state = kind(
  'what stateDict() gives: an object of tensors by name',
  (thing) => isObject(thing) && !isIterable(thing) && !(thing instanceof Tensor) && !('stateDict' in thing),
)

export const isIterable = (thing: unknown): boolean =>
  isObject(thing) && (typeof thing[Symbol.iterator] === 'function' || typeof thing[Symbol.asyncIterator] === 'function')
