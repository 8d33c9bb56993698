import type { Random, Tensor } from '@adjoint/autograd'
import type { Batch, Batches, Resumable } from '@adjoint/nn'
import { pixels, side } from './mnist.js'

type Images = Tensor<[number, 784]>
type Labels = Tensor<[number]>
type Data = Iterable<Batch<Images, Labels>>

/**
 * The same batches with each moved by up to one pixel in a random direction. A network can learn images by heart, and then
 * reads others badly. One that never sees an image twice in the same place cannot.
 */
export class Shifted implements Data, Resumable {
  readonly length: number
  readonly random: Random
  readonly #data: Batches<Images, Labels>

  constructor(data: Batches<Images, Labels>, random: Random) {
    this.#data = data
    this.length = data.length
    this.random = random
  }

  [Symbol.iterator](): Iterator<Batch<Images, Labels>> {
    return this.from(0)[Symbol.iterator]()
  }

  /** The epoch that would begin now, without its first batches: where each is moved to is drawn here, at once. */
  from(batch: number): Data {
    const data = this.#data.from(batch)
    const shifts = [...this.random.uniform([this.length, 2], { high: 3, dtype: 'int32' }).data]
    return { [Symbol.iterator]: () => shifted(data, shifts.slice(2 * batch)) }
  }
}

function* shifted(data: Data, shifts: readonly number[]): Generator<Batch<Images, Labels>, void, undefined> {
  let i = 0
  for (const { x, ...rest } of data) yield { ...rest, x: shift(x, shifts[i++]!, shifts[i++]!) }
}

const shift = (images: Images, down: number, right: number): Images =>
  images
    .reshape([-1, side, side])
    .pad([
      [0, 0],
      [1, 1],
      [1, 1],
    ])
    .slice(1, down, down + side)
    .slice(2, right, right + side)
    .reshape([-1, pixels])
