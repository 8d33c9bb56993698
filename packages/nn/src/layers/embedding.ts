import {
  type CreateOptions,
  checker,
  DTypeError,
  defaultDType,
  random as globalRandom,
  IndexOutOfRangeError,
  type Random,
  type Shaped,
  type Tensor,
} from '@adjoint/autograd'
import { requireElements } from '../elements.js'
import { requireCount } from '../errors.js'
import { type Initializer, normal } from '../init.js'
import * as kind from '../kinds.js'
import { initial } from './initial.js'
import { Layer } from './layer.js'

/** How the rows of an `Embedding` begin. */
export interface EmbeddingOptions extends CreateOptions {
  /** The first rows. Default `normal()`: mean 0, standard deviation 1, as in PyTorch. */
  readonly init?: Initializer
  /** Default the global `random`. */
  readonly random?: Random
}

const takes = checker('Embedding', {
  count: kind.count,
  size: kind.count,
  options: { init: kind.initializer, ...kind.creation },
})

/**
 * A row of numbers to learn for each of `count` things: int32 indices [...] become [..., size].
 *
 * @throws OptionError for a size that is no positive integer; DTypeError for indices that are not int32;
 *   IndexOutOfRangeError for an index that is no row's: a negative one does not count from the end, unlike `indexSelect`'s
 * @example new Embedding(10, 3).forward(tensor([[1, 9], [0, 1]], { dtype: 'int32' }))   // Tensor<[2, 2, 3]>
 */
export class Embedding<N extends number, D extends number> extends Layer {
  declare readonly out: Rows<this['in'], D>
  /** How many things there are. */
  readonly count: N
  /** How many numbers each has. */
  readonly size: D
  /** The rows. */
  readonly weight: Tensor<[N, D]>

  constructor(count: N, size: D, options: EmbeddingOptions = {}) {
    takes(arguments)
    super()
    requireCount('Embedding', 'count', count)
    requireCount('Embedding', 'size', size)
    const { init = normal(), random = globalRandom, dtype = defaultDType() } = options
    this.count = count
    this.size = size
    this.weight = initial('Embedding', init, [count, size], { fanIn: count, fanOut: size, random, dtype })
  }

  protected run(indices: Tensor): Tensor {
    if (indices.dtype !== 'int32') {
      throw new DTypeError(
        `${this}: x is ${indices}; it must hold the numbers of rows, int32: tensor([...], { dtype: 'int32' }) or ` +
          "x.cast('int32').",
      )
    }
    // a negative one would count from the end: here it is a mark of padding, or a mistake
    requireElements(
      indices,
      (index) => index >= 0 && index < this.count,
      (index, place) =>
        new IndexOutOfRangeError(
          `${this}: index ${index} at ${place} of x is outside the ${this.count} rows; they go from 0 to ${this.count - 1}.`,
        ),
    )
    return this.weight.indexSelect(indices) as Tensor
  }

  protected override details(): string {
    return `${this.count}, ${this.size}`
  }
}

type Rows<S, D> = S extends readonly unknown[] ? Shaped<[...S, D]> : never
