import { type AnyTensor, ArgumentError, refuseForeignTensor, Tensor } from '@adjoint/autograd'
import { FormatError } from './errors.js'
import { nestsMoreThan } from './nesting.js'

/**
 * What can be saved: a tensor, a number (also NaN, an infinity and -0), a bigint, a string, a boolean, null, undefined, and
 * arrays and plain objects of these, whatever their keys.
 */
export type Tree =
  | Tensor
  | number
  | bigint
  | string
  | boolean
  | null
  | undefined
  | readonly Tree[]
  | { readonly [key: string]: Tree }

/** What JSON can say. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** A tree in two parts: tensors by name, and a text that says where they stand and what else there is. */
export interface Taken {
  readonly tensors: ReadonlyMap<string, AnyTensor>
  /** Undefined for an object of tensors with these names, which needs none. */
  readonly outline: string | undefined
}

/** More than any tree that is meant, and little enough for the stack. */
const deepest = 500

/** Names that a file has for something else. */
const reserved = '__metadata__'

/**
 * Takes a tree apart. A tensor is named by the keys on its way, with dots between them; a name that is taken already gets a
 * number.
 *
 * @throws ArgumentError for what cannot be saved, by its path
 */
export const takeApart = (owner: string, tree: unknown): Taken => {
  const tensors = new Map<string, AnyTensor>()
  const within = new Set<object>()
  const keys: (string | number)[] = []

  const nameOf = (): string => {
    const plain = wellFormed(keys.length === 0 ? 'tensor' : keys.join('.'))
    let name = plain
    for (let i = 2; tensors.has(name) || name === reserved; i++) name = `${plain}#${i}`
    return name
  }
  const step = (key: string | number, child: unknown): Json => {
    keys.push(key)
    const json = outlined(child)
    keys.pop()
    return json
  }
  const outlined = (thing: unknown): Json => {
    if (thing instanceof Tensor) {
      const name = nameOf()
      tensors.set(name, thing)
      return { $tensor: name }
    }
    const json = plainToJson(thing)
    if (json !== undefined) return json
    if (!Array.isArray(thing) && !isPlainObject(thing)) throw unsaved(owner, keys, thing)
    if (within.has(thing)) {
      throw new ArgumentError(
        `${owner}: the tree${formatPath(keys)} holds itself: it stands in that object or array already. Leave it out.`,
      )
    }
    if (keys.length >= deepest) {
      throw new ArgumentError(
        `${owner}: the tree${formatPath(keys).slice(0, 40)}... nests more than ${deepest} deep; is it a list that is linked? Make ` +
          'it an array.',
      )
    }
    requireNamed(owner, keys, thing)
    within.add(thing)
    const whole = Array.isArray(thing)
      ? Array.from(thing, (item: unknown, i) => step(i, item))
      : Object.fromEntries(Object.entries(thing).map(([key, item]) => [escaped(key), step(key, item)]))
    within.delete(thing)
    return whole
  }

  const outline = outlined(tree)
  return { tensors, outline: isFlat(tree, tensors) ? undefined : JSON.stringify(outline) }
}

/** Whether a tree is an object of these tensors by these names. */
const isFlat = (tree: unknown, tensors: ReadonlyMap<string, AnyTensor>): boolean =>
  isPlainObject(tree) && Object.entries(tree).every(([key, value]) => tensors.get(key) === value)

/**
 * The tree of which this is the outline.
 *
 * @param tensorOf the tensor of a name that the outline has
 * @throws FormatError for an outline that `takeApart` would not have written
 */
export const putTogether = (owner: string, outline: string, tensorOf: (name: string) => Tensor): Tree => {
  const refuse = (problem: string): never => {
    throw new FormatError(`${owner}: the outline of the tree in the metadata ${problem}; write the file anew.`)
  }
  // a tensor that stands in several places would take memory for each: what writes trees gives each its name
  const used = new Set<string>()
  const built = (json: Json, depth: number): Tree => {
    if (typeof json !== 'object' || json === null) return json
    if (depth > deepest) refuse(`nests more than ${deepest} deep`)
    if (Array.isArray(json)) return json.map((item) => built(item, depth + 1))
    const entries = Object.entries(json)
    const [tag, value] = entries[0] ?? ['', null]
    if (/^\$(?!\$)/.test(tag) && entries.length === 1) {
      if (tag === '$tensor' && typeof value === 'string') {
        if (used.has(value)) refuse(`has the tensor '${value}' in two places`)
        used.add(value)
        return tensorOf(value)
      }
      const plain = plainOfJson(tag, value)
      if (plain.known) return plain.value
    }
    for (const [key] of entries) if (/^\$(?!\$)/.test(key)) refuse(`says '${key}', which nothing here means`)
    return Object.fromEntries(entries.map(([key, item]) => [key.replace(/^\$/, ''), built(item, depth + 1)]))
  }
  // what nests deeply takes JSON.parse very long
  if (nestsMoreThan(outline, deepest + 1)) refuse(`nests more than ${deepest} deep`)
  let json: Json
  try {
    json = JSON.parse(outline) as Json
  } catch {
    return refuse('is no JSON')
  }
  return built(json, 0)
}

