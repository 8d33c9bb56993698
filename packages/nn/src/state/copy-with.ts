import { isPlainObject, objectsIn } from './properties.js'

/**
 * A copy of a module and of the modules in it, with tensors replaced. Arrays, plain objects, Maps and Sets are copied where
 * they hold what is; anything else is shared.
 *
 * @param blank an object for a module, which is then given its properties
 */
export const copyWith = <M extends object>(
  root: M,
  replacements: ReadonlyMap<unknown, unknown>,
  isModule: (thing: unknown) => thing is M,
  blank: (module: M) => M,
): M => {
  const copies = new Map<unknown, object>()
  for (const thing of toCopy(root, replacements, isModule)) {
    copies.set(thing, isModule(thing) ? blank(thing) : emptyLike(thing))
  }
  const replace = (thing: unknown): unknown =>
    replacements.has(thing) ? replacements.get(thing) : (copies.get(thing) ?? thing)
  for (const [thing, copy] of copies) fill(thing as object, copy, replace)
  return copies.get(root) as M
}

/** The modules and containers that hold a module or what is replaced. No recursion: they may be linked in a long chain. */
const toCopy = (
  root: object,
  replacements: ReadonlyMap<unknown, unknown>,
  isModule: (thing: unknown) => boolean,
): ReadonlySet<object> => {
  const holders = new Map<object, object[]>([[root, []]])
  const changed: object[] = []
  const open = [root]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (isModule(next)) changed.push(next)
    for (const thing of contentsOf(next)) {
      if (replacements.has(thing)) changed.push(next)
      else if (isModule(thing) || isContainer(thing)) {
        const before = holders.get(thing as object)
        if (before !== undefined) before.push(next)
        else {
          holders.set(thing as object, [next])
          open.push(thing as object)
        }
      }
    }
  }
  const found = new Set<object>()
  for (let next = changed.pop(); next !== undefined; next = changed.pop()) {
    if (found.has(next)) continue
    found.add(next)
    changed.push(...holders.get(next)!)
  }
  return found
}

const isContainer = (thing: unknown): boolean =>
  Array.isArray(thing) || thing instanceof Map || thing instanceof Set || isPlainObject(thing)

function* contentsOf(thing: object): Generator<unknown> {
  if (thing instanceof Map) for (const [key, value] of thing) yield* [key, value]
  if (thing instanceof Set) yield* thing
  if (Array.isArray(thing)) return yield* [...objectsIn(thing)].map(([, item]) => item)
  for (const key of Reflect.ownKeys(thing)) yield Reflect.getOwnPropertyDescriptor(thing, key)!.value
}

const emptyLike = (thing: object): object => {
  const empty = Array.isArray(thing) ? [] : thing instanceof Map ? new Map() : thing instanceof Set ? new Set() : {}
  return Object.setPrototypeOf(empty, Object.getPrototypeOf(thing))
}

const fill = (thing: object, copy: object, replace: (thing: unknown) => unknown): void => {
  if (thing instanceof Map) for (const [key, value] of thing) (copy as typeof thing).set(replace(key), replace(value))
  if (thing instanceof Set) for (const item of thing) (copy as typeof thing).add(replace(item))
  for (const key of Reflect.ownKeys(thing)) {
    const property = Reflect.getOwnPropertyDescriptor(thing, key)!
    if ('value' in property) property.value = replace(property.value)
    Object.defineProperty(copy, key, property)
  }
}
