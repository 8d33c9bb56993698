import {
  elementwise,
  random as globalRandom,
  kinds,
  type Random,
  type ScalarFunction,
  type Shaped,
  type Tensor,
} from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requireOption } from '../../errors.js'
import * as kind from '../../kinds.js'
import { requireFloats } from '../dropouts/drop.js'
import { Layer } from '../layer.js'

/** How `RReLU` draws. */
export interface RReLUOptions {
  /** Where the slopes come from. Default the global `random`. */
  readonly random?: Random
}

const slopeKind = kinds.optional(kind.numberAs('a finite number'))
const takes = checker('RReLU', { lower: slopeKind, upper: slopeKind, options: { random: kind.random } })

const sloped: ScalarFunction<2> = (m, x, slope) => m.select(m.less(0, x), x, m.mul(slope, x))
const bySlope = elementwise('rrelu', sloped)

/**
 * x where it is positive, else slope * x: in training with a slope for each element that is drawn from lower (1/8 unless
 * given) to upper (1/3), anew at each call, and in evaluation with their mean (Xu et al., Empirical evaluation of rectified
 * activations in convolutional network, 2015).
 *
 * @throws OptionError unless lower and upper are finite numbers, and lower is not above upper; DTypeError for x that are no floats
 * @example new RReLU(0.1, 0.3).eval().forward(tensor([-5, 2]))   // [-1, 2]
 */
export class RReLU extends Layer {
  declare readonly out: Shaped<this['in']>
  /** The least slope. */
  readonly lower: number
  /** The greatest. */
  readonly upper: number
  /** Where the slopes come from. */
  readonly random: Random

  constructor(lower = 1 / 8, upper = 1 / 3, options: RReLUOptions = {}) {
    takes(arguments)
    super()
    const holds = Number.isFinite(lower) && Number.isFinite(upper) && lower <= upper
    requireOption(
      'RReLU',
      'lower and upper',
      `${lower} and ${upper}`,
      holds,
      'finite numbers, the first not above the second',
    )
    this.lower = lower
    this.upper = upper
    this.random = options.random ?? globalRandom
  }

  protected run(x: Tensor): Tensor {
    requireFloats(this, x)
    const { lower: low, upper: high } = this
    if (!this.training || low === high) return x.leakyRelu((low + high) / 2)
    return bySlope(x, this.random.uniform([...x.shape], { low, high, dtype: x.dtype }))
  }

  protected override details(): string {
    return `${this.lower}, ${this.upper}`
  }
}
