import { localResponseNorm, type Shaped, ShapeError, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requireCount, requireOption, requirePositive } from '../../errors.js'
import * as kind from '../../kinds.js'
import { formatShape } from '../../shapes.js'
import { Layer } from '../layer.js'

/** The numbers in the formula of `LocalResponseNorm`. */
export interface LocalResponseNormOptions {
  /** The factor of the mean of the squares. Default 1e-4. */
  readonly alpha?: number
  /** The exponent. Default 0.75. */
  readonly beta?: number
  /** What is added to the mean. Default 1. */
  readonly k?: number
}

const takes = checker('LocalResponseNorm', {
  size: kind.count,
  options: {
    alpha: kind.numberAs('a finite number'),
    beta: kind.numberAs('a finite number'),
    k: kind.positive,
  },
})

/**
 * x / (k + alpha mean(x^2))^beta for x [batch, channels, ...], where the mean is of `size` neighbouring channels, zeros beyond
 * the first and the last (Krizhevsky et al., ImageNet classification with deep convolutional neural networks, 2012).
 *
 * @throws OptionError for a size that is no positive integer, and for a k that is not positive; ShapeError for fewer than two axes
 * @example new LocalResponseNorm(2, { alpha: 2, beta: 0.5, k: 1e-9 }).forward(tensor([[3, 4, 0]])).round()   // [[1, 1, 0]]
 */
export class LocalResponseNorm extends Layer {
  declare readonly out: this['in'] extends readonly unknown[]
    ? this['in']['length'] extends 0 | 1
      ? `expects [batch, channels, ...], got ${this['in']['length']} axes`
      : Shaped<this['in']>
    : never
  /** How many channels the mean is of. */
  readonly size: number
  /** The factor of the mean of the squares. */
  readonly alpha: number
  /** The exponent. */
  readonly beta: number
  /** What is added to the mean. */
  readonly k: number

  constructor(size: number, options: LocalResponseNormOptions = {}) {
    takes(arguments)
    super()
    const { alpha = 1e-4, beta = 0.75, k = 1 } = options
    requireCount('LocalResponseNorm', 'size', size)
    requireOption('LocalResponseNorm', 'alpha', alpha, Number.isFinite(alpha), 'a finite number')
    requireOption('LocalResponseNorm', 'beta', beta, Number.isFinite(beta), 'a finite number')
    requirePositive('LocalResponseNorm', 'k', k)
    this.size = size
    this.alpha = alpha
    this.beta = beta
    this.k = k
  }

  protected run(x: Tensor): Tensor {
    if (x.shape.length < 2) {
      throw new ShapeError(
        `${this}: expects [batch, channels, ...], got shape ${formatShape(x.shape)}; add axes with reshape().`,
      )
    }
    const { size, alpha, beta, k } = this
    return localResponseNorm(x, size, { alpha, beta, k })
  }

  protected override details(): string {
    return `${this.size}`
  }
}
