import { random as globalRandom, Random, type RandomState } from '@adjoint/autograd'
import { StateDictError } from '../errors.js'
import { isObject } from '../kinds.js'
import type { Module } from '../module/module.js'

/** All generators that a training draws from, each once: the global one, and those that modules and data have as properties. */
export const generatorsOf = (model: Module, data: unknown, more: readonly Random[] = []): Random[] => {
  const held = [...model.modules(), data].flatMap((thing) => (isObject(thing) ? propertiesOf(thing) : []))
  return [...new Set([globalRandom, ...held, ...more])]
}

const propertiesOf = (thing: object): Random[] => {
  const own = Object.values(thing)
  // a getter of a class, as sources of data may have
  const random = (thing as { readonly random?: unknown }).random
  return [...own, random].filter((value) => value instanceof Random)
}

export const statesOf = (generators: readonly Random[]): RandomState[] => generators.map((each) => each.state())

/** @throws StateDictError for another number of generators */
export const restore = (generators: readonly Random[], states: readonly RandomState[]): void => {
  if (states.length !== generators.length) {
    throw new StateDictError(
      `the state is of a training with ${states.length} generators of random numbers, and this one has ${generators.length}; ` +
        'make model and data as they were made there.',
    )
  }
  generators.forEach((each, i) => {
    each.restore(states[i]!)
  })
}
