import { checker } from '../../graph/arguments.js'
import { closest } from '../../graph/closest.js'
import { ArgumentError } from '../../graph/errors.js'
import { isPlainObject, shown } from '../../graph/words.js'
import * as kinds from '../../ops/kinds.js'
import type { Tensor } from '../../tensor/tensor.js'

/** A tensor to draw: its shape by the names of sizes, and what its elements may be. */
export interface TensorDescription {
  /**
   * The sizes of its axes with spaces between: `'b n d'`. The same name is the same size wherever it stands, a number is that
   * size, `''` a scalar. `'#n'` is n or 1, to be broadcast.
   */
  readonly shape: string
  /** Default `'float64'`, by which alone is differentiated. */
  readonly dtype?: 'float64' | 'int32' | 'bool'
  /** The least element. Default 4 less than `high`; -2 if neither is given, or 0 for int32. */
  readonly low?: number
  /** All elements are less. Default 4 more than `low`. For int32 it may be the name of a size: indices of that axis. */
  readonly high?: number | string
  /** No element is nearer to 0. Default 0. */
  readonly awayFromZero?: number
}

/** An input: a shape, of floats from -2 to 2, or more than that. */
export type Described = string | TensorDescription

/** Tensors for what is described. */
export type TensorsOf<Inputs extends readonly Described[]> = { -readonly [K in keyof Inputs]: Tensor }

/** By name a size, or the least and the greatest that it may have. */
export type Sizes = Readonly<Record<string, number | readonly [least: number, greatest: number]>>

export interface Axis {
  readonly name: string
  /** Whether it may be 1 instead. */
  readonly isBroadcast: boolean
}

export interface TensorLayout extends Required<Omit<TensorDescription, 'shape'>> {
  readonly axes: readonly Axis[]
}

/** The sizes that there are, and the tensors that have them. An axis that is a number has a size of that name. */
export interface Layout {
  readonly sizes: ReadonlyMap<string, readonly [least: number, greatest: number]>
  readonly tensors: readonly TensorLayout[]
}

const anySize = [1, 5] as const

const isSize = (thing: unknown): boolean => Number.isInteger(thing) && (thing as number) >= 0
const isRange = (thing: unknown): boolean =>
  Array.isArray(thing) && thing.length === 2 && thing.every(isSize) && thing[0] <= thing[1]

export const sizesKind = kinds.kind(
  'an object of sizes by name, each a number or the least and the greatest: { b: 2, n: [0, 5] }',
  (thing) => isPlainObject(thing) && Object.values(thing).every((size) => isSize(size) || isRange(size)),
)

export const inputsKind = kinds.kind("an array of shapes, also of one: ['b n', { shape: 'n', low: 0 }]", Array.isArray)

const description = {
  shape: kinds.required(kinds.string),
  dtype: kinds.oneOf('float64', 'int32', 'bool'),
  low: kinds.numberThat('a number that is finite', Number.isFinite),
  high: kinds.kind(
    'a number that is finite, or for int32 the name of a size',
    (thing) => Number.isFinite(thing) || typeof thing === 'string',
  ),
  awayFromZero: kinds.numberThat('a number of at least 0', (x) => x >= 0),
}

/** @throws ArgumentError for what describes no tensor, by `owner` and the place of the input. */
export const layoutOf = (owner: string, inputs: readonly Described[], given: Sizes): Layout => {
  const tensors = inputs.map((input, i) => tensorOf(`${owner}: inputs[${i}]`, input))
  const names = new Set(tensors.flatMap(({ axes }) => axes.map(({ name }) => name)))
  for (const name of Object.keys(given)) {
    if (names.has(name)) continue
    const meant = closest(name, names)
    throw new ArgumentError(
      `${owner}: sizes has ${name}, which is in no shape; ${meant === undefined ? 'leave it out' : `did you mean ${meant}?`}`,
    )
  }
  const rangeOf = (name: string) => {
    const size = Number.isNaN(Number(name)) ? (given[name] ?? anySize) : Number(name)
    return typeof size === 'number' ? ([size, size] as const) : size
  }
  const sizes = new Map([...names].map((name) => [name, rangeOf(name)]))
  for (const [i, { high, low }] of tensors.entries()) {
    const [least] = sizes.get(`${high}`) ?? []
    if (typeof high !== 'string' || (least !== undefined && least > low)) continue
    throw new ArgumentError(
      least === undefined
        ? `${owner}: inputs[${i}]: high is '${high}', which is in no shape; use the name of a size, or a number.`
        : `${owner}: inputs[${i}]: nothing is less than ${high} = ${least} and not less than ${low}; give sizes: { ${high}: [${low + 1}, ...] }.`,
    )
  }
  return { sizes, tensors }
}

const tensorOf = (what: string, input: Described): TensorLayout => {
  const given = typeof input === 'string' ? { shape: input } : input
  checker(what, { description })([given])
  const { shape, dtype = 'float64', awayFromZero = 0 } = given
  const axes = shape
    .split(' ')
    .filter((word) => word !== '')
    .map((word): Axis => {
      const [, broadcast, name] = /^(#?)([A-Za-z_]\w*|\d+)$/.exec(word) ?? []
      if (name !== undefined) return { name, isBroadcast: broadcast === '#' }
      throw new ArgumentError(
        `${what}: ${shown(word)} in ${shown(shape)} is no size; use names with spaces between: 'b n'.`,
      )
    })
  const isFloat = dtype === 'float64'
  if (!isFloat && awayFromZero > 0) throw refused(what, 'awayFromZero', dtype)
  if (dtype === 'bool' && (given.low !== undefined || given.high !== undefined))
    throw refused(what, 'low or high', dtype)
  const { low = typeof given.high === 'number' ? given.high - 4 : isFloat ? -2 : 0 } = given
  const { high = low + 4 } = given
  const isIndex = typeof high === 'string'
  if (isIndex && dtype !== 'int32') throw refused(what, `high: '${high}'`, dtype)
  const isWhole = isFloat || (Number.isInteger(low) && (isIndex || Number.isInteger(high)))
  const hasRoom = isIndex || Math.max(high - Math.max(low, awayFromZero), Math.min(high, -awayFromZero) - low) > 0
  if (isWhole && hasRoom) return { axes, dtype, low, high, awayFromZero }
  throw new ArgumentError(
    `${what}: no ${dtype} is from ${low} to ${high} and not nearer to 0 than ${awayFromZero}; choose bounds with room between them${isFloat ? '' : ', and integers'}.`,
  )
}

const refused = (what: string, option: string, dtype: string): ArgumentError =>
  new ArgumentError(`${what}: there is no ${option} of a ${dtype}; leave it out.`)
