import {
  type AnyTensor,
  arange,
  DTypeError,
  IndexOutOfRangeError,
  kinds,
  ShapeError,
  Tensor,
  where,
  zeros,
} from '@adjoint/autograd'
import { OptionError, requireCount } from '../../errors.js'
import { isObject } from '../../kinds.js'
import { formatShape, sameShape } from '../../shapes.js'
import { requireRoom } from './positions.js'

/** Keys and values of a sequence, projected and divided among heads: [..., heads, places, size]. */
export interface KeyValues {
  /** What queries are compared with. */
  readonly keys: Tensor
  /** What they find. */
  readonly values: Tensor
}

/**
 * The keys and values of a sequence so far, in room for more: a tree of tensors, which a forward takes and gives back with
 * those of its input added. It never changes: an earlier one may be continued in another way.
 */
export interface KeyValueCache extends KeyValues {
  /** How many places are taken: an int32 scalar, so that a compiled step is the same for each token. */
  readonly length: Tensor<[]>
}

const areTensors = (thing: unknown, names: readonly string[]): boolean =>
  isObject(thing) && names.every((name) => thing[name] instanceof Tensor) && Object.keys(thing).length === names.length

const isLength = ({ dtype, shape }: AnyTensor): boolean => dtype === 'int32' && shape.length === 0

/** What `cache()` of an attention gives. */
export const cacheKind = kinds.kind(
  'what cache(capacity) of this module gives, or a forward with one',
  (thing) => areTensors(thing, ['keys', 'values', 'length']) && isLength((thing as KeyValueCache).length),
)

/** What `project()` of an attention gives. */
export const keyValuesKind = kinds.kind('what project(key) of this module gives', (thing) =>
  areTensors(thing, ['keys', 'values']),
)

/** A cache for each layer of an encoder. */
export const cachesKind = kinds.kind(
  'an array of caches, one for each layer: cache(capacity) of this module gives it',
  (thing) => Array.isArray(thing) && thing.every((one) => cacheKind.accepts(one)),
)

/** What a decoder's layer keeps from token to token. */
export interface DecoderCache {
  /** Keys and values of the sequence so far. */
  readonly own: KeyValueCache
  /** Those of the memory, which stay. */
  readonly memory: KeyValues
}

/** What `cache()` of a decoder's layer gives. */
export const decoderCacheKind = kinds.kind(
  'what cache(memory, capacity) of this module gives, or a forward with one',
  (thing) => isObject(thing) && cacheKind.accepts(thing.own) && keyValuesKind.accepts(thing.memory),
)

/** A cache for each layer of a decoder. */
export const decoderCachesKind = kinds.kind(
  'an array of caches, one for each layer: cache(memory, capacity) of this module gives it',
  (thing) => Array.isArray(thing) && thing.every((one) => decoderCacheKind.accepts(one)),
)

/** Throws unless there is a cache for each layer. */
export const requireCaches = (owner: string, caches: readonly unknown[], layers: number): void => {
  if (caches.length === layers) return
  throw new OptionError(
    `${owner}: cache has ${caches.length} entries and there are ${layers} layers; pass what cache() of this module gives.`,
  )
}

/** A cache without keys. @param batch the axes before those of heads, places and sizes */
export const emptyCache = (
  owner: string,
  capacity: number,
  batch: readonly number[],
  { heads, size, dtype }: { readonly heads: number; readonly size: number; readonly dtype: Tensor['dtype'] },
): KeyValueCache => {
  requireCount(owner, 'capacity', capacity)
  const shape = [...batch, heads, capacity, size]
  return {
    keys: zeros(shape, { dtype }),
    values: zeros(shape, { dtype }),
    length: zeros([], { dtype: 'int32' }),
  }
}

/**
 * The cache with the keys and values of some more places.
 *
 * @throws IndexOutOfRangeError where they do not fit; ShapeError or DTypeError for a cache that was made for others
 */
export const appended = (owner: string, cache: KeyValueCache, { keys, values }: KeyValues): KeyValueCache => {
  const capacity = cache.keys.shape.at(-2)!
  const time = keys.shape.at(-2)!
  requireLike(owner, 'keys', cache.keys, keys)
  requireLike(owner, 'values', cache.values, values)
  requireRoom(
    cache.length,
    time,
    capacity,
    (length) =>
      new IndexOutOfRangeError(
        `${owner}: the cache has a capacity of ${capacity}, of which ${length} are taken, and ${time} more do not fit; make it ` +
          `with cache(${length + time}) or more.`,
      ),
  )
  // for each place, the number of the element that comes there: a choice, since that depends on no shape
  const number: Tensor = arange(capacity, { dtype: 'int32' }).sub(cache.length)
  const isNew = number.greaterEqual(0).logicalAnd(number.less(time)).expandDims(-1)
  const chosen = number.clamp(0, time - 1)
  const written = (before: Tensor, after: Tensor): Tensor =>
    where(isNew, time === 1 ? after : after.indexSelect(chosen, -2), before)
  return {
    keys: written(cache.keys, keys),
    values: written(cache.values, values),
    length: cache.length.add(time) as Tensor<[]>,
  }
}

const requireLike = (owner: string, name: string, cached: AnyTensor, { shape, dtype }: AnyTensor): void => {
  const wanted = [...shape.slice(0, -2), cached.shape.at(-2)!, shape.at(-1)!]
  if (cached.dtype !== dtype) {
    throw new DTypeError(
      `${owner}: ${name} of the cache are ${cached.dtype} and those of the input ${dtype}; cast the input, or make the ` +
        'module in another dtype.',
    )
  }
  if (sameShape(cached.shape, wanted)) return
  throw new ShapeError(
    `${owner}: ${name} of the cache have shape ${formatShape(cached.shape)}, and the input needs ${formatShape(wanted)}; make ` +
      `the cache with cache(capacity, ${formatShape(shape.slice(0, -3))}).`,
  )
}

/** bool [time or 1, capacity]: which places of a cache each of the latest `time` elements may see. */
export const visibleIn = ({ keys, length }: KeyValueCache, time: number, causal: boolean): Tensor => {
  const places: Tensor = arange(keys.shape.at(-2)!, { dtype: 'int32' })
  if (!causal) return places.less(length).expandDims(0)
  const latest: Tensor = arange(time, { dtype: 'int32' }).sub(time - 1)
  return places.lessEqual(latest.add(length).sub(1).expandDims(-1))
}
