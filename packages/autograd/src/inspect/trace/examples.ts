import { BatchedValue } from '../../graph/level.js'
import type { Value } from '../../graph/value.js'

// In a function that `vmap` maps, a tensor has the shape of one example. A trace shows all of them, along axes in front.

/** A value with the axes of its examples in front, and how many examples there are along each, the outermost first. */
interface Shown {
  readonly value: Value
  readonly examples: readonly number[]
}

const none: readonly number[] = []

/** How many examples a value stands for, by the functions that are mapped around it; none outside of such functions. */
export const examplesOf = (value: Value): readonly number[] =>
  value instanceof BatchedValue ? [...examplesOf(value.all), value.level.size] : none

/** All examples of a value. */
const shown = (value: Value): Shown => {
  if (!(value instanceof BatchedValue)) return { value, examples: none }
  const { level, areEqual, all } = value
  const { value: inside, examples } = shown(all)
  const whole = areEqual ? repeated(inside, examples.length, [level.size]) : inside
  return { value: whole, examples: [...examples, level.size] }
}

/** A value seen several times, along axes that are put in at a place. */
const repeated = (value: Value, at: number, sizes: readonly number[]): Value => ({
  ...value,
  shape: value.shape.toSpliced(at, 0, ...sizes),
  strides: value.strides.toSpliced(at, 0, ...sizes.map(() => 0)),
  shared: true,
})

/** A value with an axis in front for each of the examples, also where they have it in common. */
export const wholeValue = (value: Value, examples: readonly number[] = examplesOf(value)): Value => {
  if (examples.length === 0) return value
  const found = shown(value)
  const missing = examples.slice(found.examples.length)
  return missing.length === 0 ? found.value : repeated(found.value, found.examples.length, missing)
}
