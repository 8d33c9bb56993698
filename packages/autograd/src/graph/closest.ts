import { checked } from './arguments.js'
import { ArgumentError } from './errors.js'
import * as kinds from './kinds.js'
import { nearest } from './nearest.js'
import { shown } from './words.js'

const iterable = /* @__PURE__ */ kinds.kind(
  'words, such as an array of strings',
  (thing) => typeof thing === 'object' && thing !== null && Symbol.iterator in thing,
)

/**
 * The candidate nearest to a word, the first of equals; undefined if there is none within `most` changes of letters.
 *
 * @example closest('encodr.bias', ['encoder.bias', 'encoder.weight'])   // 'encoder.bias'
 */
export const closest = /* @__PURE__ */ checked(
  'closest',
  { word: kinds.string, candidates: iterable, most: /* @__PURE__ */ kinds.optional(kinds.amount) },
  (word: string, candidates: Iterable<string>, most?: number): string | undefined => {
    const words = [...candidates]
    if (!kinds.strings.accepts(words)) throw new ArgumentError(`closest: candidates are ${shown(words)}; use strings.`)
    return nearest(word, words, most)
  },
)
