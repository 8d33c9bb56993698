import { AdjointError, type AnyTensor, DTypeError, full, GradientError, noGrad, Tensor } from '@adjoint/autograd'
import { requireOption } from '../errors.js'
import { checkState, type LoadOptions, type Slot, type StateDict } from '../state/state-dict.js'

/** What an optimizer remembers of a parameter between steps. */
export interface ParameterState {
  /** How many steps the parameter has been given, this one included. */
  steps: number
  /** Tensors of the parameter's shape, by the names in `stateNames`; absent at the first step. */
  readonly tensors: Record<string, Tensor>
}

/**
 * Changes parameters by their gradients. A subclass says how in `next`; `SGD` and `Adam` show it.
 *
 * @throws AdjointError for no parameters; GradientError for a tensor that is no leaf or requires no gradient; OptionError
 *   for a learning rate below 0
 * @example
 * class SignDescent extends Optimizer {
 *   protected next(parameter: Tensor, gradient: Tensor) {
 *     return parameter.sub(gradient.sign().mul(this.learningRate))
 *   }
 * }
 */
export abstract class Optimizer {
  /** What is trained, each parameter once. */
  readonly parameters: readonly Tensor[]
  #learningRate = 0
  readonly #states: (ParameterState | undefined)[]
  readonly #coefficients = new Map<string, Tensor>()

  constructor(parameters: Iterable<AnyTensor>, learningRate: number) {
    this.parameters = [...new Set(parameters)] as Tensor[]
    this.learningRate = learningRate
    this.#states = new Array(this.parameters.length).fill(undefined)
    if (this.parameters.length === 0) {
      throw new AdjointError(`${this.#name}: there are no parameters to train; pass model.parameters().`)
    }
    this.parameters.forEach((parameter, i) => {
      requireTrainable(this.#name, parameter, i)
    })
  }

  /** How far a step goes. May be changed at any time, as a schedule does. */
  get learningRate(): number {
    return this.#learningRate
  }
  set learningRate(rate: number) {
    requireOption(this.#name, 'learningRate', rate, Number.isFinite(rate) && rate >= 0, 'a number of at least 0')
    this.#learningRate = rate
  }

  /** Forgets the gradients of the parameters. */
  zeroGrad(): void {
    for (const parameter of this.parameters) parameter.zeroGrad()
  }

  /**
   * Changes every parameter that has a gradient; one without is left as it is.
   *
   * @throws GradientError if no parameter has one
   */
  step(): void {
    let changed = 0
    noGrad(() => {
      this.parameters.forEach((parameter, i) => {
        if (!parameter.hasGrad) return
        changed++
        const state = this.#states[i] ?? { steps: 0, tensors: {} }
        this.#states[i] = state
        state.steps++
        parameter.assign(this.next(parameter, parameter.grad, state))
      })
    })
    this.#coefficients.clear()
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
    const state: Record<string, Tensor> = { learningRate: full([], this.learningRate, { dtype: 'float64' }) }
    this.#states.forEach((known, i) => {
      if (known === undefined) return
      state[`${i}.steps`] = full([], known.steps, { dtype: 'int32' })
      for (const [name, tensor] of Object.entries(known.tensors)) state[`${i}.${name}`] = tensor.detach()
    })
    return state
  }

  /**
   * Takes over a state of an optimizer of the same kind for the same parameters in the same order. Nothing is changed if
   * anything does not fit.
   *
   * @throws StateDictError for an unknown or missing key, and for a shape or dtype other than the parameter's
   */
  loadStateDict(state: StateDict, options: LoadOptions = {}): void {
    const slots = new Map<string, Slot>([['learningRate', { shape: [], dtype: 'float64' }]])
    this.parameters.forEach((parameter, i) => {
      slots.set(`${i}.steps`, { shape: [], dtype: 'int32' })
      for (const name of this.stateNames) slots.set(`${i}.${name}`, parameter)
    })
    // a parameter that was never stepped has no state; one that was has all of it
    const stepped = new Set(Object.keys(state).map((key) => key.split('.')[0]))
    checkState(
      'the optimizer',
      slots,
      state,
      options,
      (key) => stepped.has(key.split('.')[0]) || key === 'learningRate',
    )
    const { learningRate } = state
    if (learningRate !== undefined) this.learningRate = learningRate.data[0]!
    this.parameters.forEach((_, i) => {
      const steps = state[`${i}.steps`]
      if (steps === undefined) return
      const tensors = this.stateNames.flatMap((name) => {
        const tensor = state[`${i}.${name}`]
        return tensor === undefined ? [] : [[name, tensor.detach() as Tensor] as const]
      })
      this.#states[i] = { steps: steps.data[0]!, tensors: Object.fromEntries(tensors) }
    })
  }

  /** The names of the tensors that `next` keeps in the state of a parameter. */
  protected get stateNames(): readonly string[] {
    return []
  }

  /** The new value of a parameter, given its gradient. It runs unrecorded; it may replace the tensors of the state. */
  protected abstract next(parameter: Tensor, gradient: Tensor, state: ParameterState): Tensor

  /** A number as a tensor without axes, made once a step: cheaper than a number where many parameters need it. */
  protected coefficient(value: number, { dtype }: Tensor): Tensor {
    const key = `${dtype} ${value}`
    let tensor = this.#coefficients.get(key)
    if (tensor === undefined) {
      tensor = full([], value, { dtype })
      this.#coefficients.set(key, tensor)
    }
    return tensor
  }

  get #name(): string {
    return this.constructor.name
  }
}

const requireTrainable = (owner: string, parameter: unknown, index: number): void => {
  if (!(parameter instanceof Tensor)) {
    throw new AdjointError(
      `${owner}: parameter ${index} is ${parameter === null ? 'null' : `of type ${typeof parameter}`}, not a tensor; ` +
        'pass model.parameters().',
    )
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
  if (!parameter.requiresGrad) {
    throw new GradientError(
      `${owner}: parameter ${index} (${parameter}) does not require a gradient; make it with parameter(...).`,
    )
  }
}
