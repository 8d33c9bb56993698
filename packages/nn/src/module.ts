import { guard, refuseInCompiled, Tensor } from '@adjoint/autograd'
import { checkState, type LoadOptions, type LoadReport, type StateDict } from './state/state-dict.js'

const isPlainObject = (thing: unknown): thing is Record<string, unknown> => {
  if (typeof thing !== 'object' || thing === null) return false
  const prototype: unknown = Object.getPrototypeOf(thing)
  return prototype === Object.prototype || prototype === null
}

/**
 * A part of a model: an object with parameters and modules as properties, and a method `forward`.
 *
 * Whatever its own properties hold is found without registration: modules, leaf tensors, and arrays and plain objects of
 * them. A tensor that requires a gradient is a parameter; any other leaf is a buffer, which is saved but not trained
 * (so is a parameter frozen by `requiresGrad = false`). Private `#fields` are not seen.
 *
 * @example
 * class Tower extends Module {
 *   readonly encoder = new Linear(4, 3)
 *   readonly scale = parameter(ones([3]))
 *   forward(x: Tensor<[number, 4]>) {
 *     return this.encoder.forward(x).tanh().mul(this.scale)
 *   }
 * }
 * new Tower().namedParameters().keys()   // encoder.weight, encoder.bias, scale
 */
export class Module {
  #training = true

  /**
   * Whether the module is being trained: dropout drops only then. Set by `train()` and `eval()`.
   *
   * @throws CompileError if it is set inside a compiled function
   */
  get training(): boolean {
    return guard(() => this.#training)
  }
  set training(training: boolean) {
    refuseInCompiled(`${this.constructor.name}.training`, 'call train() or eval() outside')
    this.#training = training
  }

  /** The tensors to train, each once. */
  parameters(): Tensor[] {
    return [...this.namedParameters().values()]
  }

  /** The tensors to train by dotted path, as in '0.weight'; one that is shared has its first path. */
  namedParameters(): Map<string, Tensor> {
    return new Map([...this.#state()].filter(([, tensor]) => tensor.requiresGrad))
  }

  /** The other tensors: part of the state, but not trained. */
  namedBuffers(): Map<string, Tensor> {
    return new Map([...this.#state()].filter(([, tensor]) => !tensor.requiresGrad))
  }

  /** This module and all that it contains, each once. */
  modules(): Module[] {
    const found = new Set<Module>()
    this.#walk((thing) => {
      if (thing instanceof Module) found.add(thing)
    })
    return [...found]
  }

  /** Forgets the gradients of all parameters. */
  zeroGrad(): void {
    for (const tensor of this.#state().values()) tensor.zeroGrad()
  }

  /** Puts this module and all that it contains into training mode. */
  train(training = true): this {
    for (const module of this.modules()) module.training = training
    return this
  }

  /** Puts this module and all that it contains into evaluation mode. */
  eval(): this {
    return this.train(false)
  }

  /**
   * The present values of parameters and buffers by dotted path. Training on does not change them.
   *
   * @example
   * const saved = model.stateDict()
   * model.loadStateDict(saved)
   */
  stateDict(): Record<string, Tensor> {
    return Object.fromEntries([...this.#state()].map(([path, tensor]) => [path, tensor.detach()]))
  }

  /**
   * Gives parameters and buffers the values of a state. Nothing is changed if anything does not fit.
   *
   * @returns the keys that were missing or unexpected, where `strict: false` allows them
   * @throws StateDictError for an unknown or missing key, and for a shape or dtype other than the module's
   */
  loadStateDict(state: StateDict, options: LoadOptions = {}): LoadReport {
    const own = this.#state()
    const report = checkState('the module', own, state, options)
    for (const [path, tensor] of own) {
      if (Object.hasOwn(state, path)) tensor.assign(state[path] as Tensor)
    }
    return report
  }

  toString(): string {
    return `${this.constructor.name}()`
  }

  /** What this module contains, by name: its own properties, unless a subclass names them otherwise. */
  protected children(): Iterable<readonly [name: string, child: unknown]> {
    return Object.entries(this)
  }

  /** Parameters and buffers by path. Results of ops are neither: they belong to a computation. */
  #state(): Map<string, Tensor> {
    const found = new Map<string, Tensor>()
    this.#walk((thing, path) => {
      if (thing instanceof Tensor && thing.op === null) found.set(path, thing)
    })
    return found
  }

  /** Visits modules, tensors and their containers, each object once. */
  #walk(visit: (thing: object, path: string) => void): void {
    const seen = new Set<object>()
    const level = (thing: unknown, path: string): void => {
      const entries =
        thing instanceof Module
          ? thing.children()
          : Array.isArray(thing) || isPlainObject(thing)
            ? Object.entries(thing)
            : thing instanceof Tensor
              ? []
              : undefined
      if (entries === undefined || seen.has(thing as object)) return
      seen.add(thing as object)
      visit(thing as object, path)
      for (const [name, child] of entries) level(child, path === '' ? name : `${path}.${name}`)
    }
    level(this, '')
  }
}
