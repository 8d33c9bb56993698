import { kinds } from '@adjoint/autograd'
import { requireAmount } from '../errors.js'
import { amount, count } from '../kinds.js'
import { maker, requireSteps, schedule } from './schedule.js'

/** How long `constant` holds. */
export interface ConstantScheduleOptions {
  /** After so many steps the factor is 1. Default: never. */
  readonly steps?: number
}

/**
 * One factor, of all steps or of the first ones.
 *
 * @throws OptionError for a factor below 0, and for steps that are no positive integer
 * @example
 * const third = schedules.constant(1 / 3, { steps: 5 })
 * third(4)   // 1 / 3
 * third(5)   // 1
 */
export const constant = maker(
  'constant',
  { factor: kinds.optional(amount), options: { steps: count } },
  (factor = 1, { steps }: ConstantScheduleOptions = {}) => {
    requireAmount('schedules.constant', 'factor', factor)
    if (steps !== undefined) requireSteps('constant', 'steps', steps)
    return schedule('constant', (step) => (steps === undefined || step < steps ? factor : 1))
  },
)
