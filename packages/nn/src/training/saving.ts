import { kinds, type RandomState } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { requireCount, StateDictError } from '../errors.js'
import { count, isObject } from '../kinds.js'
import { generatorsOf, statesOf } from './generators.js'
import type { PatienceState } from './patience.js'
import type { Position } from './position.js'
import type { EpochReport } from './reports.js'
import { loadTrainingState, type TrainingParts, type TrainingState, trainingState } from './training-state.js'

/** When and how a training is saved. */
export interface SaveOptions {
  /** Writes a state: `(state) => saveTree('training.safetensors', state)`. A promise is waited for. */
  readonly write: (state: TrainingState) => unknown
  /** After how many batches. Default after each epoch only. */
  readonly every?: number
}

/** How a training is saved, and what it goes on from. */
export interface Saving {
  /**
   * Writes the state of the training: after each epoch, after every so many batches if that is said, and when the signal stops it.
   */
  readonly save?: SaveOptions | SaveOptions['write']
  /** A state to go on from; model, data and options are made as they were made there. */
  readonly resume?: TrainingState
}

export const savingKinds = {
  save: kinds.kind(
    'a function that writes a state, or { write, every }',
    (thing) => typeof thing === 'function' || (isObject(thing) && typeof thing.write === 'function'),
  ),
  resume: kinds.kind('what save was given', (thing) => isObject(thing) && !Array.isArray(thing)),
}
const takesSave = checker('fit', { save: { write: kinds.required(kinds.function), every: count } })

/** What a state of `fit` has beside that of the training. */
export interface Saved extends Position {
  readonly rows: readonly EpochReport[]
  readonly patience?: PatienceState
}

/** Where a position is saved, with what else there is to say of it. */
export const createSaver = ({ save }: Saving, parts: TrainingParts, savedAt: (position: Position) => object) => {
  const { write, every }: Partial<SaveOptions> = typeof save === 'function' ? { write: save } : (save ?? {})
  if (isObject(save)) takesSave([save])
  if (every !== undefined) requireCount('fit', 'save.every', every)
  const put = async (position: Position): Promise<void> => {
    await write?.(trainingState(parts, savedAt(position)))
  }
  // batches since it was written
  let since = 0
  return {
    parts,
    /** The states of all generators now. */
    random: (): RandomState[] => statesOf(generatorsOf(parts.model, parts.data, parts.randoms)),
    /** Counts a batch, and tells whether so many have gone that it is to be written. */
    isDue: (): boolean => every !== undefined && ++since >= every,
    write: (position: Position): Promise<void> => {
      since = 0
      return put(position)
    },
  }
}
export type Saver = ReturnType<typeof createSaver>

/** Takes over a state of a training by `fit`, and says where it stands. @param stopsEarly whether this one may */
export const savedOf = (resume: TrainingState, parts: TrainingParts, stopsEarly: boolean): Saved => {
  const { epoch, batch, begun, rows, patience } = (resume.more ?? {}) as Partial<Saved>
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
  if (!isCount(epoch) || !isCount(batch) || !Array.isArray(rows) || (batch! > 0 && !isObject(begun))) {
    throw new StateDictError(
      'fit: what to resume was not saved by fit: it says no epoch and batch; load it by loadTrainingState, and begin anew.',
    )
  }
  if ((patience !== undefined) !== stopsEarly) {
    throw new StateDictError(
      `fit: the training to resume was ${stopsEarly ? 'not ' : ''}one that may stop early; give the same earlyStopping.`,
    )
  }
  return loadTrainingState(resume, parts) as Saved
}
