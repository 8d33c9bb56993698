import {
  type PixelShuffleShape,
  type PixelUnshuffleShape,
  pixelShuffle,
  pixelUnshuffle,
  type Tensor,
} from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requireCount } from '../../errors.js'
import * as kind from '../../kinds.js'
import { Layer } from '../layer.js'
import { inNameOf } from './images.js'
import type { In } from './rules.js'

const takes = {
  PixelShuffle: checker('PixelShuffle', { factor: kind.count }),
  PixelUnshuffle: checker('PixelUnshuffle', { factor: kind.count }),
}

/**
 * Channels laid out as pixels: [..., channels factor^2, height, width] becomes [..., channels, height factor,
 * width factor] (Shi et al., Real-time single image and video super-resolution using an efficient sub-pixel convolutional
 * neural network, 2016).
 *
 * @throws OptionError for a factor that is no positive integer; ShapeError unless the channels are a multiple of factor^2
 * @example new PixelShuffle(2).forward(tensor([[[1]], [[2]], [[3]], [[4]]]))   // [[[1, 2], [3, 4]]]
 */
export class PixelShuffle<F extends number> extends Layer {
  declare readonly out: PixelShuffleShape<In<this['in']>, F>
  /** How many times as many rows and columns there shall be. */
  readonly factor: F

  constructor(factor: F) {
    takes.PixelShuffle(arguments)
    super()
    requireCount('PixelShuffle', 'factor', factor)
    this.factor = factor
  }

  protected run(x: Tensor): Tensor {
    return inNameOf(this, () => pixelShuffle(x, this.factor as number) as Tensor)
  }

  protected override details(): string {
    return `${this.factor}`
  }
}

/**
 * The inverse of `PixelShuffle`: [..., channels, height, width] becomes [..., channels factor^2, height / factor,
 * width / factor].
 *
 * @throws OptionError for a factor that is no positive integer; ShapeError unless height and width are multiples of it
 * @example new PixelUnshuffle(2).forward(tensor([[[1, 2], [3, 4]]]))   // [[[1]], [[2]], [[3]], [[4]]]
 */
export class PixelUnshuffle<F extends number> extends Layer {
  declare readonly out: PixelUnshuffleShape<In<this['in']>, F>
  /** How many times fewer rows and columns there shall be. */
  readonly factor: F

  constructor(factor: F) {
    takes.PixelUnshuffle(arguments)
    super()
    requireCount('PixelUnshuffle', 'factor', factor)
    this.factor = factor
  }

  protected run(x: Tensor): Tensor {
    return inNameOf(this, () => pixelUnshuffle(x, this.factor as number) as Tensor)
  }

  protected override details(): string {
    return `${this.factor}`
  }
}
