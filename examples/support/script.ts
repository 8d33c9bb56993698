import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DataFileError } from '../data/idx.js'
import { type CheckpointOptions, Stopped } from './checkpoint.js'

/** How an example is run. */
export interface RunOptions {
  /** A few seconds at most, with less to show. */
  readonly short?: boolean
  /** Where lines of text go: the terminal unless a test wants them. */
  readonly print?: (text: string) => void
  /** Where the training is saved, and whether it goes on from there. Examples without a training have no use for it. */
  readonly checkpoint?: CheckpointOptions
  /** Stops the training, which is saved first. */
  readonly signal?: AbortSignal
}

/**
 * Runs an example if its file is the one that Node was asked to run. `--short` on the command line asks for a short run.
 * A training is saved in the folder `output`, also when it is stopped by ctrl-C, and `--resume` goes on with it.
 * Of data that are missing or damaged it says so in a sentence, and fails.
 */
export const runAsScript = async (url: string, run: (options: RunOptions) => unknown): Promise<void> => {
  const script = process.argv[1]
  if (script === undefined || realpathSync(script) !== fileURLToPath(url)) return
  const asked = (option: string) => process.argv.includes(option)
  const short = asked('--short')
  try {
    await run({
      short,
      checkpoint: { folder: join(dirname(script), 'output', short ? 'short' : ''), resume: asked('--resume') },
      // an example that does not ask for it is ended by ctrl-C as any other program
      get signal() {
        const stop = new AbortController()
        process.once('SIGINT', () => stop.abort())
        return stop.signal
      },
    })
  } catch (error) {
    if (!(error instanceof DataFileError || error instanceof Stopped)) throw error
    console.error(`\n${error.message}`)
    process.exitCode = 1
  }
}
