import {
  type CreateOptions,
  checker,
  defaultDType,
  elementwise,
  kinds,
  layerNorm,
  ones,
  parameter,
  type ScalarFunction,
  type Tensor,
  zeros,
} from '@adjoint/autograd'
import { requireCount, requireOption } from '../errors.js'
import * as kind from '../kinds.js'
import { requireFeatures } from './features.js'
import { type LastAxis, Layer } from './layer.js'

/** How `LayerNorm` divides, and what it is made of. */
export interface LayerNormOptions extends CreateOptions {
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number
}

const affine: ScalarFunction<3> = (m, x, scale, shift) => m.add(m.mul(x, scale), shift)
const scaled = elementwise('layerNorm.affine', affine)

const takes = checker('LayerNorm', {
  features: kind.count,
  options: { epsilon: kind.numberAs('a small positive number'), dtype: kinds.dtype },
})

/**
 * Each line along the last axis with mean 0 and variance 1, times `scale`, which starts as ones, plus `shift`, which starts
 * as zeros (Ba et al., Layer normalization, 2016).
 *
 * @throws OptionError for a number of features that is no positive integer, and for an epsilon that is not positive;
 *   ShapeError for x with other than `features` features
 * @example new LayerNorm(4).forward(zeros([2, 3, 4]))   // Tensor<[2, 3, 4]>
 */
export class LayerNorm<N extends number> extends Layer {
  declare readonly out: LastAxis<this['in'], N, N>
  /** How long a line is. */
  readonly features: N
  /** What is added to the variance. */
  readonly epsilon: number
  /** What a normalized line is multiplied by. */
  readonly scale: Tensor<[N]>
  /** What is added to it then. */
  readonly shift: Tensor<[N]>

  constructor(features: N, options: LayerNormOptions = {}) {
    takes(arguments)
    super()
    const { epsilon = 1e-5, dtype = defaultDType() } = options
    requireCount('LayerNorm', 'features', features)
    requireOption(
      'LayerNorm',
      'epsilon',
      epsilon,
      epsilon > 0 && epsilon < Number.POSITIVE_INFINITY,
      'a small positive number',
    )
    this.features = features
    this.epsilon = epsilon
    this.scale = parameter(ones([features], { dtype }))
    this.shift = parameter(zeros([features], { dtype }))
  }

  protected run(x: Tensor): Tensor {
    requireFeatures(this, this.features, x)
    const { epsilon, scale, shift } = this
    return scaled(layerNorm(x, { epsilon }), scale as Tensor, shift as Tensor)
  }

  protected override details(): string {
    return `${this.features}`
  }
}
