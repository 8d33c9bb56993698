import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadTree, saveTree } from '@adjoint/formats/node'
import type { History, TrainingState } from '@adjoint/nn'

/** Where an example saves its training, and whether it goes on from there. */
export interface CheckpointOptions {
  readonly folder: string
  /** Go on from what was saved, if there is something. Default false. */
  readonly resume?: boolean
  /** Save after so many batches too. Default after each epoch, and where the training is stopped. */
  readonly every?: number
}

/** A training on the disk. */
export interface Checkpoint<Notes> {
  /** What the example keeps of its training beside the state, such as the loss of each batch: as it was when that was saved. */
  readonly notes: Notes
  /** To be given to `fit`. */
  readonly saving: {
    readonly save?: { readonly write: (state: TrainingState) => Promise<void>; readonly every?: number }
    readonly resume?: TrainingState
  }
}

interface File<Notes> {
  readonly training: TrainingState
  readonly notes: Notes
}

/**
 * The file of a training, of which an example may have several. It is written anew whenever the training is saved, and a crash
 * meanwhile leaves what was there before.
 *
 * @param options nothing is saved without
 * @param notes those of a training that begins: plain values, which it changes as it goes on
 */
export const openCheckpoint = async <Notes extends object>(
  options: CheckpointOptions | undefined,
  name: string,
  notes: Notes,
): Promise<Checkpoint<Notes>> => {
  if (options === undefined) return { notes, saving: {} }
  const { folder, resume = false, every } = options
  const file = join(folder, `${name}.safetensors`)
  const saved = resume && existsSync(file) ? await loadTree<File<Notes>>(file) : undefined
  const kept = saved?.notes ?? notes
  return {
    notes: kept,
    saving: {
      save: {
        write: (training) => saveTree(file, { training, notes: kept }),
        ...(every !== undefined && { every }),
      },
      ...(saved && { resume: saved.training }),
    },
  }
}

/** A training was stopped before its end. */
export class Stopped extends Error {
  override readonly name = 'Stopped'

  constructor() {
    super('The training was stopped and saved; --resume goes on with it.')
  }
}

/** @throws Stopped if the signal has ended a training */
export const requireFinished = ({ stopped }: Pick<History, 'stopped'>): void => {
  if (stopped === 'signal') throw new Stopped()
}
