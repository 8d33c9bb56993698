import { type Kind, kinds } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { brand } from '../copy.js'
import { OptionError, StateDictError } from '../errors.js'
import { isObject, numberAs } from '../kinds.js'
import { Optimizer } from '../optimizers/optimizer.js'
import { Plateau, type PlateauState } from './plateau.js'
import { isAbsolute, type Schedule, scheduleKind } from './schedule.js'

/** What may change one number: a function of the step, or a plateau. */
export type NumberSchedule = Schedule | Plateau

/** Schedules by hyperparameter. Of a pair such as `betas`, one for each number; null leaves it as it is. */
export interface ScheduleTable {
  readonly [hyperparameter: string]: NumberSchedule | readonly [NumberSchedule | null, NumberSchedule | null]
}

/** What else a `Scheduler` is told. */
export interface SchedulerOptions {
  /** Schedules of single groups, by name, in the place of those of all: of the learning rate, or by hyperparameter. */
  readonly groups?: { readonly [group: string]: NumberSchedule | ScheduleTable }
}

type Value = number | readonly [number, number]
/** Values by hyperparameter, by group. */
type Values = { readonly [group: string]: { readonly [hyperparameter: string]: Value } }

/** Where a scheduler is, as plain numbers. */
export interface SchedulerState {
  /** How many steps there were. */
  readonly step: number
  /** What the hyperparameters were before any schedule, by group. */
  readonly initial: Values
  /** What plateaus have seen, in their order. */
  readonly plateaus: readonly PlateauState[]
}

/** What a scheduler needs of a group. */
type Group = { readonly name: string } & { [hyperparameter: string]: unknown }

/** One hyperparameter of one group. */
interface Course {
  readonly group: Group
  readonly name: string
  /** One for each number. */
  readonly schedules: readonly (NumberSchedule | null)[]
  initial: readonly number[]
}

const isOne = (thing: unknown): thing is NumberSchedule => thing instanceof Plateau || scheduleKind.accepts(thing)
const isPair = (thing: unknown): boolean =>
  Array.isArray(thing) && thing.length === 2 && thing.every((each) => each === null || isOne(each))
const isPlain = (thing: unknown): thing is Readonly<Record<string, unknown>> =>
  isObject(thing) && [null, Object.prototype].includes(Object.getPrototypeOf(thing))
const isTable = (thing: unknown): thing is ScheduleTable =>
  isPlain(thing) && Object.keys(thing).length > 0 && Object.values(thing).every((one) => isOne(one) || isPair(one))

const words = `${scheduleKind.wanted}, or such by hyperparameter: { learningRate: ..., momentum: ... }`
/** What a scheduler can be made of. */
export const oneOrTable: Kind = kinds.kind(words, (thing) => isOne(thing) || isTable(thing))
const byGroup: Kind = kinds.kind(
  `an object with ${words}, by the name of a group`,
  (thing) => isPlain(thing) && Object.values(thing).every((one) => isOne(one) || isTable(one)),
)

const takes = {
  constructor: checker('Scheduler', {
    optimizer: kinds.instance(Optimizer, 'an optimizer, such as new Adam(model)'),
    schedule: oneOrTable,
    options: { groups: byGroup },
  }),
  step: checker('Scheduler.step', {}),
  observe: checker('Scheduler.observe', { loss: numberAs('the loss as a number: loss.item()') }),
  stateDict: checker('Scheduler.stateDict', {}),
  loadStateDict: checker('Scheduler.loadStateDict', { state: kinds.kind('what stateDict() gave', isObject) }),
}

/**
 * Changes hyperparameters of an optimizer between its steps, by schedules: the learning rate, or any by name. Schedules give
 * factors, so that groups with rates of their own keep their ratios. Compiled steps read what changes: the first change of
 * another number than the learning rate makes them anew, and no other does.
 *
 * @throws OptionError for a hyperparameter that no group has, for an unknown group, and for a schedule that gives no number
 * @example
 * const sgd = new SGD(model, { learningRate: 0.1, momentum: 0.9 })
 * const scheduler = new Scheduler(sgd, { learningRate: schedules.cosine({ steps: 10 }), momentum: (step) => 1 / (1 + step) })
 * for (let i = 0; i < 5; i++) scheduler.step()   // after each sgd.step()
 * sgd.learningRate   // 0.05
 * sgd.groups[0].momentum   // 0.15
 */
