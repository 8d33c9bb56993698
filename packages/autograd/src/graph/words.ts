/** A value as messages show it: short, and in every case some text. */
export const shown = (thing: unknown): string => {
  switch (typeof thing) {
    case 'string':
      return `'${thing.length > 40 ? `${thing.slice(0, 40)}...` : thing}'`
    case 'bigint':
      return `${thing}n`
    case 'function':
      return thing.name === '' ? 'a function' : `the function ${thing.name}`
    case 'object':
      return thing === null ? 'null' : Array.isArray(thing) ? shownArray(thing) : shownObject(thing)
    default:
      return String(thing)
  }
}

const most = 4

const shownArray = (list: readonly unknown[]): string => {
  const items = list.slice(0, most).map((item) => (Array.isArray(item) && item.length > 0 ? '[...]' : shown(item)))
  return `[${items.join(', ')}${list.length > most ? ', ...' : ''}]`
}

const shownObject = (thing: object): string => {
  if (isPlainObject(thing)) {
    const keys = Object.keys(thing)
    return keys.length === 0 ? '{}' : `{ ${keys.slice(0, most).join(', ')}${keys.length > most ? ', ...' : ''} }`
  }
  // a tensor says its dtype and shape, and others what they want to be called
  const { toString } = thing
  if (typeof toString === 'function' && toString !== Object.prototype.toString && !ArrayBuffer.isView(thing)) {
    return String(thing)
  }
  return `an instance of ${thing.constructor?.name ?? 'no class'}`
}

/** Made by `{}`, here or in another realm. */
export const isPlainObject = (thing: unknown): thing is Readonly<Record<string, unknown>> => {
  if (typeof thing !== 'object' || thing === null) return false
  const prototype: unknown = Object.getPrototypeOf(thing)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}
