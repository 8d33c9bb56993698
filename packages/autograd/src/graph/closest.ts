import { checked } from './arguments.js'
import * as kinds from './kinds.js'
import { nearest } from './nearest.js'

const words = kinds.kind('words, such as an array of strings', (thing) => {
  const isIterable = typeof thing === 'object' && thing !== null && Symbol.iterator in thing
  return isIterable && [...(thing as Iterable<unknown>)].every((word) => typeof word === 'string')
})

/**
 * The candidate nearest to a word, the first of equals; undefined if there is none within `most` changes of letters.
 *
 * @example closest('encodr.bias', ['encoder.bias', 'encoder.weight'])   // 'encoder.bias'
 */
export const closest = checked(
  'closest',
  { word: kinds.string, candidates: words, most: kinds.optional(kinds.amount) },
  nearest,
)
