import {
  type AnyTensor,
  type Arg,
  random as globalRandom,
  kinds,
  type MayEqual,
  type Random,
  type Shaped,
  type ShowDim,
  type Tensor,
  type TypedArray,
  tensor,
} from '@adjoint/autograd'
import { checker } from '../checker.js'
import { OptionError, requireCount, requireOption, TrainingError } from '../errors.js'
import * as kind from '../kinds.js'
import type { Batch, Resumable } from './batch.js'
import { type Dataset, isDataset, type Rows, rowsOf, rowsOfTensors } from './dataset.js'
import { type LastBatch, lastBatch } from './last-batch.js'
import { BatchStream, isStream, type Stream } from './stream.js'
import { areMany, asTensor, type Example, many, type Nested, type Values } from './values.js'

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

const options = { batchSize: kind.count, shuffle: kinds.boolean, random: kind.random, lastBatch }
const takesPair = checker('batches', { x: many, y: many, options })
const takesExamples = checker('batches', {
  examples: kinds.kind(
    'tensors or arrays x and y, an array of examples { x, y }, a dataset { length, get }, or an iterable of examples',
    (thing) => isDataset(thing) || Array.isArray(thing) || isStream(thing),
  ),
  options,
})
const takesFrom = checker('Batches.from', { batch: kinds.count })

/**
 * Examples in batches, as often as they are gone through: each `for` loop is an epoch, with a new order if they are
 * shuffled. The examples are one of these:
 *
 * - x and y, tensors, typed arrays or nested arrays of numbers: examples and targets along the first axis;
 * - an array of examples `{ x, y }`, without that axis, or a dataset `{ length, get(place) }` of them; where `get` gives
 *   promises, the batches are gone through by `for await`, as `fit` and `evaluate` do;
 * - an iterable or async iterable of examples, which is read as it goes, or a function that gives one for each epoch: a
 *   generator alone can be read only once. They come in the order that they have.
 *
 * @throws ShapeError if x and y have different numbers of examples, or none, and, as batches are read, for examples of
 *   different shapes or dtypes in one; OptionError for a batch size that is no positive integer, or that leaves no batch,
 *   and for a generator of batches that are not shuffled; TrainingError for data without examples, and for what is none
 * @example
 * const data = batches(zeros([10, 3]), zeros([10]), { batchSize: 4, shuffle: true })
 * for (const { x, y } of data) console.log(x.shape, y.shape)   // [4, 3] [4], [4, 3] [4], [2, 3] [2]
 * @example
 * const squares = { length: 100, get: (i: number) => ({ x: [i], y: [i * i] }) }
 * const [first] = batches(squares, { batchSize: 3 })
 * first.y   // [[0], [1], [4]]
 */
export function batches(x: Numbers, y: AnyTensor | Numbers, options?: BatchOptions): Batches
export function batches(x: AnyTensor, y: Numbers, options?: BatchOptions): Batches
export function batches(examples: Dataset | readonly Example[], options?: BatchOptions): Batches
export function batches(
  examples: Iterable<Example> | (() => Iterable<Example>),
  options?: StreamOptions,
): Iterable<Batch> & AsyncIterable<Batch>
export function batches(
  examples: AsyncIterable<Example> | (() => AsyncIterable<Example>),
  options?: StreamOptions,
): AsyncIterable<Batch>
// last, as the compiler shows what it says
/** Examples x and targets y in batches along the first axis, of shapes that the compiler knows; see the other forms. */
export function batches<X extends AnyTensor, Y extends AnyTensor, N extends number = 32, L extends LastBatch = 'keep'>(
  x: X,
  y: Arg<Y, Counted<X['shape'], Y['shape']>>,
  options?: BatchOptions<N, L>,
): Batches<
  Tensor<FirstDim<X['shape'], L extends 'keep' ? number : N>>,
  Tensor<FirstDim<Y['shape'], L extends 'keep' ? number : N>>
>
export function batches(...args: readonly unknown[]): Batches | BatchStream {
  if (args.length > 0 && isStream(args[0]) && !areMany(args[1])) {
    takesExamples(args)
    return streamOf(args[0], args[1] as BatchOptions | undefined)
  }
  return new Batches(...(args as ConstructorParameters<typeof Batches>))
}

/** Numbers along an axis of examples. */
type Numbers = TypedArray | readonly Nested[]

/** How examples that come one by one fall into batches. */
export type StreamOptions = Pick<BatchOptions, 'batchSize' | 'lastBatch'>

const streamOf = (examples: Stream, given: BatchOptions = {}): BatchStream => {
  const { batchSize = 32, lastBatch = 'keep', shuffle, random } = given
  requireCount('batches', 'batchSize', batchSize)
  if (shuffle || random !== undefined) {
    throw new OptionError(
      'batches: examples that come one by one keep their order; put them into an array to shuffle them, or shuffle where ' +
        'they come from, and leave shuffle and random out.',
    )
  }
  return new BatchStream(examples, batchSize, lastBatch)
}

