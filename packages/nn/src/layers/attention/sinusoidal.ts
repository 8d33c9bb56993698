import { stack, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requireCount } from '../../errors.js'
import * as kind from '../../kinds.js'
import { anglesAt, frequencies, PositionLayer, positionsFrom, requireBase } from './positions.js'
import { requireSequence, type Timed } from './timed.js'

/** How slow the waves of `SinusoidalPositions` are. */
export interface SinusoidalOptions {
  /** The wave i has the length 2 pi base^(2 i / features). Default 10000. */
  readonly base?: number
}

const takes = checker('SinusoidalPositions', {
  features: kind.count,
  options: { base: kind.numberAs('a number above 1') },
})

/**
 * Adds waves to a sequence [..., time, features], which tell positions apart: sin(t) to feature 2 i and cos(t) to feature
 * 2 i + 1, with t = position * base^(-2 i / features) (Vaswani et al., Attention is all you need, 2017). It has no
 * parameters, and no longest sequence.
 *
 * @throws OptionError for features that are no positive integer, or a base that is not above 1; ShapeError for x with other
 *   features, or without an axis of time
 * @example new SinusoidalPositions(2).forward(zeros([2, 2]))   // [[0, 1], [0.841471, 0.540302]]
 */
export class SinusoidalPositions<N extends number> extends PositionLayer {
  declare readonly out: Timed<this['in'], N, N>
  /** How many features x has. */
  readonly features: N
  /** What the longest waves are longer by. */
  readonly base: number
  private readonly frequencies: Tensor

  constructor(features: N, options: SinusoidalOptions = {}) {
    takes(arguments)
    super()
    const { base = 10000 } = options
    requireCount('SinusoidalPositions', 'features', features)
    requireBase('SinusoidalPositions', base)
    this.features = features
    this.base = base
    this.frequencies = frequencies(features, base)
  }

  protected runAt(x: Tensor, offset: number | Tensor): Tensor {
    requireSequence(this, this.features, x)
    const time = x.shape.at(-2)!
    const angles = anglesAt(positionsFrom(offset, time), this.frequencies)
    const waves = stack([angles.sin(), angles.cos()], -1).reshape([time, -1])
    const used = this.features % 2 === 0 ? waves : waves.slice(1, 0, this.features)
    return x.add(used.cast(x.dtype))
  }

  protected override details(): string {
    return `${this.features}`
  }
}
