import type { Data } from '../data/batch.js'
import { epochOf } from '../data/epoch.js'
import type { Module } from '../module/module.js'
import { generatorsOf, restore, statesOf } from './generators.js'

/** Runs a synchronous call whose draws do not count for others. */
export type Aside = <R>(call: () => R) => R

/**
 * Lets calls draw from generators where those are now, one call after the other, and puts them back after each: what goes on
 * between the calls draws as if they were not made. The generators are the global one, that of the data, and those that
 * modules have as properties.
 */
export const createAside = (model: Module, data: Data): Aside => {
  const generators = generatorsOf(model, data)
  let own = statesOf(generators)
  return (call) => {
    const others = statesOf(generators)
    restore(generators, own)
    try {
      return call()
    } finally {
      own = statesOf(generators)
      restore(generators, others)
    }
  }
}

/** Data that is read aside: its draws as it begins, and those up to where it awaits something. */
export const readAside = (data: Data, aside: Aside): AsyncIterable<unknown> => ({
  [Symbol.asyncIterator]: () => {
    const iterator = aside(() => epochOf(data, 0))
    return {
      next: async () => aside(() => iterator.next()),
      return: async () => {
        await iterator.return?.()
        return { done: true, value: undefined }
      },
    }
  },
})
