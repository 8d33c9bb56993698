import { Tensor } from '@adjoint/autograd'
import { refuseForeign } from '../copy.js'
import { ModuleError } from '../errors.js'
import type { Roles } from '../module/roles.js'
import { type Corner, searchCorners } from './corners.js'
import { type Entry, isObject, isPlainObject, objectsIn } from './properties.js'

/** What a module holds: modules, itself included, and leaf tensors, with their paths. */
export interface Inventory<M> {
  readonly modules: ReadonlyMap<M, string>
  readonly tensors: ReadonlyMap<string, Tensor>
  /** Further paths of tensors and modules that stand in several places, with the one that they have. */
  readonly repeats: ReadonlyMap<string, string>
}

/** Roots, and what they held, in which results of ops were looked at: what is kept since was computed in `forward`. */
const searched = new WeakSet<object>()

/**
 * Finds what a module holds, each object once, in the order of its properties: in modules, arrays, plain objects, Maps (by
 * key) and Sets (by position). Whatever else it holds must not hide a tensor or module that is not found elsewhere; nor
 * must the result of an op, when this is first asked: what `forward` keeps later is not meant to be trained.
 *
 * @param childrenOf what a module holds; undefined for what is no module
 * @param roles of a root that stands in for another, which was looked through: nothing else is looked for in it
 * @throws ModuleError that names the path
 */
export const takeInventory = <M extends object>(
  root: M,
  childrenOf: (thing: object) => Iterable<Entry> | undefined,
  roles?: Roles,
): Inventory<M> => {
  const owner = root.constructor.name
  const modules = new Map<M, string>()
  const tensors = new Map<string, Tensor>()
  const found = new Set<object>()
  const again: (readonly [path: string, thing: object])[] = []
  const corners: Corner[] = []
  const keepsResults = searched.has(root)
  // a stack and no recursion: modules may be linked in a long chain
  const open: Entry[] = [['', root]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [path, thing] = next
    if (!isObject(thing)) continue
    if (found.has(thing)) {
      again.push([path, thing])
      continue
    }
    const children = childrenOf(thing)
    const entries = children ?? (roles?.has(thing) ? [] : entriesOf(owner, path, thing))
    if (entries === undefined) {
      refuseForeign(`${owner}: ${path}`, thing)
      if (!(keepsResults && thing instanceof Tensor)) corners.push({ path, thing, nameless: false })
      continue
    }
    found.add(thing)
    if (children !== undefined) modules.set(thing as M, path)
    if (thing instanceof Tensor) {
      if (tensors.has(path)) throw collision(owner, path)
      tensors.set(path, thing)
      continue
    }
    const pathOf = (name: string): string => (path === '' ? name : `${path}.${name}`)
    const objects = [...entries].filter(([, child]) => isObject(child))
    for (const [name, child] of objects.reverse()) open.push([pathOf(name), child])
    for (const [name, child] of nameless(thing)) corners.push({ path: pathOf(name), thing: child, nameless: true })
  }
  if (corners.length > 0 && roles === undefined)
    searchCorners(owner, corners, found, (thing) => childrenOf(thing) !== undefined)
  for (const module of modules.keys()) searched.add(module)
  return { modules, tensors, repeats: repeatsOf(again, modules, tensors) }
}

const repeatsOf = (
  again: readonly (readonly [path: string, thing: object])[],
  modules: ReadonlyMap<object, string>,
  tensors: ReadonlyMap<string, Tensor>,
): ReadonlyMap<string, string> => {
  if (again.length === 0) return new Map()
  const paths = new Map<object, string>([...modules, ...[...tensors].map(([path, tensor]) => [tensor, path] as const)])
  const named = again.map(([path, thing]) => [path, paths.get(thing)] as const)
  return new Map(named.filter((entry): entry is readonly [string, string] => entry[1] !== undefined))
}

/** What a leaf tensor (nothing) or a container holds, by name; undefined for what is neither. */
const entriesOf = (owner: string, path: string, thing: object): readonly Entry[] | undefined => {
  if (thing instanceof Tensor) return thing.op === null ? [] : undefined
  if (Array.isArray(thing)) return [...objectsIn(thing)]
  if (isPlainObject(thing)) return Object.entries(thing)
  if (thing instanceof Map) {
    return [
      ...[...thing]
        .filter(([key, value]) => isName(key) && isObject(value))
        .map(([key, value]): Entry => [`${key}`, value]),
      ...own(thing),
    ]
  }
  if (thing instanceof Set) return [...[...thing].map((item, i): Entry => [`${i}`, item]), ...own(thing)]
  if (thing instanceof WeakMap || thing instanceof WeakSet) throw unsearchable(owner, path, thing)
  return undefined
}

const own = (thing: object): readonly Entry[] => Object.entries(thing)

const isName = (key: unknown): boolean => typeof key === 'string' || typeof key === 'number'

/** What is held under something that cannot stand in a path: a symbol, or another object as the key of a Map. */
function* nameless(thing: object): Generator<Entry> {
  for (const symbol of Object.getOwnPropertySymbols(thing)) {
    if (!Object.prototype.propertyIsEnumerable.call(thing, symbol)) continue
    yield [String(symbol), (thing as Record<symbol, unknown>)[symbol]]
  }
  if (!(thing instanceof Map)) return
  for (const [key, value] of thing) {
    if (isName(key)) continue
    yield ['(key)', key]
    yield ['(value)', value]
  }
}

const unsearchable = (owner: string, path: string, thing: object): ModuleError => {
  const kind = thing instanceof WeakMap ? 'WeakMap' : 'WeakSet'
  return new ModuleError(
    `${owner}: ${path} is a ${kind}, in which no parameter can be found; use a ${kind.slice(4)}, or a #private field if ` +
      'it holds none.',
  )
}

const collision = (owner: string, path: string): ModuleError =>
  new ModuleError(
    `${owner}: two tensors have the path '${path}', and a state has room for one; rename a property or a key.`,
  )
