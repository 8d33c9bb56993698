import { kinds } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { refuseForeign } from '../copy.js'
import { OptionError } from '../errors.js'
import { Module } from './module.js'

const takes = checker('ModuleList', {
  modules: kinds.optional(kinds.kind('an array of modules', (thing) => Array.isArray(thing))),
})

const takesIndex = checker('ModuleList.at', { index: kinds.kind('an integer', Number.isInteger) })

/**
 * Modules by number, which a `forward` of your own goes through; their paths are their numbers. A plain array in a property
 * is found as well: this is a module by itself, which can be passed on.
 *
 * @throws OptionError for what is no module
 * @example
 * class Deep extends Module {
 *   readonly blocks = new ModuleList([new Linear(4, 4), new Linear(4, 4)])
 *   forward(x: Tensor<[number, 4]>) {
 *     for (const block of this.blocks) x = block.forward(x).tanh().add(x)
 *     return x
 *   }
 * }
 * new Deep().namedParameters().keys()   // blocks.0.weight, blocks.0.bias, blocks.1.weight, blocks.1.bias
 */
export class ModuleList<M extends Module> extends Module implements Iterable<M> {
  private readonly items: M[] = []

  constructor(modules: readonly M[] = []) {
    takes(arguments)
    super()
    this.push(...modules)
  }

  /** How many there are. */
  get length(): number {
    return this.items.length
  }

  /** The module with a number; -1 is the last. Undefined where there is none. */
  at(index: number): M | undefined {
    takesIndex(arguments)
    return this.items.at(index)
  }

  /** Adds modules at the end. @throws OptionError for what is no module */
  push(...modules: readonly M[]): this {
    modules.forEach((module, i) => {
      requireModule('ModuleList', this.items.length + i, module)
    })
    this.items.push(...modules)
    return this
  }

  /** Goes through the modules in order. */
  [Symbol.iterator](): Iterator<M> {
    return this.items[Symbol.iterator]()
  }

  protected override children(): Iterable<readonly [string, unknown]> {
    const { items, ...others } = this
    return [...Object.entries(items), ...Object.entries(others)]
  }
}

/** @param name as messages call its place */
export const requireModule = (owner: string, name: string | number, module: unknown): void => {
  if (module instanceof Module) return
  refuseForeign(`${owner}: ${name}`, module)
  const what =
    typeof module === 'function'
      ? 'is a class or function; make an instance of it with new'
      : 'is no Module; make its class extend Module'
  throw new OptionError(`${owner}: what is at ${name} ${what}.`)
}
