import { kinds } from '@adjoint/autograd'
import { OptionError, requireOption } from '../errors.js'
import { count, numberAs } from '../kinds.js'
import { linear } from './linear.js'
import { milestones, requireMilestones } from './milestones.js'
import { factorKind, maker, markAbsolute, requireSteps, type Schedule, schedule, scheduleKind } from './schedule.js'

/** When `sequence` goes on to the next schedule. */
export interface SequenceScheduleOptions {
  /** At which steps the second schedule begins, the third, ...: one fewer than there are schedules. */
  readonly at: readonly number[]
}

const schedulesKind = kinds.kind(
  'an array of schedules, none of them absolute: what is so is made so around the whole',
  (thing) => Array.isArray(thing) && thing.length > 0 && thing.every((one) => factorKind.accepts(one)),
)

/**
 * One schedule after another. Each begins at its own step 0.
 *
 * @throws OptionError unless `at` has one step fewer than there are schedules, each after the one before
 * @example
 * const both = schedules.sequence([schedules.constant(0.1), schedules.exponential({ factor: 0.5 })], { at: [5] })
 * both(4)   // 0.1
 * both(5)   // 1
 * both(6)   // 0.5
 */
export const sequence = maker(
  'sequence',
  { schedules: schedulesKind, options: { at: kinds.required(milestones) } },
  (parts: readonly Schedule[], { at }: SequenceScheduleOptions) => {
    requireMilestones('schedules.sequence', at, { strictly: true })
    if (at.length !== parts.length - 1) {
      throw new OptionError(
        `schedules.sequence: at has ${at.length} steps for ${parts.length} schedules; give one fewer than there are ` +
          'schedules: where the second begins, the third, ...',
      )
    }
    const [all, starts] = [[...parts], [0, ...at]]
    return schedule('sequence', (step) => {
      const i = starts.findLastIndex((start) => start <= step)
      return all[i]!(step - starts[i]!)
    })
  },
)

/**
 * The product of schedules, each at the same step.
 *
 * @example
 * const both = schedules.product(schedules.linear({ from: 0.5, to: 1, steps: 2 }), schedules.step({ every: 2 }))
 * both(0)   // 0.5
 * both(1)   // 0.75
 * both(2)   // 0.1
 */
export const product = maker(
  'product',
  { schedules: { ...factorKind, rest: true } },
  (...schedules: readonly Schedule[]) =>
    schedule('product', (step) => schedules.reduce((factor, each) => factor * each(step), 1)),
)

/** How `warmUp` begins, and what comes then. */
export interface WarmUpScheduleOptions {
  /** In how many steps it reaches 1. */
  readonly steps: number
  /** The factor of step 0. Default 1 / (steps + 1), so that the first step is as large as what each one adds. */
  readonly from?: number
  /** What comes then, from its own step 0 on. Default: 1 throughout. */
  readonly next?: Schedule
}

/**
 * Along a line up to 1, and then another schedule (Goyal et al., Accurate, large minibatch SGD, 2017, section 2.2).
 *
 * @throws OptionError for a factor that is no number from 0 to 1, and for steps that are no positive integer
 * @example
 * const warm = schedules.warmUp({ steps: 3, next: schedules.cosine({ steps: 10 }) })
 * warm(0)   // 0.25
 * warm(1)   // 0.5
 * warm(3)   // 1
 * warm(8)   // 0.5
 */
export const warmUp = maker(
  'warmUp',
  { options: { steps: kinds.required(count), from: numberAs('a number from 0 to 1'), next: factorKind } },
  ({ steps, from = 1 / (steps + 1), next = () => 1 }: WarmUpScheduleOptions) => {
    requireSteps('warmUp', 'steps', steps)
    requireOption('schedules.warmUp', 'from', from, from >= 0 && from <= 1, 'a number from 0 to 1')
    const rise = linear({ from, to: 1, steps })
    return schedule('warmUp', (step) => (step < steps ? rise(step) : next(step - steps)))
  },
)

/**
 * A schedule that gives the value itself, and no factor of the one that the optimizer was made with. What is composed of
 * several is made so as a whole.
 *
 * @example schedules.absolute(schedules.oneCycle({ steps: 100, from: 0.95, peak: 0.85, to: 0.95 }))(0)   // 0.95
 */
export const absolute = maker(
  'absolute',
  { schedule: scheduleKind },
  (of: Schedule): Schedule => markAbsolute((step) => of(step)),
)
