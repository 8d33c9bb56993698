import { type Random, stack, type Tensor } from '@adjoint/autograd'
import type { Batch, Resumable } from '@adjoint/nn'
import type { Digits } from '../data/mnist.js'

/** Images [members, batchSize, 784] and labels [members, batchSize]. */
export type Own = Batch<Tensor<[number, number, 784]>, Tensor<[number, number]>>

/** Batches [members, batchSize, 784]: every member sees the same images in an order of its own. */
export class OwnOrders implements Iterable<Own>, Resumable {
  readonly length: number
  readonly random: Random
  readonly #digits: Digits
  readonly #members: number
  readonly #batchSize: number

  constructor(digits: Digits, members: number, batchSize: number, random: Random) {
    this.#digits = digits
    this.#members = members
    this.#batchSize = batchSize
    this.random = random
    this.length = Math.floor(digits.labels.size / batchSize)
  }

  [Symbol.iterator](): Iterator<Own> {
    return this.from(0)[Symbol.iterator]()
  }

  /** The epoch that would begin now, without its first batches: all orders are drawn here, at once. */
  from(batch: number): Iterable<Own> {
    const examples = this.#digits.labels.size
    const orders = stack(Array.from({ length: this.#members }, () => this.random.permutation(examples)))
    return { [Symbol.iterator]: () => this.#read(orders, batch) }
  }

  *#read(orders: Tensor, first: number): Generator<Own, void, undefined> {
    const { images, labels } = this.#digits
    const [members, size] = [this.#members, this.#batchSize]
    for (let i = first; i < this.length; i++) {
      const places = orders.slice(1, i * size, (i + 1) * size).reshape([members * size])
      yield {
        x: images.indexSelect(places, 0).reshape([members, size, 784]),
        y: labels.indexSelect(places, 0).reshape([members, size]),
      }
    }
  }
}
