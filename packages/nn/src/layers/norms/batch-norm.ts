import { batchNormWithStatistics, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import type { Channels } from './rules.js'
import {
  ChannelNorm,
  type ChannelNormOptions,
  channelNormTakes,
  type Measured,
  requireSeveral,
  unbiased,
} from './statistics.js'

/** How a `BatchNorm` normalizes, and what it gathers. `affine` and `trackRunningStatistics` are true by default. */
export type BatchNormOptions = ChannelNormOptions

abstract class BatchNorm<C extends number> extends ChannelNorm<C> {
  protected measured(x: Tensor): Measured {
    const count = x.shape[1] === 0 ? 0 : x.size / x.shape[1]!
    const otherwise =
      this.batches === null ? 'layers without running statistics take' : 'or call eval() before; training takes'
    requireSeveral(this, x, count, `give a larger batch, ${otherwise} two values or more`)
    const { values, mean, variance } = batchNormWithStatistics(x, { ...this.affine(), epsilon: this.epsilon })
    return { values, mean: mean as Tensor, variance: unbiased(variance as Tensor, count) }
  }
}

const settingsOf = (name: string, ranks: readonly number[]) => ({
  name,
  ranks,
  affine: true,
  trackRunningStatistics: true,
})
const one = settingsOf('BatchNorm1d', [2, 3])
const two = settingsOf('BatchNorm2d', [4])
const three = settingsOf('BatchNorm3d', [5])
const takes1d = checker('BatchNorm1d', channelNormTakes)
const takes2d = checker('BatchNorm2d', channelNormTakes)
const takes3d = checker('BatchNorm3d', channelNormTakes)

/**
 * Each channel of [batch, channels] or [batch, channels, length] with mean 0 and variance 1 over all else, times `scale`,
 * which starts as ones, plus `shift`, which starts as zeros: (x - mean) / sqrt(variance + epsilon) * scale + shift (Ioffe and
 * Szegedy, Batch normalization, 2015).
 *
 * In training these are mean and (biased) variance of the batch, and `runningMean` and `runningVariance` (unbiased, as in
 * PyTorch) move towards them; in evaluation they are the running ones. So a forward in training changes the layer: where
 * nothing may change, as in `vmap`, `scan` and `checkpoint`, `functionalCall(model, state, x)` gives the new statistics as a
 * result, and after `eval()` nothing changes.
 *
 * @throws ShapeError for another number of channels or axes, and in training for one value a channel; OptionError for a number of
 *   channels that is no positive integer, an epsilon that is not positive, a momentum outside 0 to 1, and a momentum without
 *   running statistics; ModuleError in training where nothing may change
 * @example
 * const norm = new BatchNorm1d(2)
 * norm.forward(tensor([[1, 10], [3, 30]])).round()   // [[-1, -1], [1, 1]]
 * norm.runningMean                                   // [0.2, 2]
 */
export class BatchNorm1d<C extends number> extends BatchNorm<C> {
  declare readonly out: Channels<this['in'], C, 2 | 3>

  constructor(channels: C, options: BatchNormOptions = {}) {
    takes1d(arguments)
    super(channels, options, one)
  }
}

/**
 * As `BatchNorm1d`, of images: [batch, channels, height, width].
 *
 * @throws as `BatchNorm1d`
 * @example new BatchNorm2d(3).forward(zeros([2, 3, 4, 4]))   // Tensor<[2, 3, 4, 4]>
 */
export class BatchNorm2d<C extends number> extends BatchNorm<C> {
  declare readonly out: Channels<this['in'], C, 4>

  constructor(channels: C, options: BatchNormOptions = {}) {
    takes2d(arguments)
    super(channels, options, two)
  }
}

/**
 * As `BatchNorm1d`, of volumes: [batch, channels, depth, height, width].
 *
 * @throws as `BatchNorm1d`
 * @example new BatchNorm3d(2).forward(zeros([1, 2, 3, 4, 4]))   // Tensor<[1, 2, 3, 4, 4]>
 */
export class BatchNorm3d<C extends number> extends BatchNorm<C> {
  declare readonly out: Channels<this['in'], C, 5>

  constructor(channels: C, options: BatchNormOptions = {}) {
    takes3d(arguments)
    super(channels, options, three)
  }
}
