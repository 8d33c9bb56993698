import {
  type AnyTensor,
  type Arg,
  random as globalRandom,
  kinds,
  type MayEqual,
  type Random,
  type Shaped,
  ShapeError,
  type ShowDim,
  type Tensor,
  tensor,
} from '@adjoint/autograd'
import { checker } from '../checker.js'
import { OptionError, requireCount, requireOption } from '../errors.js'
import * as kind from '../kinds.js'
import { formatShape } from '../shapes.js'
import type { Batch, Resumable } from './batch.js'
import { type LastBatch, lastBatch } from './last-batch.js'

/** How examples fall into batches. */
export interface BatchOptions<N extends number = number, L extends LastBatch = LastBatch> {
  /** Examples a batch. Default 32. */
  readonly batchSize?: N
  /** Draw a new order each time that the batches are gone through. Default false. */
  readonly shuffle?: boolean
  /** Where the order comes from. Default the global `random`. */
  readonly random?: Random
  /**
   * What becomes of a last batch that is smaller than the others: 'keep' it; 'drop' it; or 'pad' it with examples from the
   * beginning of the order, so that all batches have one shape and what is compiled is traced once. The batch then says by
   * `examples` how many count: `evaluate` measures no others, training takes its step with all of them. Default 'keep'.
   */
  readonly lastBatch?: L
}

const takes = checker('batches', {
  x: kinds.tensor,
  y: kinds.tensor,
  options: { batchSize: kind.count, shuffle: kinds.boolean, random: kind.random, lastBatch },
})
const takesFrom = checker('Batches.from', { batch: kinds.count })

/**
 * The examples x and targets y in batches along the first axis, as often as they are gone through: each `for` loop is an
 * epoch, with a new order if they are shuffled.
 *
 * @throws ShapeError if x and y have different numbers of examples, or none; OptionError for a batch size that is no
 *   positive integer, or that leaves no batch, and for a generator of batches that are not shuffled
 * @example
 * const data = batches(zeros([10, 3]), zeros([10]), { batchSize: 4, shuffle: true })
 * for (const { x, y } of data) console.log(x.shape, y.shape)   // [4, 3] [4], [4, 3] [4], [2, 3] [2]
 */
export function batches<X extends AnyTensor, Y extends AnyTensor, N extends number = 32, L extends LastBatch = 'keep'>(
  x: X,
  y: Arg<Y, Counted<X['shape'], Y['shape']>>,
  options?: BatchOptions<N, L>,
): Batches<
  Tensor<FirstDim<X['shape'], L extends 'keep' ? number : N>>,
  Tensor<FirstDim<Y['shape'], L extends 'keep' ? number : N>>
>
export function batches(x: Tensor, y: Tensor, options: BatchOptions = {}): Batches<Tensor, Tensor> {
  takes(arguments)
  return new Batches(x, y, options)
}

/** What `batches()` makes: batches that can be gone through any number of times. */
export class Batches<X extends AnyTensor = Tensor, Y extends AnyTensor = Tensor>
  implements Iterable<Batch<X, Y>>, Resumable
{
  /** Examples a batch. */
  readonly batchSize: number
  /** How many batches an epoch has. */
  readonly length: number
  /** How many examples there are. */
  readonly examples: number
  /** What the order is drawn from; undefined unless it is shuffled. */
  readonly random: Random | undefined
  readonly #x: Tensor
  readonly #y: Tensor
  readonly #pads: boolean

  constructor(x: AnyTensor, y: AnyTensor, options: BatchOptions = {}) {
    takes(arguments)
    const { batchSize = 32, shuffle, random, lastBatch = 'keep' } = options
    requireCount('batches', 'batchSize', batchSize)
    const [examples] = x.shape
    const [targets] = y.shape
    if (examples === undefined || examples !== targets) {
      throw new ShapeError(
        `batches: x ${formatShape(x.shape)} has ${examples ?? 'no'} examples and y ${formatShape(y.shape)} has ` +
          `${targets ?? 'no'}; the first axis counts the examples of both.`,
      )
    }
    if (examples === 0) {
      throw new ShapeError(`batches: x ${formatShape(x.shape)} has no examples; give at least one.`)
    }
    if (random !== undefined && shuffle === undefined) {
      throw new OptionError('batches: random is given, and nothing to draw; add shuffle: true, or leave it out.')
    }
    this.length = lastBatch === 'drop' ? Math.floor(examples / batchSize) : Math.ceil(examples / batchSize)
    if (this.length === 0) {
      throw new OptionError(
        `batches: ${examples} examples make no batch of ${batchSize}; use a smaller batchSize, or keep the last one.`,
      )
    }
    this.batchSize = batchSize
    this.examples = examples
    this.random = shuffle ? (random ?? globalRandom) : undefined
    this.#x = x as Tensor
    this.#y = y as Tensor
    this.#pads = lastBatch === 'pad'
  }

  /** One epoch. Its order is drawn here, at once, not as its first batch is read. */
  [Symbol.iterator](): Generator<Batch<X, Y>, void, undefined> {
    return this.from(0)[Symbol.iterator]()
  }

  /**
   * One epoch without its first batches, for a training that is resumed in the middle of it. Its order is drawn here, at
   * once: with the generator in the state that it had as the epoch began, it is the same order.
   *
   * @param batch how many batches to leave out
   * @throws OptionError if there are fewer
   */
  from(batch: number): { [Symbol.iterator](): Generator<Batch<X, Y>, void, undefined> } {
    takesFrom(arguments)
    requireOption('Batches.from', 'batch', batch, batch <= this.length, `an integer from 0 to ${this.length}`)
    const order = this.random?.permutation(this.examples)
    return { [Symbol.iterator]: () => this.#read(order, batch) }
  }

  *#read(order: Tensor<[number]> | undefined, first: number): Generator<Batch<X, Y>, void, undefined> {
    for (let i = first; i < this.length; i++) {
      const start = i * this.batchSize
      const end = Math.min(start + this.batchSize, this.examples)
      const count = end - start
      const places = this.#pads && count < this.batchSize ? this.#padded(order, start) : order?.slice(0, start, end)
      const take = (tensor: Tensor) =>
        places === undefined ? tensor.slice(0, start, end) : tensor.indexSelect(places, 0)
      yield { x: take(this.#x) as AnyTensor as X, y: take(this.#y) as AnyTensor as Y, examples: count }
    }
  }

  /** The places of a full batch, of which some are those that the order begins with. */
  #padded(order: Tensor<[number]> | undefined, start: number): Tensor<[number]> {
    const places = Int32Array.from({ length: this.batchSize }, (_, i) => (start + i) % this.examples)
    return order === undefined ? tensor(places) : order.indexSelect(tensor(places), 0)
  }
}

type FirstDim<S, N extends number> = S extends readonly [unknown, ...infer Rest] ? [N, ...Rest] : number[]

type Counted<X, Y> = X extends readonly [infer N, ...unknown[]]
  ? Y extends readonly [infer M, ...unknown[]]
    ? MayEqual<N, M> extends true
      ? Shaped<Y>
      : `batches: x has ${ShowDim<N>} examples and y has ${ShowDim<M>}`
    : Shaped<Y>
  : Shaped<Y>
