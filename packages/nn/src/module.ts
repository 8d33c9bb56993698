import {
  checker,
  guard,
  kinds,
  refuseInCompiled,
  type Tensor,
  type TreeClass,
  type TreeParts,
  treeProtocol,
} from '@adjoint/autograd'
import { brand } from './copy.js'
import { state as kindOfState } from './kinds.js'
import { copyWith } from './state/copy-with.js'
import { type Inventory, type Role, type Roles, takeInventory } from './state/inventory.js'
import {
  checkState,
  type LoadOptions,
  type LoadReport,
  loadOptions,
  type StateDict,
  tensorsOf,
} from './state/state-dict.js'

const nothing = (method: string) => checker(`Module.${method}`, {})
const takes = {
  training: checker('Module', { training: kinds.boolean }),
  parameters: nothing('parameters'),
  namedParameters: nothing('namedParameters'),
  namedBuffers: nothing('namedBuffers'),
  modules: nothing('modules'),
  zeroGrad: nothing('zeroGrad'),
  train: checker('Module.train', { training: kinds.optional(kinds.boolean) }),
  eval: nothing('eval'),
  stateDict: nothing('stateDict'),
  loadStateDict: checker('Module.loadStateDict', { state: kindOfState, options: loadOptions }),
}

/**
 * A part of a model: an object with parameters and modules as properties, and a method `forward`.
 *
 * Whatever its own properties hold is found without registration: modules, leaf tensors, and arrays, plain objects, Maps
 * (a path has the key, a string or number) and Sets (the position) of them. A tensor that requires a gradient is a
 * parameter; any other leaf is a buffer, which is saved but not trained (so is a parameter frozen by
 * `requiresGrad = false`). What a property holds otherwise, such as a parameter in an object of another class or the result
 * of an op on a parameter that is held nowhere, is refused by name.
 *
 * What JavaScript hides is not seen: `#private` fields, getters of a class, and what a function refers to. Keep there what
 * is not to be trained, saved or switched between training and evaluation; `fit` warns if its loss depends on a parameter that the
 * optimizer does not have.
 *
 * A module is a tree for `grad` and its like: `grad((m, x, y) => mse(m.forward(x), y))(model, x, y)` gives the gradients by the
 * paths of `namedParameters()`; buffers are carried along. The function gets a module of the same class with the same
 * properties, in which stand-ins are the parameters. That one is made without the constructor and has no `#private` fields:
 * a class whose methods use some overrides `blank()`.
 *
 * @throws ModuleError from each method that looks for something which would be passed over: it names the path
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
export class Module implements TreeClass<Readonly<Record<string, Tensor>>> {
  constructor() {
    if (arguments.length > 0) checker(new.target.name, {})(arguments)
  }

  /**
   * Whether the module is being trained: dropout drops only then. Set by `train()` and `eval()`.
   *
   * @throws CompileError if it is set inside a compiled function
   */
  get training(): boolean {
    return guard(() => scope?.get(this) ?? modes.get(this) ?? true)
  }
  set training(training: boolean) {
    takes.training([training])
    refuseInCompiled(`${this.constructor.name}.training`, 'call train() or eval() outside')
    if (scope?.has(this)) scope = new Map(scope).set(this, training)
    else modes.set(this, training)
  }

  /** The tensors to train, each once. */
  parameters(): Tensor[] {
    takes.parameters(arguments)
    return [...this.namedParameters().values()]
  }

  /** The tensors to train by dotted path, as in '0.weight'; one that is shared has its first path. */
  namedParameters(): Map<string, Tensor> {
    takes.namedParameters(arguments)
    return new Map(Module.#tensorsIn(this, 'parameter'))
  }

  /** The other tensors: part of the state, but not trained. */
  namedBuffers(): Map<string, Tensor> {
    takes.namedBuffers(arguments)
    return new Map(Module.#tensorsIn(this, 'buffer'))
  }

  /** This module and all that it contains, each once. */
  modules(): Module[] {
    takes.modules(arguments)
    return [...Module.#inventoryOf(this).modules]
  }

  /** Forgets the gradients of all parameters. */
  zeroGrad(): void {
    takes.zeroGrad(arguments)
    for (const tensor of Module.#inventoryOf(this).tensors.values()) tensor.zeroGrad()
  }

  /** Puts this module and all that it contains into training mode. */
  train(training = true): this {
    takes.train(arguments)
    for (const module of this.modules()) module.training = training
    return this
  }

  /** Puts this module and all that it contains into evaluation mode. */
  eval(): this {
    takes.eval(arguments)
    return this.train(false)
  }

  /**
   * The present values of parameters and buffers by dotted path, as tensors of their own: training on does not change them.
   * `JSON.stringify` makes a text of them.
   *
   * @example
   * const saved = model.stateDict()
   * model.loadStateDict(saved)
   * model.loadStateDict(JSON.parse(JSON.stringify(saved)))
   */
  stateDict(): Record<string, Tensor> {
    takes.stateDict(arguments)
    return Object.fromEntries([...Module.#inventoryOf(this).tensors].map(([path, tensor]) => [path, tensor.detach()]))
  }

  /**
   * Gives parameters and buffers the values of a state: tensors, or plain ones as `toPlain` and JSON give them. Nothing is
   * changed if anything does not fit.
   *
   * @returns the keys that were missing or unexpected, where `strict: false` allows them
   * @throws StateDictError for an unknown or missing key, and for a shape or dtype other than the module's
   */
  loadStateDict(state: StateDict, options: LoadOptions = {}): LoadReport {
    takes.loadStateDict(arguments)
    const own = Module.#inventoryOf(this).tensors
    const tensors = tensorsOf(state)
    const report = checkState('the module', own, tensors, options)
    for (const [path, tensor] of own) {
      if (Object.hasOwn(tensors, path)) tensor.assign(tensors[path] as Tensor)
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

  /**
   * An object of this class, which is then given the properties of this one: to stand in for it. Not made by the constructor,
   * unless a subclass says so, as it must where its methods use `#private` fields.
   */
  protected blank(): Module {
    return Object.create(Object.getPrototypeOf(this))
  }

  /** The module as a tree: parameters are its children, by dotted path. */
  [treeProtocol](): TreeParts<Readonly<Record<string, Tensor>>, Readonly<Record<string, Tensor>>> {
    const children = Object.fromEntries(Module.#tensorsIn(this, 'parameter'))
    const buffers = Object.fromEntries(Module.#tensorsIn(this, 'buffer'))
    const rebuild = (parameters: typeof children, others: typeof buffers): Module => {
      const roles = new Map<unknown, Role>()
      const replacements = new Map<unknown, unknown>()
      const replace = (role: Role, before: typeof children, after: typeof children) => {
        for (const [path, tensor] of Object.entries(before)) {
          const next = Object.hasOwn(after, path) ? after[path] : tensor
          replacements.set(tensor, next)
          roles.set(next, role)
        }
      }
      replace('buffer', buffers, others)
      replace('parameter', children, parameters)
      return copyWith<Module>(this, replacements, isModule, (module) => {
        const copy = module.blank()
        modes.set(copy, module.training)
        rolesIn.set(copy, roles)
        return copy
      })
    }
    return { children, buffers, rebuild }
  }

  // static: what stands in for a module has no #private members
  static #inventoryOf(module: Module): Inventory<Module> {
    const childrenOf = (thing: object) => (isModule(thing) ? thing.children() : undefined)
    return takeInventory<Module>(module, childrenOf, rolesIn.get(module))
  }

  static #tensorsIn(module: Module, role: Role): [path: string, tensor: Tensor][] {
    const roles = rolesIn.get(module)
    const roleOf = (tensor: Tensor): Role => roles?.get(tensor) ?? (tensor.requiresGrad ? 'parameter' : 'buffer')
    return [...Module.#inventoryOf(module).tensors].filter(([, tensor]) => roleOf(tensor) === role)
  }
}
brand(Module)

const isModule = (thing: unknown): thing is Module => thing instanceof Module

const modes = new WeakMap<Module, boolean>()

/** What the tensors are of a module that stands in for another. */
const rolesIn = new WeakMap<Module, Roles>()

/** The modes that hold during a call in place of those that modules were given. */
let scope: ReadonlyMap<Module, boolean> | null = null

/** Runs a synchronous call in which modules have these modes. Other modes that it gives to them end with it. */
export const withModes = <R>(modes: ReadonlyMap<Module, boolean>, call: () => R): R => {
  const before = scope
  scope = modes
  try {
    return call()
  } finally {
    scope = before
  }
}
