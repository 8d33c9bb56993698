import { GradientError, kinds, noGrad, refuseInCompiled, type Tensor, tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { brand } from '../copy.js'
import { OptionError, StateDictError } from '../errors.js'
import * as kind from '../kinds.js'
import { checkState, type LoadOptions, loadOptions, type StateDict, tensorsOf } from '../state/state-dict.js'
import { type Group, groupsOf, type ParameterGroup } from './groups.js'
import type { HyperValue } from './hyper.js'
import type { OptimizerRule } from './rule.js'
import type { Trainable } from './trainable.js'

const isTable = (thing: unknown, holds: (each: unknown) => boolean): thing is object =>
  kind.isObject(thing) && !kind.isIterable(thing) && Object.values(thing).every(holds)

const takesNothing = (method: string) => checker(`Optimizer.${method}`, {})
const takes = {
  rule: checker('Optimizer', {
    rule: {
      name: kinds.required(kinds.string),
      hyper: kinds.required(
        kinds.kind(
          'an object with learningRate among others: { learningRate: optimizers.amount() }',
          (thing) =>
            isTable(thing, (spec) => kind.isObject(spec) && typeof spec.holds === 'function') &&
            'learningRate' in thing,
        ),
      ),
      choices: kinds.kind('an object of defaults that are true or false', (thing) =>
        isTable(thing, (preset) => typeof preset === 'boolean'),
      ),
      check: kinds.function,
      update: kinds.required(kinds.function),
    },
  }),
  zeroGrad: takesNothing('zeroGrad'),
  step: takesNothing('step'),
  stateDict: takesNothing('stateDict'),
  group: checker('Optimizer.group', { name: kinds.string }),
  loadStateDict: checker('Optimizer.loadStateDict', {
    state: kind.state,
    options: { ...loadOptions, byPosition: kinds.boolean },
  }),
}

/** What a load of an optimizer puts up with. */
export interface OptimizerLoadOptions extends LoadOptions {
  /** The parameters of the state are in the order of these, which have no names. Default false: this warns. */
  readonly byPosition?: boolean
}

/** The numbers that any optimizer steps by. */
export interface Numbers {
  /** How far a step goes. */
  learningRate: number
}

/**
 * Changes parameters by their gradients, as a rule says; `SGD`, `Adam` and the others are rules of their own. Whatever
 * changes from step to step lives in leaf tensors, which steps assign to.
 *
 * Parameters may fall into groups, each with numbers of its own, which may be changed between any two steps, also of
 * compiled functions: `optimizer.group('bias').learningRate = 0.01`.
 *
 * @throws AdjointError for no parameters; GradientError for a tensor that is no parameter, one that is given twice, or if all
 *   are frozen; OptionError for a number outside its range
 * @example
 * const signDescent: OptimizerRule = {
 *   name: 'SignDescent',
 *   hyper: { learningRate: optimizers.amount() },
 *   update: () =>
 *     optimizers.elementwiseUpdate<'learningRate', never, never>({
 *       name: 'signDescent',
 *       state: {},
 *       elements: {
 *         parameter: (m, { parameter, gradient, learningRate }) => m.sub(parameter, m.mul(learningRate, m.sign(gradient))),
 *       },
 *     }),
 * }
 * const optimizer = new Optimizer(signDescent, model, { learningRate: 0.1 })
 */
export class Optimizer<N extends Numbers = Numbers> {
  /** The groups: 'default', and those that were asked for. */
  readonly groups: readonly (ParameterGroup & N)[]
  /** What is trained, each parameter once. */
  readonly parameters: readonly Tensor[]
  readonly #groups: readonly Group<N>[]
  readonly #isBare: boolean
  readonly #rule: string

  /**
   * @param rule how it steps
   * @param given what it trains, and the numbers and choices of the rule
   */
  constructor(rule: OptimizerRule, ...given: readonly [parameters: Trainable, options?: object]) {
    takes.rule([rule])
    this.#rule = rule.name
    const { groups, isBare } = groupsOf<N>(this.#name, rule, given)
    this.#groups = groups
    this.#isBare = isBare
    this.groups = groups.map(({ face }) => face)
    this.parameters = this.groups.flatMap(({ parameters }) => parameters)
  }

  /** Whether parameters have names by which their state is saved; otherwise it goes by their order. */
  get hasNames(): boolean {
    return !this.#isBare
  }

  /** The group of a name. @throws OptionError where there is none */
  group(name: string): ParameterGroup & N {
    takes.group(arguments)
    const found = this.groups.find((group) => group.name === name)
    if (found !== undefined) return found
    const names = this.groups.map((group) => `'${group.name}'`)
    throw new OptionError(`${this.#name}.group: no group is called '${name}'; use one of ${names.join(', ')}.`)
  }

  /**
   * How far a step goes: the learning rate of all groups. May be changed between any two steps.
   *
   * @throws OptionError where groups have different ones, or if it is set below 0; CompileError if it is set inside a
   *   compiled function
   */
  get learningRate(): number {
    this.#requireAlike()
    return this.groups[0]!.learningRate
  }
  set learningRate(rate: number) {
    this.#requireAlike()
    for (const { numbers } of this.#groups) numbers.set('learningRate', rate)
  }

  /** Forgets the gradients of the parameters. */
  zeroGrad(): void {
    takes.zeroGrad(arguments)
    for (const parameter of this.parameters) parameter.zeroGrad()
  }

  /**
   * Changes every parameter that has a gradient; one without is left as it is, and so is one that is frozen.
   *
   * @throws GradientError if no parameter has one
   */
  step(): void {
    takes.step(arguments)
    let changed = 0
    const stepOf = ({ members, update, numbers }: Group<N>): void => {
      for (const { parameter, state } of members) {
        if (!parameter.hasGrad || !parameter.requiresGrad) continue
        changed++
        parameter.assign(update.next(parameter, parameter.grad, state, numbers))
      }
    }
    noGrad(() => {
      for (const group of this.#groups) group.numbers.during(() => stepOf(group))
    })
    if (changed === 0) {
      throw new GradientError(
        `${this.#name}.step: none of the ${this.parameters.length} parameters has a gradient; ` +
          'call backward() on a loss that depends on them first, after zeroGrad().',
      )
    }
  }

  /**
   * What the optimizer remembers, as tensors by name: the numbers of groups as 'groups.default.learningRate', and what is kept
   * of parameters as 'encoder.weight.mean'. Further steps do not change it.
   *
   * @example
   * const saved = optimizer.stateDict()
   * optimizer.loadStateDict(saved)
   */
  stateDict(): Record<string, Tensor> {
    takes.stateDict(arguments)
    return Object.fromEntries([
      ...[...this.#numberSlots()].map(([key, { group, hyper }]) => [key, tensorOf(group.numbers.get(hyper))]),
      ...this.#groups.flatMap(({ members }) =>
        members.flatMap(({ path, parameter, state }) =>
          Object.entries(state).map(([name, tensor]) => {
            const value = tensor.detach()
            ownerOf.set(value, parameter)
            return [`${path}.${name}`, value]
          }),
        ),
      ),
    ])
  }

  /**
   * Takes over a state of an optimizer of the same kind for parameters of the same names. If they have none, since the
   * optimizer was made of a bare list, the state is matched by their order, and this warns unless `byPosition: true` says so; an
   * order that is known to be another is refused. Nothing is changed if anything does not fit.
   *
   * @throws StateDictError for an unknown or missing key, for another shape or dtype, and for another order; OptionError for a
   *   number outside its range; CompileError inside a compiled function
   */
  loadStateDict(state: StateDict, settings: OptimizerLoadOptions = {}): void {
    takes.loadStateDict(arguments)
    const { byPosition = false, ...options } = settings
    refuseInCompiled(`${this.#name}.loadStateDict`, 'call it outside, between the calls')
    const states = this.#stateSlots()
    if (!this.#isBare && byPosition) {
      throw new OptionError(`${this.#name}.loadStateDict: parameters have names here; leave byPosition out.`)
    }
    const numbers = this.#numberSlots()
    const tensors = tensorsOf(state)
    const own = new Map([
      ...[...numbers].map(([key, { group, hyper }]) => [key, tensorOf(group.numbers.get(hyper))] as const),
      ...states,
    ])
    checkState('the optimizer', own, tensors, options)
    if (this.#isBare) this.#requireOrder(tensors, byPosition)
    const given = [...numbers].filter(([key]) => Object.hasOwn(tensors, key))
    const valueOf = (key: string): HyperValue => tensors[key]!.toArray() as HyperValue
    for (const [key, { group, hyper }] of given) group.numbers.check(hyper, valueOf(key))
    for (const [key, { group, hyper }] of given) group.numbers.set(hyper, valueOf(key))
    for (const [key, slot] of states) {
      if (Object.hasOwn(tensors, key)) slot.assign(tensors[key] as Tensor)
    }
  }

  /** The optimizer and its groups, a line each. */
  toString(): string {
    const lines = this.#groups.map(({ face, numbers }) => {
      const shown = Object.keys(face)
        .filter((key) => !ownKeys.has(key))
        .map((hyper) => `${hyper} ${String(numbers.get(hyper))}`)
      const count = face.parameters.length
      return `${face.name}: ${count} parameter${count === 1 ? '' : 's'}, ${shown.join(', ')}`
    })
    return lines.length === 1 ? `${this.#name}(${lines[0]})` : `${this.#name}(\n  ${lines.join('\n  ')}\n)`
  }

  /** Throws where a state is known to be of parameters in another order, and warns where that cannot be known. */
  #requireOrder(given: Readonly<Record<string, unknown>>, isSaid: boolean): void {
    const members = this.#groups.flatMap((group) => group.members)
    const owned = members.flatMap(({ path, parameter, state }) =>
      Object.keys(state).map((name) => ({ path, parameter, owner: ownerOf.get(given[`${path}.${name}`] as Tensor) })),
    )
    for (const { path, parameter, owner } of owned) {
      const place =
        owner === undefined || owner === parameter ? undefined : members.find((each) => each.parameter === owner)
      if (place === undefined) continue
      throw new StateDictError(
        `${this.#name}.loadStateDict: the state of parameter ${path} is that of parameter ${place.path} here; give the parameters ` +
          'in the order that they had, or make optimizers of the model, whose states have names: new Adam(model).',
      )
    }
    if (isSaid || owned.length === 0 || owned.some(({ owner, parameter }) => owner === parameter)) return
    console.warn(
      `adjoint: ${this.#name}.loadStateDict: the parameters of the optimizer have no names, so the state is matched by their ` +
        'order. Make optimizers of the model, new Adam(model), to have it matched by name, or say { byPosition: true }.',
    )
  }

  #requireAlike(): void {
    const [first, ...others] = this.groups
    const other = others.find(({ learningRate }) => learningRate !== first!.learningRate)
    if (other === undefined) return
    throw new OptionError(
      `${this.#name}.learningRate: it is ${first!.learningRate} in the group '${first!.name}' and ${other.learningRate} in ` +
        `'${other.name}'; take that of a group: optimizer.group('${first!.name}').learningRate.`,
    )
  }

  #numberSlots(): Map<string, { readonly group: Group<N>; readonly hyper: string }> {
    return new Map(
      this.#groups.flatMap((group) =>
        Object.keys(group.face)
          .filter((key) => !ownKeys.has(key))
          .map((hyper) => [`groups.${group.face.name}.${hyper}`, { group, hyper }]),
      ),
    )
  }

  #stateSlots(): Map<string, Tensor> {
    return new Map(
      this.#groups.flatMap(({ members }) =>
        members.flatMap(({ path, state }) =>
          Object.entries(state).map(([name, tensor]): [string, Tensor] => [`${path}.${name}`, tensor]),
        ),
      ),
    )
  }

  get #name(): string {
    return this.constructor === Optimizer ? this.#rule : this.constructor.name
  }
}

brand(Optimizer)

/** Whose state a tensor of a `stateDict()` is: tells an order apart that names do not. */
const ownerOf = new WeakMap<Tensor, Tensor>()

/** Of a group, beside its numbers. */
const ownKeys = new Set(['name', 'parameters', 'paths'])

const tensorOf = (value: HyperValue): Tensor => tensor(value as number, { dtype: 'float64' }) as Tensor
