import { random as globalRandom, Random } from '@adjoint/autograd'
import type { Data } from '../data/batch.js'
import { epochOf, randomOf } from '../data/epoch.js'
import type { Module } from '../module/module.js'

/** Runs a synchronous call whose draws do not count for others. */
export type Aside = <R>(call: () => R) => R

/**
 * Lets calls draw from generators where those are now, one call after the other, and puts them back after each: what goes on
 * between the calls draws as if they were not made. The generators are the global one, that of the data, and those that
 * modules have as properties.
 */
export const createAside = (model: Module, data: Data): Aside => {
  const held = model.modules().flatMap((module) => Object.values(module).filter((value) => value instanceof Random))
  const ofData = randomOf(data)
  const generators = [...new Set([globalRandom, ...held, ...(ofData === undefined ? [] : [ofData])])]
  let own = generators.map((each) => each.state())
  return (call) => {
    const others = generators.map((each) => each.state())
    generators.forEach((each, i) => {
      each.restore(own[i]!)
    })
    try {
      return call()
    } finally {
      own = generators.map((each) => each.state())
      generators.forEach((each, i) => {
        each.restore(others[i]!)
      })
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
