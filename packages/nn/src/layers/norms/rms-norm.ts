import { defaultDType, ones, rmsNorm, type Tensor } from '@adjoint/autograd'
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
import { requireEpsilon, scaled } from './rules.js'

/** How `RMSNorm` divides, and what it is made of. */
export type RMSNormOptions = AxesNormOptions

const takes = checker('RMSNorm', axesNormTakes)

/**
 * The last axis, or the last axes together, over the root of the mean of their squares, times `scale`, which starts as ones:
 * x / sqrt(mean(x^2) + epsilon) * scale (Zhang and Sennrich, Root mean square layer normalization, 2019). The default
 * epsilon is 1e-5; that of PyTorch is the smallest step of the dtype.
 *
 * @throws OptionError for features that are no positive integers, and for an epsilon that is not positive; ShapeError for x with
 *   other features
 * @example new RMSNorm(2).forward(tensor([[300, -300]])).round()   // [[1, -1]]
 */
export class RMSNorm<const F extends Features> extends Layer {
  declare readonly out: LastAxes<this['in'], F>
  /** The size of the last axis, or the sizes of the last axes. */
  readonly features: F
  /** What is added to the mean of the squares. */
  readonly epsilon: number
  /** What is multiplied by, of the shape of the features; null without `affine`. */
  readonly scale: PerFeature<F> | null

  constructor(features: F, options: RMSNormOptions = {}) {
    takes(arguments)
    super()
    const { epsilon = 1e-5, affine = true, dtype = defaultDType() } = options
    const sizes = sizesOf('RMSNorm', features)
    requireEpsilon('RMSNorm', epsilon)
    this.features = (typeof features === 'number' ? features : sizes) as F
    this.epsilon = epsilon
    this.scale = affine ? perFeature<F>(ones(sizes, { dtype })) : null
  }

  protected run(x: Tensor): Tensor {
    const sizes = [this.features].flat() as number[]
    requireLast(this, sizes, x)
    return scaled(rmsNorm(x, { axes: lastAxes(sizes), epsilon: this.epsilon }), this.scale as Tensor | null, null)
  }

  protected override torchLayout(): TorchLayout {
    return scaleAndShift
  }

  protected override details(): string {
    return showFeatures(this.features)
  }
}
