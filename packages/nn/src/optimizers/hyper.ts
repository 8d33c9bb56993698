import { type Kind, kinds } from '@adjoint/autograd'
import { requireOption } from '../errors.js'

/** A number that an optimizer steps by, or two that belong together. */
export type HyperValue = number | readonly [number, number]

/** What a hyperparameter may be. */
export interface HyperSpec {
  /** What each number is asked to be, as messages say it. */
  readonly wanted: string
  /** Whether a number is so. */
  readonly holds: (value: number) => boolean
  /** The value where none is given; one without it has to be given. */
  readonly preset: HyperValue | undefined
  /** What rules call the two numbers of a pair. */
  readonly parts?: readonly [string, string]
}

/** Hyperparameters by name. */
export type HyperTable = { readonly [name: string]: HyperSpec }

const finite = (holds: (value: number) => boolean) => (value: number) => Number.isFinite(value) && holds(value)

/** A number of at least 0. */
export const amount = (preset?: number): HyperSpec => ({
  wanted: 'a number of at least 0',
  holds: finite((value) => value >= 0),
  preset,
})

/** A number of at most 1. */
export const atMostOne = (preset: number): HyperSpec => ({
  wanted: 'a number of at most 1',
  holds: finite((value) => value <= 1),
  preset,
})

/** How much of a running mean is kept. */
export const fraction = (preset?: number): HyperSpec => ({
  wanted: 'a number from 0 up to but not including 1',
  holds: (value) => value >= 0 && value < 1,
  preset,
})

/** Two numbers, each of which is as `each` says. */
export const pair = (
  parts: readonly [string, string],
  each: HyperSpec,
  preset?: readonly [number, number],
): HyperSpec => ({ ...each, preset, parts })

/** What the option of this hyperparameter takes. */
export const kindOf = ({ wanted, parts, preset }: HyperSpec): Kind => {
  const kind =
    parts === undefined
      ? kinds.kind(wanted, (thing) => typeof thing === 'number')
      : kinds.kind(`two numbers, each ${wanted}`, isPair)
  return preset === undefined ? kinds.required(kind) : kind
}

const isPair = (thing: unknown): boolean =>
  Array.isArray(thing) && thing.length === 2 && thing.every((each) => typeof each === 'number')

/** Throws an OptionError unless a value is in the range of a hyperparameter. */
export const requireHyper = (owner: string, name: string, { wanted, holds }: HyperSpec, value: HyperValue): void => {
  if (typeof value === 'number') requireOption(owner, name, value, holds(value), wanted)
  else for (const [i, each] of value.entries()) requireOption(owner, `${name}[${i}]`, each, holds(each), wanted)
}

/** The numbers of a value, by what rules call them. */
export const partsOf = (name: string, { parts }: HyperSpec, value: HyperValue): [part: string, number: number][] =>
  typeof value === 'number' ? [[name, value]] : parts!.map((part, i) => [part, value[i]!])
