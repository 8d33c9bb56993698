import { concat, kinds, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { OptionError, requireCount } from '../../errors.js'
import * as kind from '../../kinds.js'
import { anglesAt, frequencies, PositionLayer, positionsFrom, requireBase } from './positions.js'
import { requireSequence, type Timed } from './timed.js'

/** Which features `RotaryPositions` turns together, and how far. */
export interface RotaryOptions {
  /** The pair i turns by position * base^(-2 i / features). Default 10000. */
  readonly base?: number
  /**
   * 'halves', the default: feature i and feature i + features / 2, as Llama, Mistral and GPT-NeoX have it in Hugging Face's
   * checkpoints. 'neighbours': features 2 i and 2 i + 1, as the paper, GPT-J and Meta's own Llama have it. A model that was
   * trained with one gives nonsense with the other.
   */
  readonly pairs?: 'halves' | 'neighbours'
}

const takes = checker('RotaryPositions', {
  features: kind.count,
  options: { base: kind.numberAs('a number above 1'), pairs: kinds.oneOf('halves', 'neighbours') },
})

/**
 * Turns pairs of features of queries and keys by angles that grow with the position, so that their products depend on
 * how far they are apart: (a, b) becomes (a cos t - b sin t, b cos t + a sin t) with t = position * base^(-2 i / features)
 * for the i-th pair (Su et al., RoFormer: enhanced transformer with rotary position embedding, 2021). x is
 * [..., time, features], with one head's features as a rule. It has no parameters, and no longest sequence.
 *
 * @throws OptionError for features that are no even number; ShapeError for x with other features, or without an axis of time
 * @example
 * const rotary = new RotaryPositions(2)
 * rotary.forward(tensor([[1, 0], [1, 0]]))   // [[1, 0], [0.540302, 0.841471]]
 */
export class RotaryPositions<N extends number> extends PositionLayer {
  declare readonly out: Timed<this['in'], N, N>
  /** How many features it turns. */
  readonly features: N
  /** What the slowest pairs turn slower by. */
  readonly base: number
  /** Which features are a pair. */
  readonly pairs: 'halves' | 'neighbours'
  private readonly frequencies: Tensor

  constructor(features: N, options: RotaryOptions = {}) {
    takes(arguments)
    super()
    const { base = 10000, pairs = 'halves' } = options
    requireCount('RotaryPositions', 'features', features)
    if (features % 2 !== 0) {
      throw new OptionError(
        `RotaryPositions: features is ${features}; use an even number, since pairs of them are turned.`,
      )
    }
    requireBase('RotaryPositions', base)
    this.features = features
    this.base = base
    this.pairs = pairs
    this.frequencies = frequencies(features, base)
  }

  protected runAt(x: Tensor, offset: number | Tensor): Tensor {
    requireSequence(this, this.features, x)
    const half = this.features / 2
    const axis = this.pairs === 'halves' ? -2 : -1
    const pairs = axis === -2 ? [2, half] : [half, 2]
    const angles = anglesAt(positionsFrom(offset, x.shape.at(-2)!), this.frequencies).expandDims(axis)
    const [cos, sin] = [angles.cos().cast(x.dtype), angles.sin().cast(x.dtype)]
    const paired = x.reshape([...x.shape.slice(0, -1), ...pairs])
    const a = paired.slice(axis, 0, 1)
    const b = paired.slice(axis, 1, 2)
    const turned = [a.mul(cos).sub(b.mul(sin)), b.mul(cos).add(a.mul(sin))]
    return concat(turned, axis).reshape([...x.shape])
  }

  protected override details(): string {
    return this.pairs === 'halves' ? `${this.features}` : `${this.features}, ${this.pairs}`
  }
}
