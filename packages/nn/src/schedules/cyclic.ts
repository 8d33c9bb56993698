import { kinds } from '@adjoint/autograd'
import { OptionError, requireAmount } from '../errors.js'
import { amount, count } from '../kinds.js'
import { power } from './numbers.js'
import { maker, requireSteps, schedule } from './schedule.js'

/** How `cyclic` goes up and down. */
export interface CyclicScheduleOptions {
  /** How many steps it goes up. */
  readonly up: number
  /** How many steps it goes down. Default: as many as up. */
  readonly down?: number
  /** Where each cycle begins and ends, as a factor. Default 1/4, the smaller of what section 3.3 of the paper advises. */
  readonly low?: number
  /** Where each cycle turns, as a factor. Default 1. */
  readonly high?: number
  /**
   * How the height of the cycles changes: not at all ('triangular', the default), halved after each ('halving'), or by
   * `factor` at each step ('exponential').
   */
  readonly height?: 'triangular' | 'halving' | 'exponential'
  /** By which the height is multiplied at each step, where it is exponential. Default 1. */
  readonly factor?: number
}

/**
 * Up and down along lines, again and again (Smith, Cyclical learning rates for training neural networks, 2017).
 *
 * @throws OptionError for a number below 0, for steps that are no positive integer, and for `factor` where the height is not
 *   exponential
 * @example
 * const waves = schedules.cyclic({ up: 2, low: 0.5, height: 'halving' })
 * waves(0)   // 0.5
 * waves(1)   // 0.75
 * waves(2)   // 1
 * waves(3)   // 0.75
 * waves(4)   // 0.5
 * waves(6)   // 0.75
 */
export const cyclic = maker(
  'cyclic',
  {
    options: {
      up: kinds.required(count),
      down: count,
      low: amount,
      high: amount,
      height: kinds.oneOf('triangular', 'halving', 'exponential'),
      factor: amount,
    },
  },
  ({ up, down = up, low = 1 / 4, high = 1, height = 'triangular', factor }: CyclicScheduleOptions) => {
    const owner = 'schedules.cyclic'
    requireSteps('cyclic', 'up', up)
    requireSteps('cyclic', 'down', down)
    requireAmount(owner, 'low', low)
    requireAmount(owner, 'high', high)
    if (factor !== undefined) {
      requireAmount(owner, 'factor', factor)
      if (height !== 'exponential') {
        throw new OptionError(`${owner}: factor does nothing where height is '${height}'; give height: 'exponential'.`)
      }
    }
    const length = up + down
    return schedule('cyclic', (step) => {
      const cycles = Math.floor(step / length)
      const place = step - cycles * length
      const share = place <= up ? place / up : (length - place) / down
      const scale = height === 'triangular' ? 1 : height === 'halving' ? power(2, -cycles) : power(factor ?? 1, step)
      return low + (high - low) * share * scale
    })
  },
)
