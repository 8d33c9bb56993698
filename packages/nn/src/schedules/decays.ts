import { kinds } from '@adjoint/autograd'
import { requireAmount } from '../errors.js'
import { amount, count } from '../kinds.js'
import { power } from './numbers.js'
import { maker, requireSteps, schedule } from './schedule.js'

/** By what `exponential` goes down. */
export interface ExponentialScheduleOptions {
  /** By which each step multiplies. */
  readonly factor: number
}

/**
 * Multiplied by a factor at each step: factor^step.
 *
 * @throws OptionError for a factor below 0
 * @example schedules.exponential({ factor: 0.5 })(3)   // 0.125
 */
export const exponential = maker(
  'exponential',
  { options: { factor: kinds.required(amount) } },
  ({ factor }: ExponentialScheduleOptions) => {
    requireAmount('schedules.exponential', 'factor', factor)
    return schedule('exponential', (step) => power(factor, step))
  },
)

/** How `polynomial` goes down. */
export interface PolynomialScheduleOptions {
  /** Within how many steps. */
  readonly steps: number
  /** The power of what remains of the steps. Default 1: a line. */
  readonly power?: number
  /** The factor at step `steps` and after it. Default 0. */
  readonly to?: number
}

/**
 * From 1 to a factor by a power of what remains: to + (1 - to) (1 - step / steps)^power.
 *
 * @throws OptionError for a power or factor below 0, and for steps that are no positive integer
 * @example schedules.polynomial({ steps: 10, power: 2 })(5)   // 0.25
 */
export const polynomial = maker(
  'polynomial',
  { options: { steps: kinds.required(count), power: amount, to: amount } },
  ({ steps, power: exponent = 1, to = 0 }: PolynomialScheduleOptions) => {
    requireSteps('polynomial', 'steps', steps)
    requireAmount('schedules.polynomial', 'power', exponent)
    requireAmount('schedules.polynomial', 'to', to)
    return schedule('polynomial', (step) => (step >= steps ? to : to + (1 - to) * power(1 - step / steps, exponent)))
  },
)

/** How `inverseSquareRoot` begins. */
export interface InverseSquareRootScheduleOptions {
  /** In so many steps it rises to 1 along a line. */
  readonly warmUp: number
}

/**
 * Up to 1 along a line, then down with the root of the steps: min(n / warmUp, sqrt(warmUp / n)) at the nth step, counted from
 * 1 (Vaswani et al., Attention is all you need, 2017, section 5.3: the optimizer's own rate is then that of the peak,
 * 1 / sqrt(features warmUp) there). Also called Noam.
 *
 * @throws OptionError for a warm-up that is no positive integer
 * @example
 * const noam = schedules.inverseSquareRoot({ warmUp: 4 })
 * noam(0)   // 0.25
 * noam(3)   // 1
 * noam(15)   // 0.5
 */
export const inverseSquareRoot = maker(
  'inverseSquareRoot',
  { options: { warmUp: kinds.required(count) } },
  ({ warmUp }: InverseSquareRootScheduleOptions) => {
    requireSteps('inverseSquareRoot', 'warmUp', warmUp)
    return schedule('inverseSquareRoot', (step) => Math.min((step + 1) / warmUp, Math.sqrt(warmUp / (step + 1))))
  },
)