export class Scheduler {
  /** Whose hyperparameters change. */
  readonly optimizer: Optimizer
  readonly #courses: readonly Course[]
  readonly #plateaus: readonly Plateau[]
  #step = 0

  /** @param schedule of the learning rate, or an object of schedules by hyperparameter */
  constructor(optimizer: Optimizer, schedule: NumberSchedule | ScheduleTable, options: SchedulerOptions = {}) {
    takes.constructor(arguments)
    this.optimizer = optimizer
    this.#courses = coursesOf(optimizer.groups as unknown as readonly Group[], schedule, options.groups ?? {})
    const all = this.#courses.flatMap(({ schedules }) => schedules)
    this.#plateaus = [...new Set(all.filter((each) => each instanceof Plateau))]
    for (const plateau of this.#plateaus) {
      if (taken.has(plateau)) {
        throw new OptionError('Scheduler: this plateau has seen the losses of another scheduler; make one for each.')
      }
      taken.add(plateau)
    }
    this.#apply()
  }

  /** How many steps there were: what schedules are given. */
  get currentStep(): number {
    return this.#step
  }

  /** Whether it goes by losses too: `observe` tells it of them. */
  get observes(): boolean {
    return this.#plateaus.length > 0
  }

  /** Goes on to the next step. To be called after each step of the optimizer. */
  step(): void {
    takes.step(arguments)
    this.#step++
    this.#apply()
  }

