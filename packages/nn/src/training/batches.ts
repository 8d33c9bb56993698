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
} from '@adjoint/autograd'
import { checker } from '../checker.js'
import { OptionError, requireCount } from '../errors.js'
import * as kind from '../kinds.js'
import { formatShape } from '../shapes.js'

/** Some examples and their targets, along the first axis. */
export interface Batch<X extends AnyTensor = Tensor, Y extends AnyTensor = Tensor> {
  /** What the model is given. */
  readonly x: X
  /** What it should say. */
  readonly y: Y
}

/** How examples fall into batches. */
export interface BatchOptions<N extends number = number, D extends boolean = boolean> {
  /** Examples a batch. Default 32. */
  readonly batchSize?: N
  /** Draw a new order each time that the batches are gone through. Default false. */
  readonly shuffle?: boolean
  /** Where the order comes from. Default the global `random`. */
  readonly random?: Random
  /** Leave out a last batch that is smaller than the others. Default false. */
  readonly dropLast?: boolean & D
}

const takes = checker('batches', {
  x: kinds.tensor,
  y: kinds.tensor,
  options: { batchSize: kind.count, shuffle: kinds.boolean, random: kind.random, dropLast: kinds.boolean },
})

/**
 * The examples x and targets y in batches along the first axis, as often as they are gone through: each `for` loop is an
 * epoch, with a new order if they are shuffled.
 *
 * @throws ShapeError if x and y have different numbers of examples; OptionError for a batch size that is no positive
 *   integer, or that leaves no batch
 * @example
 * const data = batches(zeros([10, 3]), zeros([10]), { batchSize: 4, shuffle: true })
 * for (const { x, y } of data) console.log(x.shape, y.shape)   // [4, 3] [4], [4, 3] [4], [2, 3] [2]
 */
export function batches<X extends AnyTensor, Y extends AnyTensor, N extends number = 32, D extends boolean = false>(
  x: X,
  y: Arg<Y, Counted<X['shape'], Y['shape']>>,
  options?: BatchOptions<N, D>,
): Batches<
  Tensor<FirstDim<X['shape'], D extends true ? N : number>>,
  Tensor<FirstDim<Y['shape'], D extends true ? N : number>>
>
export function batches(x: Tensor, y: Tensor, options: BatchOptions = {}): Batches<Tensor, Tensor> {
  takes(arguments)
  return new Batches(x, y, options)
}

/** What `batches()` makes: batches that can be gone through any number of times. */
export class Batches<X extends AnyTensor = Tensor, Y extends AnyTensor = Tensor> implements Iterable<Batch<X, Y>> {
  /** Examples a batch. */
  readonly batchSize: number
  /** How many batches an epoch has. */
  readonly length: number
  /** How many examples there are. */
  readonly examples: number
  readonly #x: Tensor
  readonly #y: Tensor
  readonly #shuffle: boolean
  readonly #random: Random

  constructor(x: AnyTensor, y: AnyTensor, options: BatchOptions = {}) {
    takes(arguments)
    const { batchSize = 32, shuffle = false, random = globalRandom, dropLast = false } = options
    requireCount('batches', 'batchSize', batchSize)
    const [examples] = x.shape
    const [targets] = y.shape
    if (examples === undefined || examples !== targets) {
      throw new ShapeError(
        `batches: x ${formatShape(x.shape)} has ${examples ?? 'no'} examples and y ${formatShape(y.shape)} has ` +
          `${targets ?? 'no'}; the first axis counts the examples of both.`,
      )
    }
    this.length = dropLast ? Math.floor(examples / batchSize) : Math.ceil(examples / batchSize)
    if (this.length === 0) {
      throw new OptionError(
        `batches: ${examples} examples make no batch of ${batchSize}; use a smaller batchSize, or keep the last one.`,
      )
    }
    this.batchSize = batchSize
    this.examples = examples
    this.#x = x as Tensor
    this.#y = y as Tensor
    this.#shuffle = shuffle
    this.#random = random
  }

  *[Symbol.iterator](): Generator<Batch<X, Y>, void, undefined> {
    const order = this.#shuffle ? this.#random.permutation(this.examples) : undefined
    for (let i = 0; i < this.length; i++) {
      const start = i * this.batchSize
      const end = Math.min(start + this.batchSize, this.examples)
      const places = order?.slice(0, start, end)
      const take = (tensor: Tensor) =>
        places === undefined ? tensor.slice(0, start, end) : tensor.indexSelect(places, 0)
      yield { x: take(this.#x) as AnyTensor as X, y: take(this.#y) as AnyTensor as Y }
    }
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
