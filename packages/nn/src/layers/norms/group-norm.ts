import {
  type CreateOptions,
  defaultDType,
  groupNorm,
  kinds,
  ones,
  parameter,
  type Tensor,
  zeros,
} from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { OptionError, requireCount } from '../../errors.js'
import * as kind from '../../kinds.js'
import { scaleAndShift, type TorchLayout } from '../../state/torch.js'
import { Layer } from '../layer.js'
import { alongChannels, type Channels, requireChannels, requireEpsilon, scaled } from './rules.js'

/** How `GroupNorm` divides, and what it is made of. */
export interface GroupNormOptions extends CreateOptions {
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number
  /** Whether to multiply by `scale` and add `shift`, which are trained. Default true. */
  readonly affine?: boolean
}

const takes = checker('GroupNorm', {
  groups: kind.count,
  channels: kind.count,
  options: { epsilon: kind.numberAs('a small positive number'), affine: kinds.boolean, dtype: kinds.dtype },
})

/**
 * The channels of [batch, channels, ...] in groups of one size: each group of each example with mean 0 and variance 1, and then
 * each channel times its `scale`, which starts as ones, plus its `shift`, which starts as zeros (Wu and He, Group
 * normalization, 2018). With one group it is a layer norm over all channels and places, with as many as channels an instance norm.
 *
 * @throws OptionError for numbers that are no positive integers, and for channels that are no multiple of the groups; ShapeError
 *   for x with other channels
 * @example new GroupNorm(2, 4).forward(tensor([[100, 300, 10, 90]])).round()   // [[-1, 1, -1, 1]]
 */
export class GroupNorm<C extends number> extends Layer {
  declare readonly out: Channels<this['in'], C, number>
  /** How many groups the channels are in. */
  readonly groups: number
  /** How many channels there are. */
  readonly channels: C
  /** What is added to the variance. */
  readonly epsilon: number
  /** What a normalized channel is multiplied by; null without `affine`. */
  readonly scale: Tensor<[C]> | null
  /** What is added to it then; null without `affine`. */
  readonly shift: Tensor<[C]> | null

  constructor(groups: number, channels: C, options: GroupNormOptions = {}) {
    takes(arguments)
    super()
    const { epsilon = 1e-5, affine = true, dtype = defaultDType() } = options
    requireCount('GroupNorm', 'groups', groups)
    requireCount('GroupNorm', 'channels', channels)
    requireEpsilon('GroupNorm', epsilon)
    if (channels % groups !== 0) {
      throw new OptionError(
        `GroupNorm: ${channels} channels are not to be divided into ${groups} groups of one size; use groups that divide them ` +
          '(groups come first).',
      )
    }
    this.groups = groups
    this.channels = channels
    this.epsilon = epsilon
    this.scale = affine ? parameter(ones([channels], { dtype })) : null
    this.shift = affine ? parameter(zeros([channels], { dtype })) : null
  }

  protected run(x: Tensor): Tensor {
    requireChannels(this, this.channels, null, x)
    const values = groupNorm(x, this.groups, { epsilon: this.epsilon })
    return scaled(values, alongChannels(this.scale as Tensor | null, x), alongChannels(this.shift as Tensor | null, x))
  }

  protected override torchLayout(): TorchLayout {
    return scaleAndShift
  }

  protected override details(): string {
    return `${this.groups}, ${this.channels}`
  }
}
