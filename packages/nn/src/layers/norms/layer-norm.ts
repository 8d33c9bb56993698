import { defaultDType, kinds, layerNorm, ones, type Tensor, zeros } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { scaleAndShift, type TorchLayout } from '../../state/torch.js'
import { Layer } from '../layer.js'
import {
  type AxesNormOptions,
  axesNormTakes,
  type Features,
  type LastAxes,
  lastAxes,
  type PerFeature,
  perFeature,
  requireLast,
  showFeatures,
  sizesOf,
} from './axes.js'
import { requireEpsilon, requireFor, scaled } from './rules.js'

/** How `LayerNorm` divides, and what it is made of. */
export interface LayerNormOptions extends AxesNormOptions {
  /** Whether to add `shift`, which is trained. Default as `affine`. */
  readonly bias?: boolean
}

const takes = checker('LayerNorm', {
  ...axesNormTakes,
  options: { ...axesNormTakes.options, bias: kinds.boolean },
})

/**
 * The last axis, or the last axes together, with mean 0 and variance 1, times `scale`, which starts as ones, plus `shift`,
 * which starts as zeros: (x - mean) / sqrt(variance + epsilon) * scale + shift (Ba et al., Layer normalization, 2016).
 *
 * @throws OptionError for features that are no positive integers, an epsilon that is not positive, and a bias without `affine`;
 *   ShapeError for x with other features
 * @example new LayerNorm(4).forward(zeros([2, 3, 4]))   // Tensor<[2, 3, 4]>
 * @example new LayerNorm([2, 2], { affine: false }).forward(tensor([[1, 3], [3, 1]])).round()   // [[-1, 1], [1, -1]]
 */
export class LayerNorm<const F extends Features> extends Layer {
  declare readonly out: LastAxes<this['in'], F>
  /** The size of the last axis, or the sizes of the last axes. */
  readonly features: F
  /** What is added to the variance. */
  readonly epsilon: number
  /** What is multiplied by, of the shape of the features; null without `affine`. */
  readonly scale: PerFeature<F> | null
  /** What is added then, of the shape of the features; null without `affine` or `bias`. */
  readonly shift: PerFeature<F> | null

  constructor(features: F, options: LayerNormOptions = {}) {
    takes(arguments)
    super()
    const { epsilon = 1e-5, affine = true, bias = affine, dtype = defaultDType() } = options
    const sizes = sizesOf('LayerNorm', features)
    requireEpsilon('LayerNorm', epsilon)
    requireFor('LayerNorm', 'bias', bias, 'affine: true', affine)
    this.features = (typeof features === 'number' ? features : sizes) as F
    this.epsilon = epsilon
    this.scale = affine ? perFeature<F>(ones(sizes, { dtype })) : null
    this.shift = bias ? perFeature<F>(zeros(sizes, { dtype })) : null
  }

  protected run(x: Tensor): Tensor {
    const sizes = [this.features].flat() as number[]
    requireLast(this, sizes, x)
    const values = layerNorm(x, { axes: lastAxes(sizes), epsilon: this.epsilon })
    return scaled(values, this.scale as Tensor | null, this.shift as Tensor | null)
  }

  protected override torchLayout(): TorchLayout {
    return scaleAndShift
  }

  protected override details(): string {
    return showFeatures(this.features)
  }
}