/** What `batches()` makes: batches that can be gone through any number of times. */
export class Batches<X extends AnyTensor = Tensor, Y extends AnyTensor = Tensor>
  implements Iterable<Batch<X, Y>>, AsyncIterable<Batch<X, Y>>, Resumable
{
  /** Examples a batch. */
  readonly batchSize: number
  /** How many batches an epoch has. */
  readonly length: number
  /** How many examples there are. */
  readonly examples: number
  /** What the order is drawn from; undefined unless it is shuffled. */
  readonly random: Random | undefined
  readonly #rows: Rows
  readonly #pads: boolean

  constructor(x: Values, y: Values, options?: BatchOptions)
  constructor(examples: Dataset | readonly Example[], options?: BatchOptions)
  constructor(...args: readonly unknown[]) {
    const [rows, options] = read(args)
    const { batchSize = 32, shuffle, random, lastBatch = 'keep' } = options
    requireCount('batches', 'batchSize', batchSize)
    if (random !== undefined && shuffle === undefined) {
      throw new OptionError('batches: random is given, and nothing to draw; add shuffle: true, or leave it out.')
    }
    const { length: examples } = rows
    this.length = lastBatch === 'drop' ? Math.floor(examples / batchSize) : Math.ceil(examples / batchSize)
    if (this.length === 0) {
      throw new OptionError(
        `batches: ${examples} examples make no batch of ${batchSize}; use a smaller batchSize, or keep the last one.`,
      )
    }
    this.batchSize = batchSize
    this.examples = examples
    this.random = shuffle ? (random ?? globalRandom) : undefined
    this.#rows = rows
    this.#pads = lastBatch === 'pad'
  }

  /** One epoch. Its order is drawn here, at once, not as its first batch is read. */
  [Symbol.iterator](): Generator<Batch<X, Y>, void, undefined> {
    return this.from(0)[Symbol.iterator]()
  }

  /** The same for `for await`, which waits for examples that are promised. */
  [Symbol.asyncIterator](): AsyncGenerator<Batch<X, Y>, void, undefined> {
    return this.from(0)[Symbol.asyncIterator]()
  }

  /**
   * One epoch without its first batches, for a training that is resumed in the middle of it. Its order is drawn here, at
   * once: with the generator in the state that it had as the epoch began, it is the same order.
   *
   * @param batch how many batches to leave out
   * @throws OptionError if there are fewer
   */
  from(batch: number): Epoch<X, Y> {
    takesFrom(arguments)
    requireOption('Batches.from', 'batch', batch, batch <= this.length, `an integer from 0 to ${this.length}`)
    const order = this.random?.permutation(this.examples)
    return {
      [Symbol.iterator]: () => this.#now(order, batch),
      [Symbol.asyncIterator]: () => this.#later(order, batch),
    }
  }

  *#now(order: Order, first: number): Generator<Batch<X, Y>, void, undefined> {
    for (let i = first; i < this.length; i++) {
      const batch = this.#at(order, i)
      if (!(batch instanceof Promise)) yield batch
      else {
        batch.catch(() => {})
        throw new TrainingError(
          'batches: get of the dataset gives promises; go through the batches by for await, as fit and evaluate do.',
        )
      }
    }
  }

  async *#later(order: Order, first: number): AsyncGenerator<Batch<X, Y>, void, undefined> {
    for (let i = first; i < this.length; i++) yield await this.#at(order, i)
  }

  #at(order: Order, i: number): Batch<X, Y> | Promise<Batch<X, Y>> {
    const start = i * this.batchSize
    const end = Math.min(start + this.batchSize, this.examples)
    const examples = end - start
    const pads = this.#pads && examples < this.batchSize
    const pair = this.#rows.take(start, end, pads ? this.#padded(order, start) : order?.slice(0, start, end))
    const counted = (pair: { x: Tensor; y: Tensor }) => ({ ...pair, examples }) as Batch as Batch<never, never>
    return pair instanceof Promise ? pair.then(counted) : counted(pair)
  }

  /** The places of a full batch, of which some are those that the order begins with. */
  #padded(order: Order, start: number): Tensor<[number]> {
    const places = Int32Array.from({ length: this.batchSize }, (_, i) => (start + i) % this.examples)
    return order === undefined ? tensor(places) : order.indexSelect(tensor(places), 0)
  }
}

type Order = Tensor<[number]> | undefined

/** Batches of one epoch. */
interface Epoch<X extends AnyTensor, Y extends AnyTensor> {
  [Symbol.iterator](): Generator<Batch<X, Y>, void, undefined>
  [Symbol.asyncIterator](): AsyncGenerator<Batch<X, Y>, void, undefined>
}

const read = (args: readonly unknown[]): readonly [rows: Rows, options: BatchOptions] => {
  const [first, second] = args
  const isPair = areMany(second) || (areMany(first) && !Array.isArray(first))
  if (!isPair || isDataset(first)) {
    takesExamples(args)
    return [rowsOf(first as Dataset), (second ?? {}) as BatchOptions]
  }
  takesPair(args)
  return [rowsOfTensors(asTensor(args[0] as Values), asTensor(args[1] as Values)), (args[2] ?? {}) as BatchOptions]
}

type FirstDim<S, N extends number> = S extends readonly [unknown, ...infer Rest] ? [N, ...Rest] : number[]

type Counted<X, Y> = X extends readonly [infer N, ...unknown[]]
  ? Y extends readonly [infer M, ...unknown[]]
    ? MayEqual<N, M> extends true
      ? Shaped<Y>
      : `batches: x has ${ShowDim<N>} examples and y has ${ShowDim<M>}`
    : Shaped<Y>
  : Shaped<Y>
