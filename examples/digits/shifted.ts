import type { Random, Tensor } from '@adjoint/autograd'
import type { Batch } from '@adjoint/nn'
import { pixels, side } from '../data/mnist.js'

type Images = Tensor<[number, 784]>

/**
 * The same batches with each moved by up to one pixel in a random direction. Ten thousand images are few: a network can
 * learn them by heart, and then reads others badly. One that never sees an image twice in the same place cannot.
 */
export class Shifted implements Iterable<Batch<Images, Tensor<[number]>>> {
  readonly #data: Iterable<Batch<Images, Tensor<[number]>>>
  readonly #random: Random
  readonly length: number

  constructor(data: Iterable<Batch<Images, Tensor<[number]>>> & { readonly length: number }, random: Random) {
    this.#data = data
    this.#random = random
    this.length = data.length
  }

  *[Symbol.iterator](): Generator<Batch<Images, Tensor<[number]>>> {
    for (const { x, y } of this.#data) yield { x: this.#shift(x), y }
  }

  #shift(images: Images): Images {
    const offset = () => Math.floor(3 * this.#random.number())
    const [down, right] = [offset(), offset()]
    return images
      .reshape([-1, side, side])
      .pad([
        [0, 0],
        [1, 1],
        [1, 1],
      ])
      .slice(1, down, down + side)
      .slice(2, right, right + side)
      .reshape([-1, pixels])
  }
}
