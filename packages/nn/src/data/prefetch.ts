import { type AnyTensor, kinds, type Random } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { requireCount, requireOption } from '../errors.js'
import * as kind from '../kinds.js'
import type { Batch, Data, Resumable } from './batch.js'
import { epochOf, lengthOf, randomOf } from './epoch.js'
import * as dataKind from './kinds.js'

type AnyBatch = Batch<AnyTensor, AnyTensor>

/** How far `prefetch` reads ahead. */
export interface PrefetchOptions {
  /** How many batches are read, or being read, while one is used. Default 2. */
  readonly ahead?: number
}

/** Batches that are read before they are asked for. */
export interface PrefetchedBatches<B extends AnyBatch> extends AsyncIterable<B>, Resumable {
  /** How many batches an epoch has, where the data says so. */
  readonly length?: number
  from(batch: number): AsyncGenerator<B, void, undefined>
}

const takes = checker('prefetch', { data: dataKind.data, options: { ahead: kind.count } })
const takesFrom = checker('PrefetchedBatches.from', { batch: kinds.count })

/**
 * The same batches in the same order, read ahead: while one is used, the next `ahead` are being fetched, so that files and
 * the network are waited for during training and not between its steps. It helps where reading waits; JavaScript computes
 * one thing at a time.
 *
 * What fails while it is read ahead fails where it would have been used, and nothing is read after it. Who leaves the loop
 * releases the data, as without `prefetch`.
 *
 * @throws OptionError for an `ahead` that is no positive integer
 * @example
 * const files = { length: 100, get: async (i: number) => ({ x: [i, i + 1], y: i }) }
 * const ready = prefetch(batches(files, { batchSize: 20 }), { ahead: 3 })
 * for await (const { x } of ready) console.log(x.shape)   // [20, 2]
 */
export function prefetch<B extends AnyBatch>(
  data: Iterable<B> | AsyncIterable<B>,
  options: PrefetchOptions = {},
): PrefetchedBatches<B> {
  takes(arguments)
  const { ahead = 2 } = options
  requireCount('prefetch', 'ahead', ahead)
  return new Prefetched<B>(data, ahead)
}

class Prefetched<B extends AnyBatch> implements PrefetchedBatches<B> {
  readonly random: Random | undefined
  declare readonly length?: number
  readonly #data: Data
  readonly #ahead: number

  constructor(data: Data, ahead: number) {
    this.#data = data
    this.#ahead = ahead
    this.random = randomOf(data)
    const length = lengthOf(data)
    if (length !== undefined) this.length = length
  }

  [Symbol.asyncIterator](): AsyncGenerator<B, void, undefined> {
    return this.from(0)
  }

  from(batch: number): AsyncGenerator<B, void, undefined> {
    takesFrom(arguments)
    requireOption('PrefetchedBatches.from', 'batch', batch, batch <= (this.length ?? batch), `at most ${this.length}`)
    return readAhead(epochOf(this.#data, batch) as AsyncIterator<B>, this.#ahead)
  }
}

async function* readAhead<B>(
  source: Iterator<B, void> | AsyncIterator<B, void>,
  ahead: number,
): AsyncGenerator<B, void, undefined> {
  const reading: Promise<IteratorResult<B, void>>[] = []
  let last: Promise<unknown> = Promise.resolve()
  let isOver = false
  const read = async (before: Promise<unknown>): Promise<IteratorResult<B, void>> => {
    // one after the other: not every iterator can be asked again before it has answered
    await before
    if (isOver) return { done: true, value: undefined }
    try {
      const result = await source.next()
      if (result.done) isOver = true
      return result
    } catch (error) {
      isOver = true
      throw error
    }
  }
  const readTo = (count: number): void => {
    while (!isOver && reading.length < count) {
      const next = read(last)
      // whoever comes to it is told what failed; until then nobody need hear of it
      last = next.catch(() => {})
      reading.push(next)
    }
  }
  try {
    for (;;) {
      readTo(1)
      const next = reading.shift()
      if (next === undefined) return
      const result = await next
      if (result.done) return
      readTo(ahead)
      yield result.value
    }
  } finally {
    if (!isOver) {
      isOver = true
      await source.return?.()
    }
  }
}
