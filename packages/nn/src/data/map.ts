import { type AnyTensor, random as globalRandom, kinds, type Random } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { OptionError, requireOption, TrainingError } from '../errors.js'
import * as kind from '../kinds.js'
import { isObject } from '../kinds.js'
import type { Batch, Data, Resumable } from './batch.js'
import { epochOf, lengthOf, randomOf } from './epoch.js'
import * as dataKind from './kinds.js'

type AnyBatch = Batch<AnyTensor, AnyTensor>

/** What a function gave, of which as many examples count as before. */
type Counted<B> = B & Pick<AnyBatch, 'examples'>

/** Where the generators of `mapBatches` come from. */
export interface MapOptions {
  /** Default the one that the data draws from; where it draws nothing, the global `random`. */
  readonly random?: Random
}

/** Batches that are computed from others as they are read. */
export interface MappedBatches<B extends AnyBatch> extends AsyncIterable<B>, Resumable {
  /** How many batches an epoch has, where the data says so. */
  readonly length?: number
  readonly random: Random
  from(batch: number): AsyncGenerator<B, void, undefined>
}

const takes = checker('mapBatches', {
  data: dataKind.data,
  change: kinds.function,
  options: { random: kind.random },
})
const takesFrom = checker('MappedBatches.from', { batch: kinds.count })

/**
 * Batches, each changed by a function as it is read: augmentation, or whatever else is not computed before. The function is
 * given a batch and a generator of its own for what it draws. An epoch draws one number at its start, and from that follow
 * the generators of all its batches, so that a training can be resumed in the middle of it. `fit` and `for await` wait for
 * a function that gives promises.
 *
 * @throws OptionError for a generator beside data that draws from another; TrainingError where the function gives no batch
 * @example
 * const blurred = mapBatches(data, ({ x, y }, random) => ({ x: x.add(random.normal(x.shape)), y }))
 * for (const { x } of blurred) console.log(x.shape)   // [10, 4]
 */
export function mapBatches<A extends AnyBatch, B extends AnyBatch>(
  data: Iterable<A>,
  change: (batch: A, random: Random) => B,
  options?: MapOptions,
): MappedBatches<Counted<B>> & Iterable<Counted<B>>
export function mapBatches<A extends AnyBatch, B extends AnyBatch>(
  data: Iterable<A> | AsyncIterable<A>,
  change: (batch: A, random: Random) => B | Promise<B>,
  options?: MapOptions,
): MappedBatches<Counted<B>>
export function mapBatches(
  data: Data,
  change: (batch: never, random: Random) => unknown,
  options: MapOptions = {},
): MappedBatches<AnyBatch> & Iterable<AnyBatch> {
  takes(arguments)
  const own = randomOf(data)
  if (own !== undefined && options.random !== undefined && options.random !== own) {
    throw new OptionError(
      'mapBatches: random is given, and the data draws from another generator; leave it out, or give both the same.',
    )
  }
  const length = lengthOf(data)
  return new Mapped(data, change, own ?? options.random ?? globalRandom, ...(length === undefined ? [] : [length]))
}

class Mapped implements MappedBatches<AnyBatch>, Iterable<AnyBatch> {
  readonly random: Random
  declare readonly length?: number
  readonly #data: Data
  readonly #change: (batch: never, random: Random) => unknown

  constructor(data: Data, change: (batch: never, random: Random) => unknown, random: Random, length?: number) {
    this.#data = data
    this.#change = change
    this.random = random
    if (length !== undefined) this.length = length
  }

  [Symbol.iterator](): Generator<AnyBatch, void, undefined> {
    const data = this.#data
    if (!(Symbol.iterator in data)) {
      throw new TrainingError('mapBatches: these batches are awaited; go through them by for await.')
    }
    return this.#now(data[Symbol.iterator](), this.random.split())
  }

  [Symbol.asyncIterator](): AsyncGenerator<AnyBatch, void, undefined> {
    return this.from(0)
  }

  from(batch: number): AsyncGenerator<AnyBatch, void, undefined> {
    takesFrom(arguments)
    requireOption('MappedBatches.from', 'batch', batch, batch <= (this.length ?? batch), `at most ${this.length}`)
    const batches = epochOf(this.#data, batch)
    const random = this.random.split()
    for (let i = 0; i < batch; i++) random.split()
    return this.#later(batches, random)
  }

  *#now(batches: Iterator<AnyBatch>, random: Random): Generator<AnyBatch, void, undefined> {
    for (const batch of { [Symbol.iterator]: () => batches }) {
      const changed = this.#change(batch as never, random.split())
      if (changed instanceof Promise) {
        changed.catch(() => {})
        throw new TrainingError('mapBatches: the function gives promises; go through the batches by for await.')
      }
      yield checked(batch, changed)
    }
  }

  async *#later(
    batches: Iterator<unknown> | AsyncIterator<unknown>,
    random: Random,
  ): AsyncGenerator<AnyBatch, void, undefined> {
    for await (const batch of iterable(batches)) {
      yield checked(batch as AnyBatch, await this.#change(batch as never, random.split()))
    }
  }
}

const iterable = (iterator: Iterator<unknown> | AsyncIterator<unknown>): AsyncIterable<unknown> | Iterable<unknown> =>
  Symbol.asyncIterator in iterator
    ? { [Symbol.asyncIterator]: () => iterator as AsyncIterator<unknown> }
    : { [Symbol.iterator]: () => iterator as Iterator<unknown> }

/** What became of a batch, of which as many examples count as before. */
const checked = (batch: AnyBatch, changed: unknown): AnyBatch => {
  if (!dataKind.batch.accepts(changed)) {
    const what = isObject(changed) ? 'an object that is no batch' : String(changed)
    throw new TrainingError(`mapBatches: the function gives ${what}; return ${dataKind.batch.wanted}.`)
  }
  const { examples } = batch
  const result = changed as AnyBatch
  if (examples === undefined || result.examples !== undefined) return result
  const [before, after] = [batch.x.shape[0], result.x.shape[0]]
  if (before === after) return { ...result, examples }
  if (examples === before) return result
  throw new TrainingError(
    `mapBatches: ${examples} of ${before} examples of a batch count, and the function gives ${after}; say how many of ` +
      'these count: return { x, y, examples }.',
  )
}
