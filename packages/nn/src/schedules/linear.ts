import { kinds } from '@adjoint/autograd'
import { requireAmount } from '../errors.js'
import { amount, count } from '../kinds.js'
import { maker, requireSteps, schedule } from './schedule.js'

/** Between which factors `linear` runs. */
export interface LinearScheduleOptions {
  /** The factor of step 0. Default 1. */
  readonly from?: number
  /** The factor of step `steps` and of all after it. Default 0. */
  readonly to?: number
  /** Within how many steps. */
  readonly steps: number
}

/**
 * Along a straight line from one factor to another, which stays.
 *
 * @throws OptionError for a factor below 0, and for steps that are no positive integer
 * @example
 * const decay = schedules.linear({ from: 1, to: 0.2, steps: 4 })
 * decay(0)   // 1
 * decay(1)   // 0.8
 * decay(4)   // 0.2
 * decay(9)   // 0.2
 */
export const linear = maker(
  'linear',
  { options: { from: amount, to: amount, steps: kinds.required(count) } },
  ({ from = 1, to = 0, steps }: LinearScheduleOptions) => {
    requireAmount('schedules.linear', 'from', from)
    requireAmount('schedules.linear', 'to', to)
    requireSteps('linear', 'steps', steps)
    return schedule('linear', (step) => from + (to - from) * Math.min(1, step / steps))
  },
)
