import { elementwise, type ScalarFunction, type Shaped, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import type { Channels } from '../norms/rules.js'
import { Drop, type DropoutOptions, dropTakes } from './drop.js'

/** What SELU approaches at negative numbers: minus its scale times its alpha. */
const lowest = -1.7580993408473766

/** A dropout to the least value of SELU, after which mean 0 and variance 1 are restored. */
abstract class DropToLowest extends Drop {
  private readonly keep: (x: Tensor, keep: Tensor) => Tensor

  constructor(name: string, p: number, options: DropoutOptions, ranks?: null) {
    super(name, p, options, ranks)
    const scale = p === 1 ? 0 : 1 / Math.sqrt((1 - p) * (1 + p * lowest * lowest))
    const shift = -scale * lowest * p
    const keep: ScalarFunction<2> = (m, x, kept) =>
      m.select(kept, m.add(m.mul(x, scale), shift), scale * lowest + shift)
    this.keep = elementwise('alphaDropout', keep)
  }

  protected dropped(x: Tensor, kept: Tensor): Tensor {
    return this.keep(x, kept)
  }
}

const takes = checker('AlphaDropout', dropTakes)
const takesFeature = checker('FeatureAlphaDropout', dropTakes)

/**
 * The dropout that goes with `SELU`: while training, sets each element to the least value of SELU, -1.758, with probability p,
 * and then scales and shifts all, so that mean 0 and variance 1 stay (Klambauer et al., Self-normalizing neural networks,
 * 2017). All are 0 for p = 1, and x is as it is in evaluation.
 *
 * @throws OptionError unless p is from 0 to 1; DTypeError for x that are no floats
 * @example new AlphaDropout(0.1).forward(zeros([2, 3]))   // Tensor<[2, 3]>
 */
export class AlphaDropout extends DropToLowest {
  declare readonly out: Shaped<this['in']>

  constructor(p = 0.5, options: DropoutOptions = {}) {
    takes(arguments)
    super('AlphaDropout', p, options)
  }
}

/**
 * As `AlphaDropout`, of whole channels of [batch, channels, ...].
 *
 * @throws as `AlphaDropout`; ShapeError for fewer than two axes
 * @example new FeatureAlphaDropout(0.1).forward(zeros([2, 3, 4]))   // Tensor<[2, 3, 4]>
 */
export class FeatureAlphaDropout extends DropToLowest {
  declare readonly out: Channels<this['in'], number, number>

  constructor(p = 0.5, options: DropoutOptions = {}) {
    takesFeature(arguments)
    super('FeatureAlphaDropout', p, options, null)
  }
}
