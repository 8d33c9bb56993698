import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DataFileError } from '../data/idx.js'

/** How an example is run. */
export interface RunOptions {
  /** A few seconds at most, with less to show. */
  readonly short?: boolean
  /** Where lines of text go: the terminal unless a test wants them. */
  readonly print?: (text: string) => void
}

/**
 * Runs an example if its file is the one that Node was asked to run. `--short` on the command line asks for a short run.
 * Of data that are missing or damaged it says so in a sentence, and fails.
 */
export const runAsScript = async (url: string, run: (options: RunOptions) => unknown): Promise<void> => {
  const script = process.argv[1]
  if (script === undefined || realpathSync(script) !== fileURLToPath(url)) return
  try {
    await run({ short: process.argv.includes('--short') })
  } catch (error) {
    if (!(error instanceof DataFileError)) throw error
    console.error(`\n${error.message}`)
    process.exitCode = 1
  }
}
