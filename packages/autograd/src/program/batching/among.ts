import type { Examples } from '../../graph/kernel.js'
import { BatchedValue, type Runner } from '../../graph/level.js'
import { rowOf, type Value } from '../../graph/value.js'
import type { BatchLevel } from './level.js'
import { openLevel } from './scope.js'

/** Examples along several axes, of which values are computed outside of all functions. */
export interface Among {
  /** How many there are in all. */
  readonly count: number
  /** Runs `f`, in which `one` stands for each example. */
  within<R>(f: () => R): R
  /** What stands for each example. */
  one(examples: Examples): Value
  /** All examples of what was computed, along all axes. */
  all(one: Value): Value
  /** One of the examples, by its number. */
  at(number: number, examples: Examples): Value
  /** Where an example is among the others, in words: '' if there is but one. */
  told(number: number): string
}

export const among = (sizes: readonly number[], backend: Runner): Among => {
  const levels = levelsOf(sizes, backend)
  const placesOf = (number: number): number[] =>
    sizes.reduceRight<{ rest: number; places: number[] }>(
      ({ rest, places }, size) => ({ rest: Math.floor(rest / size), places: [rest % size, ...places] }),
      { rest: number, places: [] },
    ).places
  return {
    count: sizes.reduce((count, size) => count * size, 1),
    within: (f) => (levels.length === 0 ? f() : levels.at(-1)!.within(f)),
    one: ({ value, has }) =>
      levels.reduce((all, level, i) => {
        if (!has[i]) return all
        return new BatchedValue({ shape: all.shape.slice(1), dtype: all.dtype }, level, all, false)
      }, value),
    all: (one) => levels.reduceRight((value, level) => level.allOf(backend, value), one),
    at: (number, { value, has }) =>
      placesOf(number).reduce((all, place, i) => (has[i] ? rowOf(all, place) : all), value),
    told: (number) => (sizes.length === 0 ? '' : ` for example ${placesOf(number).join(', ')}`),
  }
}

const levelsOf = ([size, ...others]: readonly number[], backend: Runner): readonly BatchLevel[] => {
  if (size === undefined) return []
  const level = openLevel(size, backend, 'different')
  return [level, ...level.within(() => levelsOf(others, backend))]
}
