import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Module, Progress } from '@adjoint/nn'
import { expect } from 'vitest'
import type { RunOptions } from '../support/script.js'

/** Runs an example that is stopped after so many batches, and then again from what it has saved. */
export const interrupted = async <R>(
  run: (options: RunOptions & { progress?: Progress }) => Promise<R>,
  batches: number,
): Promise<R> => {
  const folder = mkdtempSync(join(tmpdir(), 'adjoint-example-'))
  const stop = new AbortController()
  let left = batches
  const progress: Progress = { start: () => {}, update: () => --left === 0 && stop.abort(), stop: () => {} }
  const quiet = { short: true, print: () => {} }
  try {
    await expect(run({ ...quiet, checkpoint: { folder }, signal: stop.signal, progress })).rejects.toThrow('--resume')
    return await run({ ...quiet, checkpoint: { folder, resume: true } })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** All numbers of a model, by name. */
export const numbersOf = (model: Module): Record<string, number[]> =>
  Object.fromEntries(Object.entries(model.stateDict()).map(([name, tensor]) => [name, [...tensor.data]]))
