import { type AnyTensor, type Kind, kinds, Tensor } from '@adjoint/autograd'
import { refuseForeign } from '../copy.js'
import { isIterable, isObject } from '../kinds.js'
import { Module } from '../module/module.js'

/**
 * What an optimizer trains: all parameters of a module; tensors by name, as `namedParameters()` gives them; tensors; or
 * groups, each with numbers of its own. The state of those that have names is saved by name.
 */
export type Trainable<Options extends object = object> =
  | Module
  | ReadonlyMap<string, AnyTensor>
  | Iterable<AnyTensor>
  | readonly ListedGroup<Options>[]

/** A group of a list of groups. */
export type ListedGroup<Options extends object> = Own<Options> & {
  /** What is in it. */
  readonly params: Module | ReadonlyMap<string, AnyTensor> | Iterable<AnyTensor>
  /** How it is called. Default its position. */
  readonly name?: string
}

/** A group among the parameters of an optimizer; what is in none is in the group 'default'. */
export type GroupOptions<Options extends object> = Own<Options> & {
  /** How it is called. Default its position. */
  readonly name?: string
  /** What is in it: those whose path is this or begins with it and a dot, or matches this expression. */
  readonly path?: string | RegExp
  /** What is in it: these. */
  readonly params?: Module | ReadonlyMap<string, AnyTensor> | Iterable<AnyTensor>
}

type Own<Options extends object> = Partial<Omit<Options, 'groups'>>

export const isTrainable = (thing: unknown): boolean =>
  thing instanceof Module || (isIterable(thing) && Symbol.iterator in (thing as object))

export const trainable: Kind = {
  ...kinds.kind('a Module, its namedParameters(), tensors, or groups [{ params, learningRate }]', isTrainable),
  refuse: refuseForeign,
}
const params: Kind = {
  ...kinds.kind('a Module, or tensors of the optimizer', isTrainable),
  refuse: refuseForeign,
}

/** What each group takes beside numbers and choices. */
export const groupKinds = {
  name: kinds.string,
  path: kinds.kind(
    'a path, or a regular expression of paths',
    (thing) => typeof thing === 'string' || thing instanceof RegExp,
  ),
  params,
}

export const groupList = kinds.kind('an array of groups, such as [{ path: /bias$/, weightDecay: 0 }]', (thing) =>
  Array.isArray(thing),
)

export interface Listed {
  readonly name?: string
  readonly path?: string | RegExp
  readonly params?: unknown
  readonly [option: string]: unknown
}

/** Whether these are groups rather than tensors. */
export const areGroups = (thing: unknown): thing is readonly Listed[] =>
  Array.isArray(thing) &&
  thing.length > 0 &&
  thing.every((each) => isObject(each) && !(each instanceof Tensor) && !(each instanceof Module) && 'params' in each)

/** Parameters by name; `isBare` where the names are positions. */
export interface Named {
  readonly entries: readonly (readonly [name: string, parameter: unknown])[]
  readonly isBare: boolean
}

/** What is to be trained, by name. */
export const namedOf = (given: unknown): Named => {
  const named = given instanceof Module ? given.namedParameters() : given
  return named instanceof Map
    ? {
        entries: [...(named as ReadonlyMap<unknown, unknown>)].map(([name, each]) => [String(name), each]),
        isBare: false,
      }
    : { entries: [...(named as Iterable<unknown>)].map((each, i) => [String(i), each]), isBare: true }
}
