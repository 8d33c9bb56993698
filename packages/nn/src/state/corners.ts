import { Tensor } from '@adjoint/autograd'
import { refuseForeign } from '../copy.js'
import { ModuleError } from '../errors.js'
import { leavesOf } from './leaves.js'
import { type Entry, isObject, objectsIn } from './properties.js'

/** Something that a module holds and that has no tensors by name: an object of another class, the result of an op. */
export interface Corner {
  readonly path: string
  readonly thing: unknown
  /** Whether it is held under something that is no name. */
  readonly nameless: boolean
}

/**
 * Throws for the first tensor or module in these corners that is found nowhere else: it would be passed over in silence.
 * Results of ops are no loss, if the parameters that they were computed from are found.
 *
 * @throws ModuleError that names its path and the remedy
 */
export const searchCorners = (
  owner: string,
  corners: readonly Corner[],
  found: ReadonlySet<object>,
  isModule: (thing: object) => boolean,
): void => {
  const seen = new Set<object>()
  for (const corner of corners) {
    const open: [path: string, thing: unknown][] = [[corner.path, corner.thing]]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [path, thing] = next
      if (!isObject(thing) || found.has(thing) || seen.has(thing)) continue
      seen.add(thing)
      refuseForeign(`${owner}: ${path}`, thing)
      if (thing instanceof Tensor && thing.op !== null) {
        for (const leaf of leavesOf(thing, seen)) if (!found.has(leaf)) throw computed(owner, path, thing, leaf)
      } else if (thing instanceof Tensor || isModule(thing)) {
        throw lost(owner, corner, path, thing)
      } else {
        for (const [name, item] of contentsOf(thing)) open.push([`${path}.${name}`, item])
      }
    }
  }
}

/** What any object holds. Accessors are not called: they may do anything. */
function* contentsOf(thing: object): Generator<Entry> {
  if (ArrayBuffer.isView(thing)) return
  if (thing instanceof WeakRef) yield ['(target)', thing.deref()]
  if (thing instanceof Map) {
    for (const [key, value] of thing) {
      if (isObject(key)) yield ['(key)', key]
      if (isObject(value)) yield [String(key), value]
    }
  } else if (thing instanceof Set) {
    for (const item of thing) yield ['(item)', item]
  } else if (Array.isArray(thing)) {
    return yield* objectsIn(thing)
  }
  for (const key of Reflect.ownKeys(thing)) {
    const property = Reflect.getOwnPropertyDescriptor(thing, key)
    if (property?.enumerable) yield [String(key), property.value]
  }
}

const lost = (owner: string, { path, thing, nameless }: Corner, place: string, what: object): ModuleError => {
  const kind = what instanceof Tensor ? (what.requiresGrad ? 'the parameter' : 'the tensor') : 'the module'
  const where =
    nameless || typeof thing === 'function'
      ? `${path} is held ${nameless ? 'under an object or a symbol, which is no name' : 'by a function'}`
      : `${path} is an object of class ${classOf(thing as object)}`
  const remedy = nameless ? 'Use strings as names' : 'Extend Module, or use an array, a plain object, a Map or a Set'
  return new ModuleError(
    `${owner}: ${where}, and ${kind} ${place === path ? 'there' : `at ${place}`} (${what}) would be passed over: neither ` +
      `trained, nor saved, nor switched by train() and eval(). ${remedy}; what shall be passed over belongs in a #private ` +
      'field.',
  )
}

const classOf = (thing: object): string => (thing.constructor as { name?: string } | undefined)?.name ?? 'none'

const computed = (owner: string, path: string, result: Tensor, parameter: Tensor): ModuleError =>
  new ModuleError(
    `${owner}: ${path} is the result of '${result.op!.name}' of a parameter (${parameter}) that is held nowhere, so that ` +
      'training could not change it. Hold the parameter, and compute from it in forward(); of a result that is kept to be ' +
      'looked at, keep its detach().',
  )
