import type { Summary, Verdict } from '@adjoint/autograd/gradcheck'

/** What was found in a file. */
export interface FileSummary {
  /** The file, as it was given. */
  readonly file: string
  /** What became of its checks. */
  readonly summary: Summary
}

/** `fail` if a file fails, otherwise `inconclusive` if one is, otherwise `pass`. */
export const verdictOf = (found: readonly FileSummary[]): Verdict =>
  (['fail', 'inconclusive'] as const).find((each) => found.some(({ summary }) => summary.verdict === each)) ?? 'pass'
