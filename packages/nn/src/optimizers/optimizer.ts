import {
  AdjointError,
  type AnyTensor,
  DTypeError,
  full,
  GradientError,
  guard,
  type Kind,
  kinds,
  noGrad,
  refuseInCompiled,
  Tensor,
} from '@adjoint/autograd'
import { checker } from '../checker.js'
import { brand, refuseForeign } from '../copy.js'
import { requireOption } from '../errors.js'
import * as kind from '../kinds.js'
import { Module } from '../module/module.js'
import { checkState, type LoadOptions, loadOptions, type StateDict, tensorsOf } from '../state/state-dict.js'
import type { ParameterState } from './state.js'

/** What an optimizer trains: all parameters of a module, or tensors. */
export type Trainable = Module | Iterable<AnyTensor>

export const trainable: Kind = {
  ...kinds.kind(
    'a Module, or its parameters: model.parameters()',
    (thing) => thing instanceof Module || (kind.isIterable(thing) && Symbol.iterator in (thing as object)),
  ),
  refuse: refuseForeign,
}

const takesNothing = (method: string) => checker(`Optimizer.${method}`, {})
const takes = {
  constructor: {
    parameters: trainable,
    learningRate: kind.amount,
    initial: kinds.optional(kinds.function),
  },
  learningRate: { learningRate: kind.amount },
  zeroGrad: takesNothing('zeroGrad'),
  step: takesNothing('step'),
  stateDict: takesNothing('stateDict'),
  loadStateDict: checker('Optimizer.loadStateDict', { state: kind.state, options: loadOptions }),
}

/**
 * Changes parameters by their gradients. A subclass says how in `next`; `SGD` and `Adam` show it.
 *
 * Whatever changes from step to step lives in leaf tensors that the constructor makes and steps assign to: the parameters,
 * what is kept of each of them, and the learning rate.
 *
 * @throws AdjointError for no parameters; GradientError for a tensor that is no parameter; OptionError
 *   for a learning rate below 0
 * @example
 * class SignDescent extends Optimizer {
 *   protected next(parameter: Tensor, gradient: Tensor) {
 *     return parameter.sub(gradient.sign().mul(this.rate(parameter)))
 *   }
 * }
 */
export abstract class Optimizer<State extends ParameterState = ParameterState> {
  /** What is trained, each parameter once. */
  readonly parameters: readonly Tensor[]
  readonly #states: readonly State[]
  #learningRate = 0
  // the same number: what steps compute with
  readonly #rate: Tensor = full([], 0, { dtype: 'float64' })
  // by dtype, while a step is made: they may be of its trace
  #rates: Map<Tensor['dtype'], Tensor> | null = null

