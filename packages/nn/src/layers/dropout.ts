import {
  checker,
  DTypeError,
  elementwise,
  random as globalRandom,
  kinds,
  type Random,
  type ScalarFunction,
  type Shaped,
  type Tensor,
} from '@adjoint/autograd'
import { requireOption } from '../errors.js'
import * as kind from '../kinds.js'
import { Layer } from './layer.js'

/** How `Dropout` chooses. */
export interface DropoutOptions {
  /** Where the choice comes from. Default the global `random`. */
  readonly random?: Random
}

const takes = checker('Dropout', {
  p: kinds.optional(kind.numberAs('a probability from 0 to 1')),
  options: { random: kind.random },
})

/**
 * While training, sets each element to 0 with probability p, anew at each call, and scales the others by 1/(1 - p), so
 * that the expectation stays; in evaluation, x as it is (Srivastava et al., Dropout: a simple way to prevent neural
 * networks from overfitting, 2014).
 *
 * @throws OptionError unless p is from 0 to 1; DTypeError for x that are no floats
 * @example
 * const dropout = new Dropout(0.1)
 * dropout.forward(zeros([2, 3]))   // Tensor<[2, 3]>
 */
export class Dropout extends Layer {
  declare readonly out: Shaped<this['in']>
  /** The probability of an element to be set to 0. */
  readonly p: number
  /** Where the choice comes from. */
  readonly random: Random
  private readonly keep: (x: Tensor, keep: Tensor) => Tensor

  constructor(p = 0.5, options: DropoutOptions = {}) {
    takes(arguments)
    super()
    const { random = globalRandom } = options
    requireOption('Dropout', 'p', p, p >= 0 && p <= 1, 'a probability from 0 to 1')
    this.p = p
    this.random = random
    const scale = p === 1 ? 0 : 1 / (1 - p)
    // not x times a mask: where x is infinite, what is dropped would be NaN
    const keep: ScalarFunction<2> = (m, x, kept) => m.select(kept, m.mul(x, scale), 0)
    this.keep = elementwise('dropout', keep)
  }

  protected run(x: Tensor): Tensor {
    if (x.dtype !== 'float32' && x.dtype !== 'float64') {
      throw new DTypeError(
        `${this}: x is ${x}, and scaled integers would be rounded; cast it to 'float32' or 'float64'.`,
      )
    }
    if (!this.training || this.p === 0) return x
    return this.keep(x, this.random.bernoulli(x.shape, { p: 1 - this.p, dtype: x.dtype }))
  }

  protected override details(): string {
    return `${this.p}`
  }
}
