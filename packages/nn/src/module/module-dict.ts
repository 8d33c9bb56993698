import { closest, kinds } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { OptionError } from '../errors.js'
import { isIterable, isObject } from '../kinds.js'
import { Module } from './module.js'
import { requireModule } from './module-list.js'

const takes = checker('ModuleDict', { modules: kinds.kind('an object of modules by name', isRecord) })

const takesName = checker('ModuleDict', { name: kinds.string })
const takesNothing = checker('ModuleDict.keys', {})

function isRecord(thing: unknown): boolean {
  return isObject(thing) && !isIterable(thing) && !(thing instanceof Module)
}

/**
 * Modules by name, which a `forward` of your own chooses from. A plain object in a property is found as well: this is a
 * module by itself, which can be passed on.
 *
 * @throws OptionError for what is no module, and for a name with a dot
 * @example
 * const heads = new ModuleDict({ digits: new Linear(4, 10), parity: new Linear(4, 2) })
 * heads.get('parity').forward(zeros([3, 4]))   // Tensor<[3, 2]>
 * heads.namedParameters().keys()   // digits.weight, digits.bias, parity.weight, parity.bias
 */
export class ModuleDict<const Modules extends Readonly<Record<string, Module>>> extends Module {
  private readonly items: Modules

  constructor(modules: Modules) {
    takes(arguments)
    super()
    for (const [name, module] of Object.entries(modules)) {
      requireModule('ModuleDict', `'${name}'`, module)
      if (name === '' || name.includes('.')) {
        throw new OptionError(`ModuleDict: '${name}' cannot stand in a path; use a word without a dot.`)
      }
    }
    this.items = { ...modules }
  }

  /** The module of a name. @throws OptionError that names the closest, where there is none */
  get<K extends keyof Modules & string>(name: K): Modules[K] {
    takesName(arguments)
    if (Object.hasOwn(this.items, name)) return this.items[name]
    const near = closest(name, this.keys())
    throw new OptionError(
      `ModuleDict: there is no module '${name}'; ${near === undefined ? 'it is empty: give it one when it is made' : `did you mean '${near}'?`}`,
    )
  }

  /** Whether there is a module of a name. */
  has(name: string): boolean {
    takesName(arguments)
    return Object.hasOwn(this.items, name)
  }

  /** The names, in order. */
  keys(): (keyof Modules & string)[] {
    takesNothing(arguments)
    return Object.keys(this.items)
  }

  protected override children(): Iterable<readonly [string, unknown]> {
    const { items, ...others } = this
    return [...Object.entries(items), ...Object.entries(others)]
  }
}
