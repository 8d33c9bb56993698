import {
  type CreateOptions,
  defaultDType,
  random as globalRandom,
  kinds,
  prelu,
  type Random,
  type Shaped,
  type Tensor,
} from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requireCount } from '../../errors.js'
import { constant, type Initializer } from '../../init.js'
import * as kind from '../../kinds.js'
import type { TorchLayout } from '../../state/torch.js'
import { initial } from '../initial.js'
import { Layer } from '../layer.js'
import { type Channels, requireChannels } from '../norms/rules.js'

/** How the slopes of a `PReLU` begin. */
export interface PReLUOptions extends CreateOptions {
  /** The first slopes. Default `constant(0.25)`. */
  readonly init?: Initializer
  /** Default the global `random`. */
  readonly random?: Random
}

const takes = checker('PReLU', {
  channels: kinds.optional(kind.count),
  options: { init: kind.initializer, ...kind.creation },
})

/**
 * x where it is positive, else slope * x, with a slope that is learned: one for all, or one for each channel of
 * [batch, channels, ...] (He et al., Delving deep into rectifiers, 2015).
 *
 * @throws OptionError for a number of channels that is no positive integer; ShapeError for x with other channels
 * @example new PReLU().forward(tensor([-4, 2]))   // [-1, 2]
 */
export class PReLU<C extends number = 1> extends Layer {
  declare readonly out: C extends 1 ? Shaped<this['in']> : Channels<this['in'], C, number>
  /** How many slopes there are: 1 for all channels together. */
  readonly channels: C
  /** The slopes of negative numbers. */
  readonly slope: Tensor<[C]>

  constructor(channels: C = 1 as C, options: PReLUOptions = {}) {
    takes(arguments)
    super()
    requireCount('PReLU', 'channels', channels)
    const { init = constant(0.25), random = globalRandom, dtype = defaultDType() } = options
    this.channels = channels
    this.slope = initial('PReLU', init, [channels], { random, dtype })
  }

  protected run(x: Tensor): Tensor {
    if (this.channels > 1) requireChannels(this, this.channels, null, x)
    return prelu(x, this.slope)
  }

  protected override torchLayout(): TorchLayout {
    return { slope: 'weight' }
  }

  protected override details(): string {
    return `${this.channels}`
  }
}
