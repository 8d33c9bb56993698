/** Something by name, where names make up the path of a tensor. */
export type Entry = readonly [name: string, thing: unknown]

export const isObject = (thing: unknown): thing is object =>
  (typeof thing === 'object' && thing !== null) || typeof thing === 'function'

/** The objects among the items of an array and its other properties: a long array of numbers or words costs little. */
export function* objectsIn(list: readonly unknown[]): Generator<Entry> {
  for (const [i, item] of list.entries()) if (isObject(item)) yield [`${i}`, item]
  const keys = Object.keys(list)
  // names come after indices
  const named = keys.slice(keys.findLastIndex((key) => Number.isInteger(Number(key))) + 1)
  for (const name of named) yield [name, (list as unknown as Readonly<Record<string, unknown>>)[name]]
}

export const isPlainObject = (thing: unknown): boolean => {
  if (typeof thing !== 'object' || thing === null) return false
  const prototype: unknown = Object.getPrototypeOf(thing)
  return prototype === Object.prototype || prototype === null
}
