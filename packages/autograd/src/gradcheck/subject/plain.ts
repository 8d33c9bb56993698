import { ArgumentError, GradientError } from '../../graph/errors.js'
import { formatShape, type Shape, sameShape, sizeOf } from '../../graph/shape.js'
import { Place } from '../../graph/tree.js'
import { isPlainObject, shown } from '../../graph/words.js'
import { type Coordinates, coordinatesOf } from './coordinates.js'
import type { Precision } from './precision.js'

// Trees of plain numbers, for functions that know nothing of tensors.

/** What may stand in a tree of numbers and is passed on as it is. */
export type Passed = string | boolean | null | undefined | Int8Array | Uint8Array | Int32Array | Uint32Array

/** What is like the tree that it was made from. */
export interface PlainTree {
  readonly coordinates: Coordinates
  readonly point: Float64Array
  /** What its numbers can be: float32 in Float32Arrays, else float64. */
  readonly precisions: ReadonlySet<Precision>
  /** A tree that shares nothing with any other. */
  make(vector: Float64Array): unknown
  /** @throws GradientError for what is not like it, by its path. `what` gave it is for the complaint. */
  read(thing: unknown, what: string): Float64Array
}

const isFloats = (thing: unknown): thing is Float64Array | Float32Array =>
  thing instanceof Float64Array || thing instanceof Float32Array

const isList = (thing: unknown): thing is ArrayLike<unknown> =>
  Array.isArray(thing) || (ArrayBuffer.isView(thing) && !(thing instanceof DataView))

/** The shape of numbers in arrays of arrays, all of one length; null for what is not such. */
const shapeOf = (thing: unknown): Shape | null => {
  if (typeof thing === 'number') return []
  if (isFloats(thing)) return [thing.length]
  if (!Array.isArray(thing)) return null
  if (thing.length === 0) return [0]
  const shapes = thing.map((each) => (isFloats(each) ? null : shapeOf(each)))
  const [first] = shapes
  return first && shapes.every((shape) => shape !== null && sameShape(shape, first)) ? [thing.length, ...first] : null
}

const makeNumber = ([number]: Float64Array): unknown => number
const makeFloat64 = (numbers: Float64Array): unknown => numbers.slice()
const makeFloat32 = (numbers: Float64Array): unknown => Float32Array.from(numbers)
const makeLists = (numbers: Float64Array, [length, ...rest]: Shape): unknown => {
  if (rest.length === 0) return Array.from(numbers)
  const size = sizeOf(rest)
  return Array.from({ length: length! }, (_, i) => makeLists(numbers.subarray(i * size, (i + 1) * size), rest))
}

const makerOf = (thing: unknown): ((numbers: Float64Array, shape: Shape) => unknown) => {
  if (typeof thing === 'number') return makeNumber
  if (thing instanceof Float64Array) return makeFloat64
  return thing instanceof Float32Array ? makeFloat32 : makeLists
}

/** The elements of arrays of arrays in order. */
const flatten = (thing: unknown, path: string): number[] => {
  if (typeof thing === 'number') return [thing]
  if (!isList(thing)) throw new GradientError(`${path} is ${shown(thing)}, which is no number and no array of numbers.`)
  const parts: number[] = []
  for (let i = 0; i < thing.length; i++) {
    const part = thing[i]
    if (typeof part === 'number') parts.push(part)
    else parts.push(...flatten(part, `${path}[${i}]`))
  }
  return parts
}

