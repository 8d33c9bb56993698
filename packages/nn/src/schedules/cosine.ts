import { kinds } from '@adjoint/autograd'
import { requireAmount, requireOption } from '../errors.js'
import { amount, count, numberAs } from '../kinds.js'
import { halfWave } from './numbers.js'
import { maker, requireSteps, schedule } from './schedule.js'

/** How `cosine` goes down. */
export interface CosineScheduleOptions {
  /** Within how many steps. */
  readonly steps: number
  /** The factor at step `steps` and after it: the floor. Default 0. */
  readonly to?: number
}

/**
 * From 1 down to a factor along half a wave of the cosine, and no more up again (Loshchilov and Hutter, SGDR: stochastic
 * gradient descent with warm restarts, 2017, equation 5).
 *
 * @throws OptionError for a factor below 0, and for steps that are no positive integer
 * @example
 * const decay = schedules.cosine({ steps: 100, to: 0.1 })
 * decay(0)   // 1
 * decay(50)   // 0.55
 * decay(100)   // 0.1
 * decay(200)   // 0.1
 */
export const cosine = maker(
  'cosine',
  { options: { steps: kinds.required(count), to: amount } },
  ({ steps, to = 0 }: CosineScheduleOptions) => {
    requireSteps('cosine', 'steps', steps)
    requireAmount('schedules.cosine', 'to', to)
    return schedule('cosine', (step) => (step >= steps ? to : to + (1 - to) * halfWave(step / steps)))
  },
)

/** How `cosineRestarts` goes down, and how often. */
export interface CosineRestartsScheduleOptions extends CosineScheduleOptions {
  /** How many times as long each run is as the one before. Default 1. */
  readonly multiplier?: number
}

/**
 * As `cosine`, again and again: after `steps` it starts anew at 1, for `multiplier` times as many (Loshchilov and Hutter,
 * SGDR, 2017, section 3).
 *
 * @throws OptionError for a factor below 0, a multiplier below 1, and for steps that are no positive integer
 * @example
 * const sgdr = schedules.cosineRestarts({ steps: 10, multiplier: 2 })
 * sgdr(0)   // 1
 * sgdr(5)   // 0.5
 * sgdr(10)   // 1
 * sgdr(20)   // 0.5
 * sgdr(30)   // 1
 */
export const cosineRestarts = maker(
  'cosineRestarts',
  { options: { steps: kinds.required(count), multiplier: numberAs('a number of at least 1'), to: amount } },
  ({ steps, multiplier = 1, to = 0 }: CosineRestartsScheduleOptions) => {
    const isMultiplier = multiplier >= 1 && multiplier < 1 / 0
    requireSteps('cosineRestarts', 'steps', steps)
    requireOption('schedules.cosineRestarts', 'multiplier', multiplier, isMultiplier, 'a number of at least 1')
    requireAmount('schedules.cosineRestarts', 'to', to)
    return schedule('cosineRestarts', (step) => {
      let [start, length] = [0, steps]
      if (multiplier === 1) start = step - (step % steps)
      for (; step - start >= length; length *= multiplier) start += length
      return to + (1 - to) * halfWave((step - start) / length)
    })
  },
)
