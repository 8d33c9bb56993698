import { type Kind, kinds, type Takes } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { requireCount } from '../errors.js'
import { amount } from '../kinds.js'

/**
 * What a hyperparameter is at a step (0 for the first), as a factor of the value that it was given: `(step) => 1 / (1 + step)`
 * is one. It goes by the step alone, so that a training that is resumed at a step goes on with the same numbers.
 */
export type Schedule = (step: number) => number

/** Those that give a value and no factor: made by `absolute`. */
const absolutes = new WeakSet<object>()

export const isAbsolute = (schedule: object): boolean => absolutes.has(schedule)

export const markAbsolute = (schedule: Schedule): Schedule => {
  absolutes.add(schedule)
  return schedule
}

const words = 'a schedule, a function of the step: schedules.cosine({ steps: 1000 }), or (step) => 1 / (1 + step)'

export const scheduleKind: Kind = kinds.kind(words, (thing) => typeof thing === 'function')
/** One of which others are composed. */
export const factorKind: Kind = kinds.kind(
  `${words}; what is absolute is made so around the whole: schedules.absolute(schedules.sequence(...))`,
  (thing) => typeof thing === 'function' && !isAbsolute(thing),
)

/** A schedule that takes steps and nothing else. Steps need not be whole: `(step) => cosine(step / stepsOfAnEpoch)`. */
export const schedule = (name: string, at: Schedule): Schedule => {
  const takes = checker(`schedules.${name}`, {
    step: kinds.kind(`a step, ${amount.wanted}`, (thing) => typeof thing === 'number' && thing >= 0 && thing < 1 / 0),
  })
  return function (step: number) {
    takes(arguments)
    return at(step)
  }
}

/** What makes schedules, with its arguments checked. */
export const maker = <F extends (...args: never[]) => unknown>(name: string, takes: Takes, make: F): F => {
  const check = checker(`schedules.${name}`, takes)
  return ((...args: never[]) => {
    check(args)
    return make(...args)
  }) as F
}

export const requireSteps = (name: string, option: string, steps: number): void =>
  requireCount(`schedules.${name}`, option, steps)
