import { kinds, Random, type RandomState } from '@adjoint/autograd'
import { checker } from '../checker.js'
import type { Data } from '../data/batch.js'
import { StateDictError } from '../errors.js'
import { isIterable, isObject } from '../kinds.js'
import { runnable } from '../module/runnable.js'
import type { Optimizer } from '../optimizers/optimizer.js'
import { Scheduler } from '../schedules/scheduler.js'
import type { StateDict } from '../state/state-dict.js'
import type { Model } from './evaluate.js'
import { generatorsOf, restore, statesOf } from './generators.js'
import * as kind from './kinds.js'
import { stepKinds } from './train-step.js'
import type { WeightAverage } from './weight-average.js'

/** What a training is made of, as far as it changes. */
export interface TrainingParts {
  /** What is trained. */
  readonly model: Model
  /** What takes the steps. */
  readonly optimizer: Optimizer
  /** What changes the numbers of the optimizer, if anything does. */
  readonly schedule?: Scheduler
  /** A mean of the weights, if one is kept. */
  readonly average?: WeightAverage
  /** Where batches come from: their generator is saved too. */
  readonly data?: Data
  /** Further generators that are drawn from, beside the global one and those that the modules and the data have. */
  readonly randoms?: readonly Random[]
}

/** A training as a plain tree of tensors, numbers and strings, to be written to a file. */
export interface TrainingState {
  /** What tells it from other trees. */
  readonly kind: 'training'
  /** Of this form. */
  readonly version: 1
  /** Parameters and buffers by path. */
  readonly model: StateDict
  /** What the optimizer remembers. */
  readonly optimizer: StateDict
  /** Where the schedule is. */
  readonly schedule?: object
  /** The mean of the weights. */
  readonly average?: StateDict
  /** Of all generators, in their order. */
  readonly random: readonly RandomState[]
  /** What the caller has added. */
  readonly more?: unknown
}

export const partKinds = {
  model: kinds.required(runnable),
  optimizer: kinds.required(kind.optimizer),
  schedule: kinds.instance(Scheduler, 'the schedule of the optimizer: new Scheduler(optimizer, ...), or step.schedule'),
  average: stepKinds.average,
  data: kind.data,
  randoms: kinds.kind(
    'an array of generators',
    (thing) => Array.isArray(thing) && thing.every((each) => each instanceof Random),
  ),
}
const takes = {
  state: checker('trainingState', { parts: partKinds, more: kinds.optional(kinds.anything) }),
  load: checker('loadTrainingState', {
    state: kinds.kind(
      'what trainingState() gives',
      (thing) => isObject(thing) && !isIterable(thing) && !('stateDict' in thing),
    ),
    parts: partKinds,
  }),
}

/**
 * All that a training depends on as it goes on: parameters and buffers, the optimizer, the schedule, the mean of weights, and the
 * generators of random numbers. Loaded into parts that were made alike, training goes on as if it had not been interrupted, bit for bit.
 *
 * @param more what else is to be saved with it, such as the epoch: any tree of tensors and plain values
 * @example
 * const optimizer = new Adam(model)
 * const state = trainingState({ model, optimizer }, { epoch: 3 })
 * loadTrainingState(state, { model, optimizer })   // { epoch: 3 }
 */
export function trainingState(parts: TrainingParts, more?: unknown): TrainingState {
  takes.state(arguments)
  const { model, optimizer, schedule, average, data, randoms } = parts
  return {
    kind: 'training',
    version: 1,
    model: model.stateDict(),
    optimizer: optimizer.stateDict(),
    ...(schedule && { schedule: schedule.stateDict() }),
    ...(average && { average: average.stateDict() }),
    random: statesOf(generatorsOf(model, data, randoms)),
    ...(more !== undefined && { more }),
  }
}

/**
 * Takes over the state of a training.
 *
 * @param state what `trainingState` gave, or the same tree read from a file
 * @returns what was saved with it
 * @throws StateDictError if it is of another training: it says what differs, and nothing is changed
 */
export function loadTrainingState(state: TrainingState, parts: TrainingParts): unknown {
  takes.load(arguments)
  const { model, optimizer, schedule, average, data, randoms } = parts
  requireState(state, { schedule, average })
  const generators = generatorsOf(model, data, randoms)
  // what was there, in case that a later part does not fit
  const before = trainingState(parts)
  const load = (from: TrainingState): void => {
    restore(generators, from.random)
    model.loadStateDict(from.model)
    optimizer.loadStateDict(from.optimizer, optimizer.hasNames ? {} : { byPosition: true })
    schedule?.loadStateDict(from.schedule as never)
    average?.loadStateDict(from.average as StateDict)
  }
  try {
    load(state)
  } catch (error) {
    load(before)
    throw error
  }
  return state.more
}

const requireState = (
  state: TrainingState,
  parts: { readonly schedule: Scheduler | undefined; readonly average: WeightAverage | undefined },
): void => {
  if (
    state.kind !== 'training' ||
    !isObject(state.model) ||
    !isObject(state.optimizer) ||
    !Array.isArray(state.random)
  ) {
    const keys = Object.keys(state).slice(0, 5).join(', ')
    throw new StateDictError(
      `loadTrainingState: this is no state of a training (it has ${keys || 'nothing'}); pass what trainingState() gave. The ` +
        'weights of a model alone are loaded by model.loadStateDict.',
    )
  }
  if (state.version !== 1) {
    throw new StateDictError(
      `loadTrainingState: the state is of version ${state.version}, and this library reads 1; update it.`,
    )
  }
  for (const part of ['schedule', 'average'] as const) {
    const [there, here] = [state[part] !== undefined, parts[part] !== undefined]
    if (there !== here) {
      throw new StateDictError(
        `loadTrainingState: ${part}: the state has ${there ? 'one' : 'none'}, and this training ${here ? 'one' : 'none'}; make it as ` +
          'it was made there.',
      )
    }
  }
}