  /**
   * Tells its plateaus of a loss, after an epoch as a rule.
   *
   * @throws OptionError for NaN, and where no schedule is a plateau
   */
  observe(loss: number): void {
    takes.observe(arguments)
    if (this.#plateaus.length === 0) {
      throw new OptionError(
        'Scheduler.observe: nothing here goes by a loss; give it schedules.plateau(), or leave this out.',
      )
    }
    for (const plateau of this.#plateaus) plateau.observe(loss)
    this.#apply()
  }

  /** Where it is, as plain numbers: what `loadStateDict` goes on from. */
  stateDict(): SchedulerState {
    takes.stateDict(arguments)
    const initial: Record<string, Record<string, Value>> = {}
    for (const course of this.#courses) {
      initial[course.group.name] = { ...initial[course.group.name], [course.name]: valueOf(course.initial) }
    }
    return { step: this.#step, initial, plateaus: this.#plateaus.map((plateau) => plateau.stateDict()) }
  }

  /**
   * Goes on from where another of the same schedules was, and sets the hyperparameters. Nothing is changed if anything does
   * not fit.
   *
   * @throws StateDictError for a state of other groups, hyperparameters or plateaus
   */
  loadStateDict(state: SchedulerState): void {
    takes.loadStateDict(arguments)
    requireKeys('it', state, ['step', 'initial', 'plateaus'])
    requireKeys('initial', state.initial, [...new Set(this.#courses.map(({ group }) => group.name))])
    for (const { name } of this.optimizer.groups) {
      const own = this.#courses.filter(({ group }) => group.name === name)
      if (own.length > 0)
        requireKeys(
          `initial.${name}`,
          state.initial[name],
          own.map((course) => course.name),
        )
    }
    const initial = this.#courses.map((course) => requireInitial(state, course))
    const { step, plateaus } = state
    if (!Number.isSafeInteger(step) || step < 0) {
      throw new StateDictError(
        `${loading}: step is ${typeof step === 'number' ? step : `of type ${typeof step}`}; pass what stateDict() gave.`,
      )
    }
    if (!Array.isArray(plateaus) || plateaus.length !== this.#plateaus.length) {
      const there = Array.isArray(plateaus) ? plateaus.length : 'no'
      throw new StateDictError(
        `${loading}: ${there} plateaus are saved and ${this.#plateaus.length} are here; make the same schedules.`,
      )
    }
    const before = this.#plateaus.map((plateau) => plateau.stateDict())
    try {
      for (const [i, plateau] of this.#plateaus.entries()) plateau.loadStateDict(plateaus[i]!)
    } catch (error) {
      for (const [i, plateau] of this.#plateaus.entries()) plateau.loadStateDict(before[i]!)
      throw error
    }
    for (const [i, course] of this.#courses.entries()) course.initial = initial[i]!
    this.#step = step
    this.#apply()
  }

  #apply(): void {
    for (const { group, name, schedules, initial } of this.#courses) {
      const current = numbersOf(group[name])!
      const next = schedules.map((each, i) =>
        each === null ? current[i]! : valueAt(each, this.#step, initial[i]!, name),
      )
      group[name] = valueOf(next)
    }
  }
}

brand(Scheduler)

/** Plateaus that are of a scheduler: what they have seen is of its training. */
const taken = new WeakSet<Plateau>()

const loading = 'Scheduler.loadStateDict'

/** The numbers of a hyperparameter; undefined for what is none. */
const numbersOf = (value: unknown): readonly number[] | undefined => {
  const numbers = Array.isArray(value) ? value : [value]
  return numbers.every((each) => typeof each === 'number') ? [...numbers] : undefined
}
const valueOf = (numbers: readonly number[]): Value => (numbers.length === 1 ? numbers[0]! : [numbers[0]!, numbers[1]!])

const valueAt = (schedule: NumberSchedule, step: number, initial: number, name: string): number => {
  if (schedule instanceof Plateau) return initial * schedule.factor
  const given = schedule(step)
  if (!Number.isFinite(given)) {
    throw new OptionError(
      `Scheduler: the schedule of ${name} gives ${String(given)} at step ${step}; return a finite number.`,
    )
  }
  return isAbsolute(schedule) ? given : initial * given
}

const tableOf = (schedule: NumberSchedule | ScheduleTable): ScheduleTable =>
  isOne(schedule) ? { learningRate: schedule } : schedule

const coursesOf = (
  groups: readonly Group[],
  common: NumberSchedule | ScheduleTable,
  own: NonNullable<SchedulerOptions['groups']>,
): Course[] => {
  const names = groups.map(({ name }) => name)
  for (const name of Object.keys(own)) {
    if (names.includes(name)) continue
    throw new OptionError(`Scheduler: there is no group ${name}; its groups are ${names.join(', ')}: use one of these.`)
  }
  for (const name of Object.keys(tableOf(common))) {
    if (groups.some((group) => numbersOf(group[name]) !== undefined)) continue
    throw unknownHyper(name, groups[0]!)
  }
  return groups.flatMap((group) => {
    const ofGroup = Object.hasOwn(own, group.name) ? tableOf(own[group.name]!) : {}
    for (const name of Object.keys(ofGroup)) if (numbersOf(group[name]) === undefined) throw unknownHyper(name, group)
    return Object.entries({ ...tableOf(common), ...ofGroup }).flatMap(([name, given]) => {
      const initial = numbersOf(group[name])
      if (initial === undefined) return []
      const schedules = isOne(given) ? [given] : given
      if (schedules.length === initial.length) return [{ group, name, schedules, initial }]
      throw new OptionError(
        initial.length === 1
          ? `Scheduler: ${name} is one number; give it one schedule.`
          : `Scheduler: ${name} are ${initial.length} numbers; give an array with a schedule for each, or null.`,
      )
    })
  })
}

const unknownHyper = (name: string, group: Group): OptionError =>
  new OptionError(
    `Scheduler: no group of this optimizer has ${name}; use one of ${Object.keys(group)
      .filter((each) => numbersOf(group[each]) !== undefined)
      .join(', ')}.`,
  )

/** Throws unless a part of a saved state has just these keys. */
const requireKeys = (what: string, part: unknown, keys: readonly string[]): void => {
  const found = isObject(part) ? Object.keys(part) : []
  const wrong = [...keys.filter((key) => !found.includes(key)), ...found.filter((key) => !keys.includes(key))]
  if (wrong.length === 0) return
  throw new StateDictError(
    `${loading}: ${what} has ${found.join(', ') || 'nothing'} and not ${keys.join(', ')}; pass a state of the same schedules.`,
  )
}

const requireInitial = (state: SchedulerState, { group, name, initial }: Course): readonly number[] => {
  const saved = numbersOf(state.initial?.[group.name]?.[name])
  if (saved?.length === initial.length) return saved
  throw new StateDictError(
    `${loading}: there is no ${name} of group ${group.name} in it; pass a state of the same schedules.`,
  )
}
