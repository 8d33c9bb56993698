import type { Reporter } from './reporter.js'

/** A line for each check, and in full what did not pass. */
export const human: Reporter = (found) => found.map(({ file, summary }) => `${file}\n${summary}\n`).join('\n')
