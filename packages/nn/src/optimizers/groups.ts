import { AdjointError, closest, DTypeError, GradientError, kinds, type OptionKinds, Tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { refuseForeign } from '../copy.js'
import { OptionError } from '../errors.js'
import { isObject } from '../kinds.js'
import { Module } from '../module/module.js'
import { GroupNumbers } from './group-numbers.js'
import { type HyperValue, kindOf, requireHyper } from './hyper.js'
import type { OptimizerRule, Update } from './rule.js'
import type { ParameterState } from './state.js'
import { areGroups, groupKinds, groupList, type Listed, type Named, namedOf, trainable } from './trainable.js'

/** Parameters that are changed by the same numbers, which are its properties: `group.learningRate = 0.01`. */
export class ParameterGroup {
  /** How it is called. */
  readonly name: string
  /** What is in it. */
  readonly parameters: readonly Tensor[]
  /** How these are called: by their paths in the module, or by their positions. */
  readonly paths: readonly string[]

  constructor(name: string, members: Members) {
    this.name = name
    this.parameters = [...members.values()]
    this.paths = [...members.keys()]
  }
}

type Members = ReadonlyMap<string, Tensor>

/** A group, and what its optimizer knows of it. */
export interface Group<Numbers> {
  readonly face: ParameterGroup & Numbers
  readonly numbers: GroupNumbers
  readonly update: Update
  readonly members: readonly Member[]
}

/** A parameter, and what is kept of it. */
interface Member {
  readonly path: string
  readonly parameter: Tensor
  readonly state: ParameterState
}

/** What a group is made of. */
interface Part {
  readonly name: string
  readonly members: Members
  readonly options: Readonly<Record<string, unknown>>
}

/**
 * What an optimizer is made of, in groups; `isBare` where parameters have no names but their positions.
 *
 * @param given the arguments of its constructor: what to train, and options
 */
export const groupsOf = <Numbers>(
  owner: string,
  rule: OptimizerRule,
  given: readonly unknown[],
): { groups: Group<Numbers>[]; isBare: boolean } => {
  const own: OptionKinds = {
    ...Object.fromEntries(
      Object.entries(rule.hyper).map(([name, spec]) => [name, { ...kindOf(spec), optional: true }]),
    ),
    ...Object.fromEntries(Object.keys(rule.choices ?? {}).map((name) => [name, kinds.boolean])),
  }
  checker(owner, { parameters: trainable, options: { ...own, groups: groupList } })(given)
  const [parameters, { groups: listed = [], ...shared } = {}] = given as [unknown, { groups?: Listed[] }?]
  const takesGroup = (spec: unknown, i: number): void =>
    checker(owner, { [`groups[${i}]`]: { ...groupKinds, ...own } })([spec])

  let parts: Part[]
  let isBare: boolean
  if (areGroups(parameters)) {
    if (listed.length > 0) throw new OptionError(`${owner}: groups are given twice; leave the option out.`)
    parameters.forEach(takesGroup)
    ;({ parts, isBare } = partsOfList(owner, parameters))
  } else {
    listed.forEach(takesGroup)
    const named = namedOf(parameters)
    parts = partsOfNamed(owner, named, listed)
    isBare = named.isBare
  }
  requireNames(owner, parts)
  requireOnce(owner, parts)
  return { groups: parts.map((part) => groupOf<Numbers>(owner, rule, part, shared, parts.length === 1)), isBare }
}

/** Each group with parameters of its own, whose paths begin with its name. */
const partsOfList = (owner: string, list: readonly Listed[]): { parts: Part[]; isBare: boolean } => {
  let isBare = false
  const parts = list.map(({ name = '', params, path, ...options }, i): Part => {
    if (path !== undefined) {
      throw new OptionError(`${owner}: a list of groups has no paths; give a module, and the groups as an option.`)
    }
    const called = name === '' ? String(i) : name
    const named = namedOf(params)
    isBare ||= named.isBare
    const members = requireTrainable(owner, named, (each) => `${called}.${each}`)
    if (members.size === 0) throw new OptionError(`${owner}: the group '${called}' has no parameters; leave it out.`)
    return { name: called, members, options }
  })
  return { parts, isBare }
}

/** Groups chosen among parameters, and what is left. */
const partsOfNamed = (owner: string, named: Named, list: readonly Listed[]): Part[] => {
  const all = requireTrainable(owner, named)
  if (all.size === 0) throw new AdjointError(`${owner}: there are no parameters to train; pass a module that has some.`)
  const left = new Map(all)
  const groupNameOf = new Map<string, string>()
  const parts = list.map(({ name = '', path, params, ...options }, i): Part => {
    const called = name === '' ? String(i) : name
    if ((path === undefined) === (params === undefined)) {
      throw new OptionError(`${owner}: the group '${called}' needs either a path or params.`)
    }
    if (path !== undefined && named.isBare) {
      throw new OptionError(
        `${owner}: a bare list of parameters has no paths; pass the module, or its namedParameters().`,
      )
    }
    const wanted = params === undefined ? null : new Set(namedOf(params).entries.map(([, each]) => each))
    const members = new Map(
      [...all].filter(([own, parameter]) => wanted?.delete(parameter) ?? isAt(own, path as string | RegExp)),
    )
    if (wanted !== null && wanted.size > 0) {
      throw new OptionError(
        `${owner}: the group '${called}' has ${String([...wanted][0])}, which is not among the parameters of the optimizer.`,
      )
    }
    if (members.size === 0) {
      const near = typeof path === 'string' ? closest(path, all.keys()) : undefined
      const hint = near === undefined ? `they are ${[...all.keys()].slice(0, 5).join(', ')}` : `did you mean '${near}'?`
      throw new OptionError(`${owner}: the group '${called}' has none of the parameters; ${hint}`)
    }
    for (const own of members.keys()) {
      const other = groupNameOf.get(own)
      if (other !== undefined) {
        throw new OptionError(`${owner}: '${own}' is in the groups '${other}' and '${called}'; put it in one.`)
      }
      groupNameOf.set(own, called)
      left.delete(own)
    }
    return { name: called, members, options }
  })
  return left.size === 0 ? parts : [{ name: 'default', members: left, options: {} }, ...parts]
}

const isAt = (own: string, path: string | RegExp): boolean =>
  typeof path === 'string' ? own === path || own.startsWith(`${path}.`) : own.search(path) >= 0

const requireNames = (owner: string, parts: readonly Part[]): void => {
  const twice = parts.find(({ name }, i) => parts.findIndex((part) => part.name === name) < i)
  if (twice !== undefined) throw new OptionError(`${owner}: two groups are called '${twice.name}'; rename one.`)
}

const requireOnce = (owner: string, parts: readonly Part[]): void => {
  const pathOf = new Map<Tensor, string>()
  for (const [path, parameter] of parts.flatMap(({ members }) => [...members])) {
    const other = pathOf.get(parameter)
    if (other !== undefined) {
      throw new GradientError(`${owner}: parameter ${path} is parameter ${other} again; give each once.`)
    }
    pathOf.set(parameter, path)
  }
  if (![...pathOf.keys()].some(({ requiresGrad }) => requiresGrad)) {
    throw new GradientError(
      `${owner}: all of the ${pathOf.size} parameters are frozen; unfreeze() what is to be trained.`,
    )
  }
}

/** Throws unless these can be trained. */
const requireTrainable = (owner: string, { entries }: Named, nameOf = (name: string) => name): Map<string, Tensor> =>
  new Map(
    entries.map(([name, parameter]) => {
      const path = nameOf(name)
      if (!(parameter instanceof Tensor)) {
        refuseForeign(`${owner}: parameter ${path}`, parameter)
        const what =
          parameter instanceof Module
            ? `the module ${parameter}`
            : parameter === null
              ? 'null'
              : Array.isArray(parameter)
                ? 'an array'
                : `of type ${typeof parameter}`
        throw new GradientError(`${owner}: parameter ${path} is ${what}, not a tensor; pass model.parameters().`)
      }
      const { dtype, op } = parameter
      if (dtype !== 'float32' && dtype !== 'float64') {
        throw new DTypeError(
          `${owner}: parameter ${path} is ${parameter}, and only floats can be trained; cast it first.`,
        )
      }
      if (op !== null) {
        throw new GradientError(
          `${owner}: parameter ${path} (${parameter}) is the result of '${op.name}', and only a leaf can be trained: ` +
            'make it with parameter(...) and compute from it in the loss.',
        )
      }
      if (!parameter.isParameter && !parameter.requiresGrad) {
        throw new GradientError(
          `${owner}: parameter ${path} (${parameter}) does not require a gradient; make it with parameter(...).`,
        )
      }
      return [path, parameter]
    }),
  )

const groupOf = <Numbers>(
  owner: string,
  rule: OptimizerRule,
  { name, members, options }: Part,
  shared: Readonly<Record<string, unknown>>,
  isAlone: boolean,
): Group<Numbers> => {
  const called = isAlone ? owner : `${owner}.group('${name}')`
  const chosen = { ...shared, ...definedIn(options) }
  const values = Object.fromEntries(
    Object.entries(rule.hyper).map(([hyper, spec]) => {
      if (chosen[hyper] === undefined) checker(called, { [hyper]: kindOf(spec) })([spec.preset])
      const value = (chosen[hyper] ?? spec.preset) as HyperValue
      requireHyper(called, hyper, spec, value)
      return [hyper, value]
    }),
  )
  const given = { ...rule.choices, ...definedIn(chosen), ...values } as Parameters<OptimizerRule['update']>[0]
  rule.check?.(called, given)
  const update = rule.update(given)
  if (!isObject(update) || !isObject(update.state) || typeof update.next !== 'function') {
    throw new AdjointError(
      `${owner}: the update of a rule is { state, next(parameter, gradient, state, numbers) }; return one, or ` +
        'optimizers.elementwiseUpdate(...).',
    )
  }
  const numbers = new GroupNumbers(called, rule.hyper, values, update.settled)
  const face = new ParameterGroup(name, members) as ParameterGroup & Numbers
  for (const hyper of Object.keys(rule.hyper)) {
    Object.defineProperty(face, hyper, {
      enumerable: true,
      get: () => numbers.get(hyper),
      set: (value: HyperValue) => numbers.set(hyper, value),
    })
  }
  Object.seal(face)
  return {
    face,
    numbers,
    update,
    members: [...members].map(([path, parameter]) => ({
      path,
      parameter,
      state: stateOf(owner, update, parameter, path),
    })),
  }
}

const definedIn = (options: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))

const stateOf = (owner: string, { state }: Update, parameter: Tensor, path: string): ParameterState =>
  Object.fromEntries(
    Object.entries(state).flatMap(([name, make]) => {
      const tensor: unknown = make(parameter, path)
      if (tensor === undefined) return []
      if (tensor instanceof Tensor && tensor.op === null) return [[name, tensor]]
      throw new AdjointError(
        `${owner}: ${name} of ${path} is no leaf tensor; what is kept of a parameter is one, such as zeros(shape).`,
      )
    }),
  )
