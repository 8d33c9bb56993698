import { kinds } from '@adjoint/autograd'
import { requireAmount } from '../errors.js'
import { amount, count } from '../kinds.js'
import { milestones, requireMilestones } from './milestones.js'
import { power } from './numbers.js'
import { maker, requireSteps, schedule } from './schedule.js'

/** When `step` goes down, and by what. */
export interface StepScheduleOptions {
  /** After each so many steps. */
  readonly every: number
  /** By which it is multiplied each time. Default 0.1. */
  readonly factor?: number
}

/**
 * Multiplied by a factor each so many steps: factor^floor(step / every).
 *
 * @throws OptionError for a factor below 0, and for `every` unless it is a positive integer
 * @example
 * const tenths = schedules.step({ every: 30 })
 * tenths(29)   // 1
 * tenths(30)   // 0.1
 * tenths(60)   // 0.01
 */
export const step = maker(
  'step',
  { options: { every: kinds.required(count), factor: amount } },
  ({ every, factor = 0.1 }: StepScheduleOptions) => {
    requireSteps('step', 'every', every)
    requireAmount('schedules.step', 'factor', factor)
    return schedule('step', (at) => power(factor, Math.floor(at / every)))
  },
)

/** When `multistep` goes down, and by what. */
export interface MultistepScheduleOptions {
  /** At which steps, in ascending order. One that stands there twice counts twice. */
  readonly at: readonly number[]
  /** By which it is multiplied each time. Default 0.1. */
  readonly factor?: number
}

/**
 * Multiplied by a factor at each of some steps.
 *
 * @throws OptionError for a factor below 0, and for steps that are not whole or in another order
 * @example
 * const decay = schedules.multistep({ at: [3, 6], factor: 0.5 })
 * decay(2)   // 1
 * decay(3)   // 0.5
 * decay(6)   // 0.25
 */
export const multistep = maker(
  'multistep',
  { options: { at: kinds.required(milestones), factor: amount } },
  ({ at, factor = 0.1 }: MultistepScheduleOptions) => {
    requireMilestones('schedules.multistep', at)
    requireAmount('schedules.multistep', 'factor', factor)
    const steps = [...at]
    return schedule('multistep', (now) => power(factor, steps.filter((one) => one <= now).length))
  },
)
