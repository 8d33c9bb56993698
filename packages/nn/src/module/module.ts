import {
  AdjointError,
  type AnyTensor,
  guard,
  noGrad,
  refuseInCompiled,
  Tensor,
  type TreeClass,
  type TreeParts,
  treeProtocol,
} from '@adjoint/autograd'
import { checker } from '../checker.js'
import { brand } from '../copy.js'
import { ModuleError } from '../errors.js'
import type { Initializer } from '../init/initializer.js'
import { sameShape } from '../shapes.js'
import { copyWith } from '../state/copy-with.js'
import { type Inventory, takeInventory } from '../state/inventory.js'
import { checkState, type LoadReport, type ModuleLoadOptions, type StateDict, tensorsOf } from '../state/state-dict.js'
import { fromTorch, type TorchLayout } from '../state/torch.js'
import { type ApplyOptions, applyTo } from './apply.js'
import { interceptForward } from './calls.js'
import { isNoted, noteHeld, requireHeld } from './held.js'
import { addHook, type CotangentHook, copyHooks, type ForwardHook, type ForwardStartHook } from './hooks.js'
import { copyMode, modeOf, setMode } from './modes.js'
import { isBuffer, isParameter, isSaved, keepAlike, type Role, type Roles, roleOf } from './roles.js'
import { takes } from './takes.js'
import { type Shown, textOf } from './text.js'

/**
 * A module like another, in which tensors have been replaced by path.
 *
 * @param updates whether what `setBuffer` sets is a property of the copy, and not given to the buffer
 */
export let standIn: <M extends Module>(module: M, tensors: Readonly<Record<string, unknown>>, updates?: boolean) => M

/** How PyTorch has what a module has: what `torchLayout` says. */
export let torchLayoutOf: (module: Module) => TorchLayout

