import type { Tensor } from '@adjoint/autograd'
import { TrainingError } from '../errors.js'
import { isIterable } from '../kinds.js'
import type { Batch } from './batch.js'
import type { LastBatch } from './last-batch.js'
import { areMany, type Example, requireExample, stacked } from './values.js'

type Examples = Iterable<Example> | AsyncIterable<Example>

/** Examples that come one by one, or what gives them anew for each epoch. */
export type Stream = Examples | (() => Examples)

export const isStream = (thing: unknown): thing is Stream =>
  typeof thing === 'function' ||
  (isIterable(thing) && !Array.isArray(thing) && !areMany(thing) && !(thing instanceof Map))

const remedy = 'use { x, y } for each'

/** Batches of examples that are read as they come. */
export class BatchStream implements Iterable<Batch>, AsyncIterable<Batch> {
  readonly #examples: Stream
  readonly #batchSize: number
  readonly #lastBatch: LastBatch

  constructor(examples: Stream, batchSize: number, lastBatch: LastBatch) {
    this.#examples = examples
    this.#batchSize = batchSize
    this.#lastBatch = lastBatch
  }

  *[Symbol.iterator](): Generator<Batch, void, undefined> {
    const examples = this.#open()
    if (!(Symbol.iterator in examples)) {
      throw new TrainingError('batches: these examples are awaited; go through the batches by for await.')
    }
    const gathering = new Gathering(this.#batchSize, this.#lastBatch)
    for (const example of examples) {
      const batch = gathering.add(example)
      if (batch) yield batch
    }
    const batch = gathering.end()
    if (batch) yield batch
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
    const gathering = new Gathering(this.#batchSize, this.#lastBatch)
    for await (const example of this.#open()) {
      const batch = gathering.add(example)
      if (batch) yield batch
    }
    const batch = gathering.end()
    if (batch) yield batch
  }

  #open(): Examples {
    if (typeof this.#examples !== 'function') return this.#examples
    const examples: unknown = this.#examples()
    if (isIterable(examples)) return examples as Examples
    throw new TrainingError(
      'batches: the function of examples gives nothing to go through; return an iterable, or make it a generator function.',
    )
  }
}

/** Puts examples together until they are a batch. */
class Gathering {
  readonly #batchSize: number
  readonly #lastBatch: LastBatch
  /** Those that fill a last batch up. */
  readonly #first: Example[] = []
  #examples: Example[] = []
  #count = 0

  constructor(batchSize: number, lastBatch: LastBatch) {
    this.#batchSize = batchSize
    this.#lastBatch = lastBatch
  }

  add(given: unknown): Batch | undefined {
    const example = requireExample(given, this.#count++, remedy)
    if (this.#lastBatch === 'pad' && this.#first.length < this.#batchSize) this.#first.push(example)
    this.#examples.push(example)
    if (this.#examples.length < this.#batchSize) return undefined
    return this.#batch(this.#batchSize)
  }

  end(): Batch | undefined {
    const examples = this.#examples.length
    if (examples === 0 || this.#lastBatch === 'drop') return undefined
    if (this.#lastBatch === 'pad') {
      for (let i = 0; this.#examples.length < this.#batchSize; i++) {
        this.#examples.push(this.#first[i % this.#first.length]!)
      }
    }
    return this.#batch(examples)
  }

  #batch(examples: number): Batch {
    const all = this.#examples
    this.#examples = []
    const start = this.#count - examples
    const places = all.map((_, i) => (i < examples ? start + i : i - examples))
    return { ...(stacked(all, places) as { x: Tensor; y: Tensor }), examples }
  }
}
