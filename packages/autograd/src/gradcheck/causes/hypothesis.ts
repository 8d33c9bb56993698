import type { Evidence } from './evidence.js'

/** What may be wrong with a derivative. */
export interface Hypothesis {
  /** The mistake, in a word or two. */
  readonly cause: string
  /** What is wrong in words, or null unless that explains the numbers at every point. */
  readonly explain: (evidence: Evidence) => string | null
}