/**
 * A part of a model: an object with parameters and modules as properties, and a method `forward`.
 *
 * Whatever its own properties hold is found without registration: modules, leaf tensors, and arrays, plain objects, Maps
 * (a path has the key, a string or number) and Sets (the position) of them. A tensor that `parameter` made is a parameter,
 * also while it is frozen; one that `buffer` made is part of the state, and not trained; any other is a constant, which is
 * neither. What a property holds otherwise, such as a parameter in an object of another class or the result
 * of an op on a parameter that is held nowhere, is refused by name.
 *
 * A `forward` is a method: one that is a function in a property has no hooks, and its errors no paths.
 *
 * What JavaScript hides is not seen: `#private` fields, getters of a class, and what a function refers to. Keep there what
 * is not to be trained, saved or switched between training and evaluation; `fit` warns if its loss depends on a parameter that the
 * optimizer does not have.
 *
 * `forward` takes and returns whatever the class says: several tensors, states, masks, options. An error in it says in
 * which part of the model it arose: `encoder.2.attention.query: expects 64 features, got 48`.
 *
 * A module is a tree for `grad` and its like: `grad((m, x, y) => mse(m.forward(x), y))(model, x, y)` gives the gradients by the
 * paths of `namedParameters()`; buffers and what is frozen are carried along. The function gets a module of the same class with the same
 * properties, in which stand-ins are the parameters. That one is made without the constructor and has no `#private` fields:
 * a class whose methods use some overrides `blank()`. Its buffers are those of the module: what it gives them in training, the
 * module has (and so it is with a copy that `treeMap` makes). With `functionalCall` they are results instead.
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
    const begin = (module: object) => {
      if (!isNoted(module)) noteHeld(module, heldRoleIn(module as Module))
    }
    interceptForward(this, pathIn, begin, (module) => Module.#tensorsIn(module as Module, () => true))
  }

  /**
   * Whether the module is being trained: dropout drops only then. Set by `train()` and `eval()`.
   *
   * @throws CompileError if it is set inside a compiled function
   */
  get training(): boolean {
    return guard(() => modeOf(this))
  }
  set training(training: boolean) {
    takes.training([training])
    refuseInCompiled(`${this.constructor.name}.training`, 'call train() or eval() outside')
    setMode(this, training)
  }

  /**
   * Gives weights the values that an initializer makes: all that layers made by one, or those that are chosen by path or by
   * the class of the module that holds them. Other parameters (a bias, the scale of a norm) are meant only where `path` names
   * them.
   *
   * @throws OptionError where nothing is chosen
   * @example
   * const model = new Sequential(new Linear(4, 3), new ReLU(), new Linear(3, 2))
   * model.apply(init.orthogonal())
   * model.apply(init.zeros(), { path: /bias$/ })
   * model.apply(init.normal(0, 0.01), { path: '2.weight' })
   */
  apply(init: Initializer, options: ApplyOptions = {}): this {
    takes.apply(arguments)
    const modules = this.namedModules()
    const holderOf = (path: string): object => {
      for (let end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1)) {
        const holder = modules.get(path.slice(0, end))
        if (holder !== undefined) return holder
      }
      return this
    }
    applyTo(this.namedParameters(), holderOf, init, options)
    return this
  }

  /** The tensors to train, each once, and those that are frozen. */
  parameters(): Tensor[] {
    takes.parameters(arguments)
    return [...this.namedParameters().values()]
  }

  /** The parameters by dotted path, as in '0.weight'; one that is shared has its first path. */
  namedParameters(): Map<string, Tensor> {
    takes.namedParameters(arguments)
    return new Map(Module.#tensorsIn(this, isParameter))
  }

  /** What `buffer` made, by path: part of the state, and not trained. */
  namedBuffers(): Map<string, Tensor> {
    takes.namedBuffers(arguments)
    return new Map(Module.#tensorsIn(this, isBuffer))
  }

  /** This module and all that it contains, each once. */
  modules(): Module[] {
    takes.modules(arguments)
    return [...Module.#inventoryOf(this).modules.keys()]
  }

  /** The modules by path; that of this one is ''. */
  namedModules(): Map<string, Module> {
    takes.namedModules(arguments)
    return new Map([...Module.#inventoryOf(this).modules].map(([module, path]) => [path, module]))
  }

  /** Forgets the gradients of all parameters. */
  zeroGrad(): void {
    takes.zeroGrad(arguments)
    for (const [, tensor] of Module.#tensorsIn(this, isParameter)) tensor.zeroGrad()
  }

  /**
   * Stops the training of all parameters: they collect no gradients, and optimizers leave them as they are. They stay
   * parameters, and are saved. Running statistics go on while in training mode: `eval()` stops those.
   *
   * @throws CompileError inside a compiled function
   */
  freeze(): this {
    takes.freeze(arguments)
    return Module.#requireGrad(this, false)
  }

  /** Lets parameters that were frozen be trained again. */
  unfreeze(): this {
    takes.unfreeze(arguments)
    return Module.#requireGrad(this, true)
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
   * The present values of parameters and persistent buffers by dotted path, as tensors of their own: training on does not change them.
   * `JSON.stringify` makes a text of them.
   *
   * @example
   * const saved = model.stateDict()
   * model.loadStateDict(saved)
   * model.loadStateDict(JSON.parse(JSON.stringify(saved)))
   */
  stateDict(): Record<string, Tensor> {
    takes.stateDict(arguments)
    return Object.fromEntries(Module.#tensorsIn(this, isSaved).map(([path, tensor]) => [path, tensor.detach()]))
  }

  /**
   * Gives parameters and buffers the values of a state: tensors, or plain ones as `toPlain` and JSON give them. Nothing is
   * changed if anything does not fit.
   *
   * With `from: 'torch'` the state is that of PyTorch's module of the same parts, with its names and layouts (a Linear's weight
   * is transposed, gates of recurrent layers and projections of attention are taken from where they are packed): each layer
   * says in `torchLayout` what is what. A tensor that stands in several places of a model may be there once, or several times
   * with equal values.
   *
   * @returns the keys that were missing or unexpected, where `strict: false` allows them
   * @throws StateDictError for an unknown or missing key, and for a shape or dtype other than the module's
   * @example
   * const model = new Linear(2, 1)
   * model.loadStateDict({ weight: tensor([[1, 2]]), bias: tensor([3]) }, { from: 'torch' })
   * model.weight   // [[1], [2]]
   */
  loadStateDict(state: StateDict, options: ModuleLoadOptions = {}): LoadReport {
    takes.loadStateDict(arguments)
    const own = new Map(Module.#tensorsIn(this, isSaved))
    const tensors = tensorsOf(state)
    if (options.from === 'torch') {
      const { modules, repeats } = Module.#inventoryOf(this)
      const byPath = new Map([...modules].map(([module, path]) => [path, module]))
      const layouts = { modules: byPath, repeats, layoutOf: torchLayoutOf }
      const loaded = fromTorch<Module>(own, layouts, tensors, options)
      for (const [path, value] of loaded.state) own.get(path)!.assign(value)
      return loaded.report
    }
    const unsaved = new Map(Module.#tensorsIn(this, (...is) => !isSaved(...is)))
    const report = checkState('the module', own, tensors, options, unsaved)
    for (const [path, tensor] of own) {
      if (Object.hasOwn(tensors, path)) tensor.assign(tensors[path] as Tensor)
    }
    return report
  }

  /** Calls a hook with the inputs before each forward. @returns a function that removes it */
  beforeForward(hook: ForwardStartHook<this>): () => void {
    takes.beforeForward(arguments)
    return addHook<this, 'beforeForward'>(this, 'beforeForward', hook)
  }

  /**
   * Calls a hook with the output, and the inputs, after each forward. In a compiled function it runs once, on tensors without
   * elements.
   *
   * @returns a function that removes it
   * @example
   * const layer = new Linear(2, 3)
   * const shapes: unknown[] = []
   * const remove = layer.afterForward((output) => void shapes.push((output as Tensor).shape))
   * layer.forward(zeros([4, 2]))
   * remove()
   * shapes   // [[4, 3]]
   */
  afterForward(hook: ForwardHook<this>): () => void {
    takes.afterForward(arguments)
    return addHook<this, 'afterForward'>(this, 'afterForward', hook)
  }

  /**
   * Calls a hook with the cotangent of each output in reverse mode: the derivative of the loss by it. What it returns takes its
   * place. Where it looks at elements, the model can be differentiated once.
   *
   * @returns a function that removes it
   */
  beforeBackward(hook: CotangentHook<this>): () => void {
    takes.beforeBackward(arguments)
    return addHook<this, 'beforeBackward'>(this, 'beforeBackward', hook)
  }

  /** Calls a hook with the cotangent of each input, as `beforeBackward` does with those of outputs. @returns a function that removes it */
  afterBackward(hook: CotangentHook<this>): () => void {
    takes.afterBackward(arguments)
    return addHook<this, 'afterBackward'>(this, 'afterBackward', hook)
  }

  /** The module and its parts as a tree, a line each. */
  toString(): string {
    const show = (module: Module): Shown => {
      const writesItself = module !== this && module.toString !== Module.prototype.toString
      return { name: module.constructor.name, details: module.details(), text: writesItself ? `${module}` : null }
    }
    return textOf(new Map([...this.namedModules()].map(([path, module]) => [path, show(module)])))
  }

  /** What stands between the parentheses after the class's name: the settings of this module. */
  protected details(): string {
    return ''
  }

  /**
   * Gives a buffer another value, as a forward in training does. Where the module stands in for another in
   * `functionalCall`, this value is among the results, and nothing else changes.
   *
   * @param name of the property that holds the buffer
   * @param next of its shape and dtype; its derivative is not followed
   * @throws ModuleError for a property that holds no buffer; AdjointError where nothing may change, as in vmap
   */
  protected setBuffer(name: string, next: AnyTensor): void {
    const own = this as unknown as Record<string, unknown>
    const before = own[name]
    const roles = rolesIn.get(this)
    if (!(before instanceof Tensor) || roleOf(before, roles) !== 'buffer') {
      throw new ModuleError(`${this.constructor.name}.${name} is no buffer; make it with buffer(...).`)
    }
    const value = next.detach() as Tensor
    if (updatable.has(this)) {
      if (value.dtype !== before.dtype || !sameShape(value.shape, before.shape)) {
        throw new ModuleError(
          `${this.constructor.name}.${name} is ${before}, and is given ${value}; give it a tensor of its shape and dtype.`,
        )
      }
      keepAlike(value, before)
      ;(roles as Map<unknown, Role>).set(value, 'buffer')
      own[name] = value
      return
    }
    try {
      noGrad(() => before.assign(value))
    } catch (error) {
      if (!(error instanceof AdjointError)) throw error
      throw new ModuleError(
        `${this.constructor.name}.${name} changes in training. ${error.message} Or take the new buffers as results: ` +
          'functionalCall(model, state, ...inputs) gives [output, buffers]. Or call eval() before.',
        { cause: error },
      )
    }
  }

  /**
   * What PyTorch's module of the same kind has in the place of what this one has, for `loadStateDict(state, { from: 'torch' })`:
   * by our name of a tensor or a part, theirs, or how a tensor is made. What is not listed is called and laid out alike.
   */
  protected torchLayout(): TorchLayout {
    return {}
  }

  /** What has to happen before this module has its parameters; null where it has them. */
  protected pending(): string | null {
    return null
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

  /** The module as a tree: parameters that are not frozen are its children, by dotted path. */
  [treeProtocol](): TreeParts<Readonly<Record<string, Tensor>>, Readonly<Record<string, Tensor>>> {
    const children = Object.fromEntries(Module.#tensorsIn(this, (_, role) => role === 'parameter'))
    const buffers = Object.fromEntries(Module.#tensorsIn(this, (_, role) => role !== 'parameter'))
    const rebuild = (parameters: typeof children, others: typeof buffers): Module =>
      standIn(this, { ...parameters, ...others })
    return { children, buffers, rebuild }
  }

  // static: what stands in for a module has no #private members
  static #inventoryOf(module: Module): Inventory<Module> {
    const childrenOf = (thing: object) => (isModule(thing) ? thing.children() : undefined)
    return takeInventory<Module>(module, childrenOf, rolesIn.get(module))
  }

  static {
    torchLayoutOf = (module) => module.torchLayout()
    standIn = (module, tensors, updates = false) => {
      const roles = new Map<unknown, Role>()
      const replacements = new Map<unknown, unknown>()
      for (const [path, [tensor, role]] of Module.#rolesOf(module)) {
        const next = Object.hasOwn(tensors, path) ? tensors[path] : tensor
        replacements.set(tensor, next)
        roles.set(next, role)
      }
      return copyWith<Module>(module, replacements, isModule, (part) => {
        const copy = part.blank()
        copyMode(part, copy)
        copyHooks(part, copy)
        rolesIn.set(copy, roles)
        if (updates) updatable.add(copy)
        return copy
      }) as typeof module
    }
  }

  static #rolesOf(module: Module): Map<string, [Tensor, Role]> {
    const roles = rolesIn.get(module)
    const { modules, tensors } = Module.#inventoryOf(module)
    for (const [part, path] of modules) {
      requireHeld(part, path, heldRoleIn(part))
      const pending = part.pending()
      if (pending !== null) throw new ModuleError(`${path === '' ? '' : `${path}: `}${part}: ${pending}`)
    }
    return new Map([...tensors].map(([path, tensor]) => [path, [tensor, roleOf(tensor, roles)]]))
  }

  static #tensorsIn(module: Module, choose: (tensor: Tensor, role: Role) => boolean): [path: string, tensor: Tensor][] {
    return [...Module.#rolesOf(module)]
      .filter(([, [tensor, role]]) => choose(tensor, role))
      .map(([path, [tensor]]) => [path, tensor])
  }

  static #requireGrad<M extends Module>(module: M, required: boolean): M {
    for (const [, tensor] of Module.#tensorsIn(module, isParameter)) tensor.requiresGrad = required
    return module
  }
}
brand(Module)

const isModule = (thing: unknown): thing is Module => thing instanceof Module

const pathIn = (whole: object, part: object): string | undefined => {
  try {
    for (const [path, module] of (whole as Module).namedModules()) if (module === part) return path
  } catch (error) {
    // of what cannot be searched: the message goes without a path
    if (!(error instanceof AdjointError)) throw error
  }
  return undefined
}

/** What the tensors are of a module that stands in for another. */
const rolesIn = new WeakMap<Module, Roles>()

/** What a tensor that a module holds is; results that forward keeps to be looked at are no part of the state. */
const heldRoleIn = (module: Module) => {
  const roles = rolesIn.get(module)
  return (tensor: Tensor): Role => roles?.get(tensor) ?? (tensor.op === null ? roleOf(tensor, roles) : 'constant')
}

/** Stand-ins whose buffers are results of `functionalCall`. */
const updatable = new WeakSet<Module>()
