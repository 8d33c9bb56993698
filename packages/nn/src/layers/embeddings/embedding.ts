import type { Shaped, Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { Layer } from '../layer.js'
import {
  lookUp,
  type RowOptions,
  requireIndices,
  rowKinds,
  rowsOf,
  showSpecial,
  specialOf,
  tableTakes,
} from './rows.js'

/** How the rows of an `Embedding` begin, and which of them are special. */
export type EmbeddingOptions = RowOptions

const takes = checker('Embedding', { ...tableTakes, options: rowKinds })

/**
 * A row of numbers to learn for each of `count` things: int32 indices [...] become [..., size].
 *
 * @throws OptionError for a size that is no positive integer, and for a padding index that is no row's; DTypeError for indices
 *   that are not int32; IndexOutOfRangeError for an index that is no row's: a negative one does not count from the end, unlike
 *   `indexSelect`'s
 * @example new Embedding(10, 3).forward(tensor([[1, 9], [0, 1]], { dtype: 'int32' }))   // Tensor<[2, 2, 3]>
 * @example new Embedding(10, 2, { paddingIndex: 0 }).forward(tensor([0], { dtype: 'int32' }))   // [[0, 0]]
 */
export class Embedding<N extends number, D extends number> extends Layer {
  declare readonly out: Rows<this['in'], D>
  /** How many things there are. */
  readonly count: N
  /** How many numbers each has. */
  readonly size: D
  /** The row that stands for nothing, which is not trained; null for none. */
  readonly paddingIndex: number | null
  /** The greatest norm of what is looked up; null for any. */
  readonly maxNorm: number | null
  /** The p of that norm. */
  readonly order: number
  /** The rows. */
  readonly weight: Tensor<[N, D]>

  constructor(count: N, size: D, options: EmbeddingOptions = {}) {
    takes(arguments)
    super()
    const { paddingIndex, maxNorm, order } = specialOf('Embedding', count, size, options)
    this.count = count
    this.size = size
    this.paddingIndex = paddingIndex
    this.maxNorm = maxNorm
    this.order = order
    this.weight = rowsOf('Embedding', count, size, options, paddingIndex)
  }

  protected run(indices: Tensor): Tensor {
    requireIndices(this, indices, this.count)
    return lookUp(this.weight as unknown as Tensor, indices, this)
  }

  protected override details(): string {
    return `${this.count}, ${this.size}${showSpecial(this)}`
  }
}

type Rows<S, D> = S extends readonly unknown[] ? Shaped<[...S, D]> : never
