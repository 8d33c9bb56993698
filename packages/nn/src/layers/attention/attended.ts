import { eye, ShapeError, scaledDotProductAttention, type Tensor } from '@adjoint/autograd'
import { OptionError } from '../../errors.js'
import { formatShape } from '../../shapes.js'
import type { Dropout } from '../dropouts/dropout.js'
import { distanceBias } from './alibi.js'
import { attend, divided, joined } from './attend.js'
import { appended, type KeyValueCache, type KeyValues, visibleIn } from './cache.js'
import { type MaskOptions, masked, requireKeyMask, requireMask } from './masks.js'
import type { RotaryPositions } from './rotary.js'
import { requireTimed } from './timed.js'

/** How queries attend. */
export interface AttendOptions<C extends KeyValueCache | undefined = KeyValueCache | undefined> extends MaskOptions {
  /**
   * Keys and values of the places before: those of the input are added, and the result is `{ output, cache }`. Keys of masks are
   * then the places of the cache, all of them.
   */
  readonly cache?: C
  /** Keys and values that `project()` has made, in the place of key and value. */
  readonly memory?: KeyValues
}

/** What comes of an input, and the cache for the next. */
export interface Continued<Y, Next> {
  /** What comes of the input. */
  readonly output: Y
  /** With the keys and values of the input. */
  readonly cache: Next
}

/** With the next cache, if there was one before. */
export type WithCache<Y, C, Next = KeyValueCache> = C extends undefined ? Y : Continued<Y, Next>

/** What an attention computes with, its sizes unknown to the compiler. */
export interface Parts {
  readonly features: number
  readonly heads: number
  readonly keyHeads: number
  readonly query: Projection
  readonly key: Projection
  readonly value: Projection
  readonly output: Projection
  readonly dropout: Dropout
  readonly rotary: RotaryPositions<number> | null
  readonly slopes: Tensor | null
}
interface Projection {
  readonly inputs: number
  forward(x: Tensor): Tensor
}

const keysOf = ({ key: layer, keyHeads, rotary }: Parts, key: Tensor, offset: number | Tensor): Tensor => {
  requireTimed('MultiheadAttention', 'key', layer.inputs, key)
  const keys = divided(layer.forward(key), keyHeads)
  return rotary?.forward(keys, { offset }) ?? keys
}

/** Keys and values, divided among heads. @param offset the position of the first */
export const projected = (attention: Parts, key: Tensor, value: Tensor, offset: number | Tensor): KeyValues => {
  const keys = keysOf(attention, key, offset)
  requireTimed('MultiheadAttention', 'value', attention.value.inputs, value)
  return { keys, values: divided(attention.value.forward(value), attention.keyHeads) }
}

/** What queries find, and the next cache if there was one. */
export const attended = (
  attention: Parts,
  query: Tensor,
  key: Tensor | undefined,
  value: Tensor | undefined,
  options: AttendOptions,
): Tensor | Continued<Tensor, KeyValueCache> => {
  if (key !== undefined || value !== undefined) refuseMemory(options, 'key and value')
  const project = (offset: number | Tensor) => projected(attention, key ?? query, value ?? key ?? query, offset)
  const { queries, all, next, mask, causal } = gathered(attention, query, options, project)
  const found = attend(queries, all, { mask, causal }, attention.dropout)
  const output = attention.output.forward(joined(found))
  return next === undefined ? output : { output, cache: next }
}

/** How much each query takes of each key. */
export const weighed = (attention: Parts, query: Tensor, key: Tensor | undefined, options: AttendOptions): Tensor => {
  if (key !== undefined) refuseMemory(options, 'key')
  const project = (offset: number | Tensor): KeyValues => {
    const keys = keysOf(attention, key ?? query, offset)
    return { keys, values: keys }
  }
  const { queries, all, mask, causal } = gathered(attention, query, options, project)
  // each value is 1 in a place of its own
  const values: Tensor = eye(all.keys.shape.at(-2)!, { dtype: queries.dtype }).expandDims(0)
  const settings = { causal, groupedQueries: true }
  return scaledDotProductAttention(queries, all.keys, values, mask === undefined ? settings : { ...settings, mask })
}

const refuseMemory = ({ memory }: AttendOptions, inputs: string): void => {
  if (memory === undefined) return
  throw new OptionError(`MultiheadAttention: memory is in the place of ${inputs}; leave one of them out.`)
}

/** What queries see: keys and values, with those of a cache, and one mask of all that are there. */
const gathered = (
  attention: Parts,
  query: Tensor,
  options: AttendOptions,
  project: (offset: number | Tensor) => KeyValues,
) => {
  const { mask, keyMask, causal = false, cache, memory } = options
  const { heads, rotary, slopes } = attention
  if (cache !== undefined) refuseMemory(options, 'a cache')
  requireTimed('MultiheadAttention', 'query', attention.features, query)
  const offset = cache?.length ?? 0
  const unturned = divided(attention.query.forward(query), heads)
  const queries: Tensor = rotary?.forward(unturned, { offset }) ?? unturned
  const own = memory ?? project(offset)
  requireFit(attention, query, own)
  const time = query.shape.at(-2)!
  if (cache !== undefined && own.keys.shape.at(-2) !== time) {
    throw new ShapeError(
      `MultiheadAttention: a cache grows by the keys of its queries, and there are ${time} queries and ` +
        `${own.keys.shape.at(-2)} keys; use a memory, project(key), for what is always the same.`,
    )
  }
  const next = cache === undefined ? undefined : appended('MultiheadAttention', cache, own)
  const all = next ?? own
  const places = all.keys.shape.at(-2)!
  const batch = query.shape.slice(0, -2)
  if (mask !== undefined) requireMask('MultiheadAttention', 'mask', mask, { batch, heads, queries: time, keys: places })
  if (keyMask !== undefined) {
    requireKeyMask('MultiheadAttention', 'keyMask', keyMask, [...all.keys.shape.slice(0, -3), places])
  }
  const visible = next === undefined ? undefined : visibleIn(next, time, causal)
  const bias = slopes === null ? undefined : distanceBias(slopes, offset, time, places, queries.dtype)
  const seen = masked(visible, keyMask as Tensor | undefined, mask as Tensor | undefined, bias)
  return { queries, all, next, mask: seen, causal: causal && next === undefined }
}

/** Throws unless the axes of keys before time are those of queries, or stretch to them; and lengths are the same. */
const requireFit = (attention: Parts, query: Tensor, { keys, values }: KeyValues): void => {
  const batch = query.shape.slice(0, -2)
  for (const [name, x] of [['keys', keys] as const, ['values', values] as const]) {
    const given = x.shape.slice(0, -3)
    const fit =
      given.length <= batch.length && given.every((size, i) => size === 1 || size === batch.at(i - given.length))
    if (!fit) {
      throw new ShapeError(
        `MultiheadAttention: ${name} are for a batch ${formatShape(given)}, and queries have shape ${formatShape(query.shape)}, ` +
          `a batch ${formatShape(batch)}; make them the same, or stretch the queries with broadcastTo.`,
      )
    }
    if (x.shape.at(-3) !== attention.keyHeads) {
      throw new ShapeError(
        `MultiheadAttention: ${name} have ${x.shape.at(-3)} heads, and this module ${attention.keyHeads}; project them with it.`,
      )
    }
  }
  if (keys.shape.at(-2) !== values.shape.at(-2)) {
    throw new ShapeError(
      `MultiheadAttention: there are ${keys.shape.at(-2)} keys and ${values.shape.at(-2)} values; give each key its value.`,
    )
  }
}