/** What begins with a dollar stands for something that JSON lacks; a key that does gets one more. */
const escaped = (key: string): string => (key.startsWith('$') ? `$${key}` : key)

const plainToJson = (thing: unknown): Json | undefined => {
  switch (typeof thing) {
    case 'number':
      return Number.isFinite(thing) && !Object.is(thing, -0)
        ? thing
        : { $number: Object.is(thing, -0) ? '-0' : String(thing) }
    case 'bigint':
      return { $bigint: String(thing) }
    case 'undefined':
      return { $undefined: '' }
    case 'string':
    case 'boolean':
      return thing
    default:
      return thing === null ? null : undefined
  }
}

type Plain = { readonly known: true; readonly value: Tree } | { readonly known: false }

const plainOfJson = (tag: string, value: Json): Plain => {
  const numbers = ['NaN', 'Infinity', '-Infinity', '-0']
  if (tag === '$undefined' && value === '') return { known: true, value: undefined }
  if (tag === '$number' && numbers.includes(value as string)) return { known: true, value: Number(value) }
  if (tag === '$bigint' && typeof value === 'string' && /^-?\d+$/.test(value)) {
    return { known: true, value: BigInt(value) }
  }
  return { known: false }
}

/** Throws for what would be left out: properties of symbols, and those of an array that are no items. */
const requireNamed = (owner: string, keys: readonly (string | number)[], thing: object): void => {
  const names = Object.keys(thing)
  const strays = [
    ...Object.getOwnPropertySymbols(thing).map(String),
    ...(Array.isArray(thing) && names.length > 0 && !Object.hasOwn(thing, names.length - 1)
      ? names.filter((name) => !/^\d+$/.test(name))
      : []),
  ]
  if (strays.length === 0) return
  throw new ArgumentError(
    `${owner}: the tree${formatPath(keys)} has a property ${strays[0]}, for which a file has no place: objects have strings as ` +
      'keys, and arrays have items. Leave it out.',
  )
}

const unsaved = (owner: string, keys: readonly (string | number)[], thing: unknown): ArgumentError => {
  const what = `${owner}: the tree${formatPath(keys)}`
  refuseForeignTensor(what, thing)
  const kind =
    typeof thing === 'object'
      ? `an instance of ${(thing as object).constructor?.name ?? 'no class'}`
      : typeof thing === 'function'
        ? 'a function'
        : `a ${typeof thing}`
  const remedy =
    typeof thing === 'object' && typeof (thing as Record<string, unknown>).stateDict === 'function'
      ? 'pass its stateDict()'
      : ArrayBuffer.isView(thing)
        ? 'make it a tensor: tensor(array)'
        : 'a file has tensors, numbers, strings, booleans, null, and arrays and plain objects of these: make it one of them'
  return new ArgumentError(`${what} is ${kind}; ${remedy}, or leave it out.`)
}

/** As text, `.layers[0].w`. */
const formatPath = (keys: readonly (string | number)[]): string =>
  keys
    .map((key) => (typeof key === 'number' ? `[${key}]` : /[.[]/.test(key) || key === '' ? `["${key}"]` : `.${key}`))
    .join('')

/** The text with a replacement for each half of a character that stands alone: files have UTF-8, which has none. */
const wellFormed = (text: string): string => new TextDecoder().decode(new TextEncoder().encode(text))

/** Made by `{}`, here or in another realm. */
export const isPlainObject = (thing: unknown): thing is Readonly<Record<string, unknown>> => {
  if (typeof thing !== 'object' || thing === null || Array.isArray(thing)) return false
  const prototype: unknown = Object.getPrototypeOf(thing)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}
