import { elementwise, type ScalarFunction, type Shaped, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import type { Channels } from '../norms/rules.js'
import { Drop, type DropoutOptions, dropTakes } from './drop.js'

export type { DropoutOptions }

/** A dropout to 0: what stays is scaled, so that the expectation stays. */
abstract class DropToZero extends Drop {
  private readonly keep: (x: Tensor, keep: Tensor) => Tensor

  constructor(name: string, p: number, options: DropoutOptions, ranks?: readonly number[]) {
    super(name, p, options, ranks)
    const scale = p === 1 ? 0 : 1 / (1 - p)
    // not x times a mask: where x is infinite, what is dropped would be NaN
    const keep: ScalarFunction<2> = (m, x, kept) => m.select(kept, m.mul(x, scale), 0)
    this.keep = elementwise('dropout', keep)
  }

  protected dropped(x: Tensor, kept: Tensor): Tensor {
    return this.keep(x, kept)
  }
}

const takes = checker('Dropout', dropTakes)
const takes1d = checker('Dropout1d', dropTakes)
const takes2d = checker('Dropout2d', dropTakes)
const takes3d = checker('Dropout3d', dropTakes)

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
export class Dropout extends DropToZero {
  declare readonly out: Shaped<this['in']>

  constructor(p = 0.5, options: DropoutOptions = {}) {
    takes(arguments)
    super('Dropout', p, options)
  }
}

/**
 * While training, sets whole channels of [batch, channels, length] to 0, each of each example with probability p, and scales the
 * others by 1/(1 - p): neighbours in a channel are too alike to be dropped alone (Tompson et al., Efficient object
 * localization using convolutional networks, 2015).
 *
 * @throws as `Dropout`; ShapeError for another number of axes
 * @example
 * const dropped = new Dropout1d(0.5, { random: new Random(1) }).forward(ones([1, 4, 2]))
 * dropped.max(-1).sub(dropped.min(-1))   // [[0, 0, 0, 0]]
 */
export class Dropout1d extends DropToZero {
  declare readonly out: Channels<this['in'], number, 3>

  constructor(p = 0.5, options: DropoutOptions = {}) {
    takes1d(arguments)
    super('Dropout1d', p, options, [3])
  }
}

/**
 * As `Dropout1d`, of images: [batch, channels, height, width].
 *
 * @throws as `Dropout1d`
 * @example new Dropout2d(0.2).forward(zeros([2, 3, 4, 4]))   // Tensor<[2, 3, 4, 4]>
 */
export class Dropout2d extends DropToZero {
  declare readonly out: Channels<this['in'], number, 4>

  constructor(p = 0.5, options: DropoutOptions = {}) {
    takes2d(arguments)
    super('Dropout2d', p, options, [4])
  }
}

/**
 * As `Dropout1d`, of volumes: [batch, channels, depth, height, width].
 *
 * @throws as `Dropout1d`
 * @example new Dropout3d(0.2).forward(zeros([2, 3, 4, 4, 4]))   // Tensor<[2, 3, 4, 4, 4]>
 */
export class Dropout3d extends DropToZero {
  declare readonly out: Channels<this['in'], number, 5>

  constructor(p = 0.5, options: DropoutOptions = {}) {
    takes3d(arguments)
    super('Dropout3d', p, options, [5])
  }
}
