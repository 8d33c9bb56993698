import {
  batchNorm,
  type CreateOptions,
  defaultDType,
  kinds,
  ones,
  parameter,
  ShapeError,
  type Tensor,
  zeros,
} from '@adjoint/autograd'
import { requireCount, requireOption } from '../../errors.js'
import * as kind from '../../kinds.js'
import { buffer } from '../../module/roles.js'
import { formatShape } from '../../shapes.js'
import { scaleAndShift, type TorchLayout } from '../../state/torch.js'
import { Layer } from '../layer.js'
import { requireChannels, requireEpsilon, requireFor } from './rules.js'

/** What a layer that normalizes channels is made of. */
export interface ChannelNormOptions extends CreateOptions {
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number
  /**
   * The share of a new batch in the running statistics: running = (1 - momentum) running + momentum new. Null for the average of
   * all batches. Default 0.1.
   */
  readonly momentum?: number | null
  /** Whether to multiply by `scale` and add `shift`, which are trained. */
  readonly affine?: boolean
  /** Whether to gather running statistics in training, and to normalize by them in evaluation. */
  readonly trackRunningStatistics?: boolean
}

const momentumKind = 'a number from 0 to 1, or null'

export const channelNormTakes = {
  channels: kind.count,
  options: {
    epsilon: kind.numberAs('a small positive number'),
    momentum: kinds.kind(momentumKind, (thing) => thing === null || typeof thing === 'number'),
    affine: kinds.boolean,
    trackRunningStatistics: kinds.boolean,
    dtype: kinds.dtype,
  },
}

/** What differs between layers that normalize channels. */
interface Settings {
  readonly name: string
  /** How many axes x may have. */
  readonly ranks: readonly number[]
  readonly affine: boolean
  readonly trackRunningStatistics: boolean
}

/** How a channel is centred and scaled, and what it has become. */
export interface Measured {
  readonly values: Tensor
  /** Of each channel: what is gathered. */
  readonly mean: Tensor
  readonly variance: Tensor
}

/** A layer that normalizes the channels of [batch, channels, ...], with running statistics or without. */
export abstract class ChannelNorm<C extends number> extends Layer {
  /** How many channels there are. */
  readonly channels: C
  /** What is added to the variance. */
  readonly epsilon: number
  /** The share of a new batch in the running statistics; null where all batches count alike. */
  readonly momentum: number | null
  /** What a normalized channel is multiplied by; null without `affine`. */
  readonly scale: Tensor<[C]> | null
  /** What is added to it then; null without `affine`. */
  readonly shift: Tensor<[C]> | null
  /** The mean of each channel, gathered in training; null where none are. */
  readonly runningMean: Tensor<[C]> | null
  /** The unbiased variance of each channel, gathered in training; null where none are. */
  readonly runningVariance: Tensor<[C]> | null
  /** How many batches were gathered, int32; null where none are. */
  readonly batches: Tensor<[]> | null
  private readonly ranks: readonly number[]

  constructor(channels: C, options: ChannelNormOptions, settings: Settings) {
    super()
    const { name, ranks } = settings
    const { epsilon = 1e-5, momentum = 0.1, dtype = defaultDType() } = options
    const { affine = settings.affine, trackRunningStatistics = settings.trackRunningStatistics } = options
    requireCount(name, 'channels', channels)
    requireEpsilon(name, epsilon)
    requireOption(name, 'momentum', momentum, momentum === null || (momentum >= 0 && momentum <= 1), momentumKind)
    const gathers = 'trackRunningStatistics: true'
    requireFor(name, 'momentum', options.momentum !== undefined, gathers, trackRunningStatistics)
    this.channels = channels
    this.epsilon = epsilon
    this.momentum = momentum
    this.ranks = ranks
    this.scale = affine ? parameter(ones([channels], { dtype })) : null
    this.shift = affine ? parameter(zeros([channels], { dtype })) : null
    this.runningMean = trackRunningStatistics ? buffer(zeros([channels], { dtype })) : null
    this.runningVariance = trackRunningStatistics ? buffer(ones([channels], { dtype })) : null
    this.batches = trackRunningStatistics ? buffer(zeros([], { dtype: 'int32' })) : null
  }

  /** Normalizes by the statistics of x itself. */
  protected abstract measured(x: Tensor): Measured

  protected run(x: Tensor): Tensor {
    requireChannels(this, this.channels, this.ranks, x)
    const { runningMean, runningVariance, epsilon } = this
    if (!this.training && runningMean !== null && runningVariance !== null) {
      return batchNorm(x, runningMean as Tensor, runningVariance as Tensor, { ...this.affine(), epsilon })
    }
    const { values, mean, variance } = this.measured(x)
    if (this.training && this.batches !== null) this.gather(mean, variance, this.batches)
    return values
  }

  protected affine(): { readonly weight?: Tensor; readonly bias?: Tensor } {
    const { scale, shift } = this
    return scale === null || shift === null ? {} : { weight: scale as Tensor, bias: shift as Tensor }
  }

  private gather(mean: Tensor, variance: Tensor, before: Tensor<[]>): void {
    const batches = before.add(1)
    const share = (running: Tensor): Tensor | number => this.momentum ?? batches.cast(running.dtype).reciprocal()
    const next = (running: Tensor, found: Tensor): Tensor => {
      const news = found.detach().cast(running.dtype)
      return running.add(news.sub(running).mul(share(running))) as Tensor
    }
    this.setBuffer('runningMean', next(this.runningMean as Tensor, mean))
    this.setBuffer('runningVariance', next(this.runningVariance as Tensor, variance))
    this.setBuffer('batches', batches)
  }

  protected override torchLayout(): TorchLayout {
    return {
      ...scaleAndShift,
      runningMean: 'running_mean',
      runningVariance: 'running_var',
      batches: 'num_batches_tracked',
    }
  }

  protected override details(): string {
    return `${this.channels}`
  }
}

/** The unbiased variance, where another had the number of values as divisor. */
export const unbiased = (variance: Tensor, count: number): Tensor => variance.mul(count / (count - 1))

/** Throws for x whose channels have one value each, of which there is no variance. */
export const requireSeveral = (layer: Layer, { shape }: Tensor, count: number, remedy: string): void => {
  if (count > 1) return
  throw new ShapeError(
    `${layer}: x ${formatShape(shape)} has ${count === 0 ? 'no values' : '1 value'} in a channel: of ${count === 0 ? 'none' : 'one'} ` +
      `there is no variance; ${remedy}.`,
  )
}