  /**
   * @param parameters a module, or tensors
   * @param initial makes what is kept of a parameter between steps; nothing unless given
   */
  constructor(
    parameters: Trainable,
    learningRate: number,
    initial: (parameter: Tensor) => State = () => ({}) as State,
  ) {
    checker(this.#name, takes.constructor)(arguments)
    const tensors = parameters instanceof Module ? parameters.parameters() : parameters
    this.parameters = [...new Set(tensors)] as Tensor[]
    this.#setRate(learningRate)
    if (this.parameters.length === 0) {
      throw new AdjointError(`${this.#name}: there are no parameters to train; pass model.parameters().`)
    }
    this.parameters.forEach((parameter, i) => {
      requireTrainable(this.#name, parameter, i)
    })
    this.#states = this.parameters.map(initial)
    for (const state of this.#states) requireState(this.#name, state)
  }

  /**
   * How far a step goes. May be changed between any two steps, as a schedule does.
   *
   * @throws OptionError if it is set below 0; CompileError if it is set inside a compiled function
   */
  get learningRate(): number {
    return guard(() => this.#learningRate)
  }
  set learningRate(rate: number) {
    refuseInCompiled(`${this.#name}.learningRate`, 'set it outside, between the calls')
    this.#setRate(rate)
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
    if (this.next === undefined)
      throw new AdjointError(`${this.#name}.step: an optimizer computes in a method next; write one.`)
    let changed = 0
    this.#rates = new Map()
    try {
      noGrad(() => {
        this.parameters.forEach((parameter, i) => {
          if (!parameter.hasGrad || !parameter.requiresGrad) return
          changed++
          parameter.assign(this.next(parameter, parameter.grad, this.#states[i]!))
        })
      })
    } finally {
      this.#rates = null
    }
    if (changed === 0) {
      throw new GradientError(
        `${this.#name}.step: none of the ${this.parameters.length} parameters has a gradient; ` +
          'call backward() on a loss that depends on them first, after zeroGrad().',
      )
    }
  }

  /**
   * What the optimizer remembers, as tensors by name: 'learningRate', and for each parameter by its position '0.steps',
   * '0.mean', ... Further steps do not change it.
   *
   * @example
   * const saved = optimizer.stateDict()
   * optimizer.loadStateDict(saved)
   */
  stateDict(): Record<string, Tensor> {
    takes.stateDict(arguments)
    return Object.fromEntries([...this.#slots()].map(([key, tensor]) => [key, tensor.detach()]))
  }

  /**
   * Takes over a state of an optimizer of the same kind for the same parameters in the same order. Nothing is changed if
   * anything does not fit.
   *
   * @throws StateDictError for an unknown or missing key, and for another shape or dtype; OptionError for a learning rate
   *   below 0; CompileError inside a compiled function
   */
  loadStateDict(state: StateDict, options: LoadOptions = {}): void {
    takes.loadStateDict(arguments)
    refuseInCompiled(`${this.#name}.loadStateDict`, 'call it outside, between the calls')
    const slots = this.#slots()
    const tensors = tensorsOf(state)
    checkState('the optimizer', slots, tensors, options)
    // its setter may refuse
    if (tensors.learningRate !== undefined) this.learningRate = Number(tensors.learningRate)
    for (const [key, tensor] of slots) {
      if (Object.hasOwn(tensors, key)) tensor.assign(tensors[key] as Tensor)
    }
  }

  /**
   * The new value of a parameter, given its gradient and what is kept of it, which this assigns to. It runs unrecorded.
   * In a compiled step it runs once, on tensors without elements: what changes from step to step is a tensor of the state,
   * or `rate(parameter)`.
   */
  protected abstract next(parameter: Tensor, gradient: Tensor, state: State): Tensor

  /** The learning rate as a tensor without axes, of the dtype of a parameter: for `next`. */
  protected rate({ dtype }: Tensor): Tensor {
    const rate = this.#rates?.get(dtype) ?? this.#rate.cast(dtype)
    this.#rates?.set(dtype, rate)
    return rate
  }

  #setRate(rate: number): void {
    checker(this.#name, takes.learningRate)([rate])
    requireOption(this.#name, 'learningRate', rate, Number.isFinite(rate) && rate >= 0, 'a number of at least 0')
    this.#learningRate = rate
    this.#rate.assign(full([], rate, { dtype: 'float64' }))
  }

  /** All that the optimizer remembers, by key. */
  #slots(): Map<string, Tensor> {
    return new Map([
      ['learningRate', this.#rate],
      ...this.#states.flatMap((state, i) =>
        Object.entries(state).map(([name, tensor]): [string, Tensor] => [`${i}.${name}`, tensor]),
      ),
    ])
  }

  get #name(): string {
    return this.constructor.name
  }
}

brand(Optimizer)

const requireState = (owner: string, state: unknown): void => {
  const isLeaf = (thing: unknown): boolean => thing instanceof Tensor && thing.op === null
  if (typeof state === 'object' && state !== null && Object.values(state).every(isLeaf)) return
  throw new AdjointError(
    `${owner}: what is kept of a parameter is an object of leaf tensors; return one, such as { mean: zeros(shape) }.`,
  )
}

const requireTrainable = (owner: string, parameter: unknown, index: number): void => {
  if (!(parameter instanceof Tensor)) {
    refuseForeign(`${owner}: parameter ${index}`, parameter)
    const what =
      parameter instanceof Module
        ? `the module ${parameter}`
        : parameter === null
          ? 'null'
          : Array.isArray(parameter)
            ? 'an array'
            : `of type ${typeof parameter}`
    throw new AdjointError(`${owner}: parameter ${index} is ${what}, not a tensor; pass model.parameters().`)
  }
  if (parameter.dtype !== 'float32' && parameter.dtype !== 'float64') {
    throw new DTypeError(`${owner}: parameter ${index} is ${parameter}, and only floats can be trained; cast it first.`)
  }
  if (parameter.op !== null) {
    throw new GradientError(
      `${owner}: parameter ${index} (${parameter}) is the result of '${parameter.op.name}', and only a leaf can be ` +
        'trained: make it with parameter(...) and compute from it in forward().',
    )
  }
  if (!parameter.isParameter) {
    throw new GradientError(
      `${owner}: parameter ${index} (${parameter}) does not require a gradient; make it with parameter(...).`,
    )
  }
}
