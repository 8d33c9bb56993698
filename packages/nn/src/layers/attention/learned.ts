import {
  type CreateOptions,
  defaultDType,
  random as globalRandom,
  IndexOutOfRangeError,
  type Random,
  type Tensor,
} from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requireCount } from '../../errors.js'
import { type Initializer, normal } from '../../init.js'
import * as kind from '../../kinds.js'
import { initial } from '../initial.js'
import { PositionLayer, positionsFrom, requireRoom } from './positions.js'
import { requireSequence, type Timed } from './timed.js'

/** How the rows of `LearnedPositions` begin. */
export interface LearnedPositionsOptions extends CreateOptions {
  /** The first rows. Default `normal(0, 0.02)`. */
  readonly init?: Initializer
  /** Default the global `random`. */
  readonly random?: Random
}

const takes = checker('LearnedPositions', {
  length: kind.count,
  features: kind.count,
  options: { init: kind.initializer, ...kind.creation },
})

/**
 * Adds a learned row to each element of a sequence [..., time, features], by its position: x + weight[0 .. time] (Gehring et
 * al., Convolutional sequence to sequence learning, 2017).
 *
 * @throws OptionError for sizes that are no positive integers; ShapeError for x with other features, or without an axis of
 *   time; IndexOutOfRangeError for a sequence that is longer than `length`, the offset included
 * @example new LearnedPositions(16, 4).forward(zeros([2, 9, 4]))   // Tensor<[2, 9, 4]>
 */
export class LearnedPositions<N extends number> extends PositionLayer {
  declare readonly out: Timed<this['in'], N, N>
  /** How many positions there are. */
  readonly length: number
  /** How many features x has. */
  readonly features: N
  /** A row for each position. */
  readonly weight: Tensor<[number, N]>

  constructor(length: number, features: N, options: LearnedPositionsOptions = {}) {
    takes(arguments)
    super()
    requireCount('LearnedPositions', 'length', length)
    requireCount('LearnedPositions', 'features', features)
    const { init = normal(0, 0.02), random = globalRandom, dtype = defaultDType() } = options
    this.length = length
    this.features = features
    const fans = { fanIn: length, fanOut: features, random, dtype }
    this.weight = initial('LearnedPositions', init, [length, features], fans)
  }

  protected runAt(x: Tensor, offset: number | Tensor): Tensor {
    requireSequence(this, this.features, x)
    const time = x.shape.at(-2)!
    requireRoom(offset, time, this.length, (first) => {
      const where = first === 0 ? '' : ` from position ${first} on`
      return new IndexOutOfRangeError(
        `${this}: a sequence of ${time}${where} does not fit into the ${this.length} positions; give a shorter one, or make ` +
          `the layer for ${first + time} positions.`,
      )
    })
    const weight = this.weight
    const rows =
      typeof offset === 'number'
        ? weight.slice(0, offset, offset + time)
        : weight.indexSelect(positionsFrom(offset, time))
    return x.add(rows)
  }

  protected override details(): string {
    return `${this.length}, ${this.features}`
  }
}