/** Where arrays of arrays are given, they must be of the right shape; what is flat need only have as many elements. */
const readNumbers = (thing: unknown, path: string, shape: Shape, what: string): number[] => {
  const size = sizeOf(shape)
  if (thing === undefined || thing === null) {
    throw new GradientError(`${what} gave nothing for ${path}; give ${size === 1 ? 'a number' : `${size} numbers`}.`)
  }
  const numbers = flatten(thing, `${what} gave something else than numbers: ${path}`)
  const given = shapeOf(thing) ?? [numbers.length]
  const isFlat = given.length === 1 && numbers.length === size
  if (isFlat || sameShape(given, shape)) return numbers
  const [came, belongs] = [given, shape].map((each) =>
    each.length === 0 ? 'a number' : each.length === 1 ? `${each[0]} elements` : `shape ${formatShape(each)}`,
  )
  throw new GradientError(
    `${what} gave ${came} for ${path}, where ${belongs} ${/ele/.test(belongs!) ? 'belong' : 'belongs'}.`,
  )
}

/** A part of a tree: what makes it of a vector, and what puts the numbers of something like it into one. */
interface Part {
  readonly make: (vector: Float64Array) => unknown
  readonly read: (thing: unknown, into: Float64Array, by: string) => void
}

/**
 * Reads a tree of plain numbers.
 *
 * @param name what it is called in paths
 * @param what begins messages
 * @throws ArgumentError for what may hold numbers that cannot be varied
 */
export const plainTree = (tree: unknown, name: string, what: string): PlainTree => {
  const found: { path: string; shape: Shape; dtype: 'float64' }[] = []
  const point: number[] = []
  const precisions = new Set<Precision>()

  const numbersOf = (thing: unknown, path: string, shape: Shape): Part => {
    const make = makerOf(thing)
    const offset = point.length
    const end = offset + sizeOf(shape)
    precisions.add(thing instanceof Float32Array ? 'float32' : 'float64')
    found.push({ path, shape, dtype: 'float64' })
    for (const x of flatten(thing, path)) point.push(x)
    return {
      make: (vector) => make(vector.subarray(offset, end), shape),
      read: (given, into, by) => into.set(readNumbers(given, path, shape, by), offset),
    }
  }
  const partOf = (thing: unknown, place: Place): Part => {
    const path = `${name}${place}`
    const shape = shapeOf(thing)
    if (shape !== null) return numbersOf(thing, path, shape)
    if (isPassed(thing)) return passedOn(thing)
    if (!Array.isArray(thing) && !isPlainObject(thing)) {
      throw new ArgumentError(
        `${what}: ${path} is ${shown(thing)}; give numbers, arrays of numbers (of a tensor its data, as dataSync() gives it), ` +
          'or arrays and plain objects of these.',
      )
    }
    place.enter(thing, `${what}: ${name}`, ArgumentError)
    const before = found.length
    const parts = Object.entries(thing).map(([key, child]) => {
      const at = new Place(place, Array.isArray(thing) ? Number(key) : key, null)
      return [key, partOf(child, at)] as const
    })
    if (found.length === before) return passedOn(thing)
    return {
      make: (vector) => {
        const made = parts.map(([key, { make }]) => [key, make(vector)] as const)
        return Array.isArray(thing) ? made.map(([, part]) => part) : Object.fromEntries(made)
      },
      read: (given, into, by) => {
        if (typeof given !== 'object' || given === null) {
          throw new GradientError(`${by} gave ${shown(given)} for ${path}, where ${shown(thing)} belongs.`)
        }
        for (const [key, { read }] of parts) read((given as Record<string, unknown>)[key], into, by)
      },
    }
  }

  const whole = partOf(tree, new Place(null, null, null))
  const coordinates = coordinatesOf(found)
  const read = (thing: unknown, by: string): Float64Array => {
    const vector = new Float64Array(coordinates.size)
    whole.read(thing, vector, by)
    return vector
  }
  return { coordinates, point: Float64Array.from(point), precisions, make: whole.make, read }
}

const passedOn = (thing: unknown): Part => ({ make: () => thing, read: () => undefined })

/** What can hold nothing to differentiate by. */
const isPassed = (thing: unknown): boolean =>
  typeof thing !== 'function' && (typeof thing !== 'object' || thing === null || ArrayBuffer.isView(thing))
