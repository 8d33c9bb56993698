import { instanceNorm, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { alongChannels, type Channels, scaled } from './rules.js'
import { ChannelNorm, type ChannelNormOptions, channelNormTakes, type Measured, requireSeveral } from './statistics.js'

/** How an `InstanceNorm` normalizes, and what it gathers. `affine` and `trackRunningStatistics` are false by default. */
export type InstanceNormOptions = ChannelNormOptions

abstract class InstanceNorm<C extends number> extends ChannelNorm<C> {
  protected measured(x: Tensor): Measured {
    const places = x.shape.slice(2).reduce((count, size) => count * size, 1)
    const remedy = 'use two places or more, or another normalization'
    requireSeveral(this, x, places, remedy)
    const axes = x.shape.map((_, axis) => axis).slice(2)
    const { epsilon, scale, shift } = this
    const values = scaled(
      instanceNorm(x, { epsilon }),
      alongChannels(scale as Tensor | null, x),
      alongChannels(shift as Tensor | null, x),
    )
    if (this.batches === null || !this.training) return { values, mean: x, variance: x }
    const still = x.detach() as Tensor
    // of each example, and then the average of the batch
    const variance = still.variance(axes, { correction: 1 }).mean(0) as Tensor
    return { values, mean: still.mean([0, ...axes]) as Tensor, variance }
  }
}

const settingsOf = (name: string, rank: number) => ({
  name,
  ranks: [rank],
  affine: false,
  trackRunningStatistics: false,
})
const one = settingsOf('InstanceNorm1d', 3)
const two = settingsOf('InstanceNorm2d', 4)
const three = settingsOf('InstanceNorm3d', 5)
const takes1d = checker('InstanceNorm1d', channelNormTakes)
const takes2d = checker('InstanceNorm2d', channelNormTakes)
const takes3d = checker('InstanceNorm3d', channelNormTakes)

/**
 * Each channel of each example of [batch, channels, length] with mean 0 and variance 1 over its places, with `affine` times
 * `scale` plus `shift` of its channel (Ulyanov et al., Instance normalization, 2016).
 *
 * With `trackRunningStatistics` it gathers in training the means and unbiased variances of the examples, averaged over the
 * batch, and normalizes by them in evaluation; see `BatchNorm1d` for what that means. `momentum: null` gives the average of all
 * batches, as there; PyTorch's gathers nothing then.
 *
 * @throws ShapeError for another number of channels or axes, and for a single place; OptionError as `BatchNorm1d`
 * @example new InstanceNorm1d(2).forward(tensor([[[100, 300], [10, 90]]])).round()   // [[[-1, 1], [-1, 1]]]
 */
export class InstanceNorm1d<C extends number> extends InstanceNorm<C> {
  declare readonly out: Channels<this['in'], C, 3>

  constructor(channels: C, options: InstanceNormOptions = {}) {
    takes1d(arguments)
    super(channels, options, one)
  }
}

/**
 * As `InstanceNorm1d`, of images: [batch, channels, height, width].
 *
 * @throws as `InstanceNorm1d`
 * @example new InstanceNorm2d(3).forward(zeros([2, 3, 4, 4]))   // Tensor<[2, 3, 4, 4]>
 */
export class InstanceNorm2d<C extends number> extends InstanceNorm<C> {
  declare readonly out: Channels<this['in'], C, 4>

  constructor(channels: C, options: InstanceNormOptions = {}) {
    takes2d(arguments)
    super(channels, options, two)
  }
}

/**
 * As `InstanceNorm1d`, of volumes: [batch, channels, depth, height, width].
 *
 * @throws as `InstanceNorm1d`
 * @example new InstanceNorm3d(2).forward(zeros([1, 2, 3, 4, 4]))   // Tensor<[1, 2, 3, 4, 4]>
 */
export class InstanceNorm3d<C extends number> extends InstanceNorm<C> {
  declare readonly out: Channels<this['in'], C, 5>

  constructor(channels: C, options: InstanceNormOptions = {}) {
    takes3d(arguments)
    super(channels, options, three)
  }
}
