import type { FileSummary } from '../file-summary.js'

/** Tells what was found, as the text of a file. */
export type Reporter = (found: readonly FileSummary[]) => string
