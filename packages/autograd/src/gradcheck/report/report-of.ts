import type { Comparison } from '../comparison/agreement.js'
import type { Doubt } from '../subject/doubt.js'
import type { OrderReport, Report, Verdict } from './report.js'
import { textOf } from './text.js'

/** What was asked: with the same, a check repeats itself exactly. */
export interface Asked {
  readonly seed: number
  readonly tolerance: number
  /** The call, to be pasted. */
  readonly repro: () => string
}

export const reportOf = (
  { seed, tolerance, repro }: Asked,
  orders: readonly OrderReport[],
  notes: readonly string[],
): Report => {
  const verdicts = orders.map(({ verdict }) => verdict)
  const verdict = verdicts.includes('fail') ? 'fail' : verdicts.includes('inconclusive') ? 'inconclusive' : 'pass'
  const found = { verdict, orders, notes, seed, tolerance, repro: verdict === 'pass' ? null : repro() } as const
  return { ...found, toString: () => textOf(found) }
}

/** The verdict on what was found, nothing having been thrown. */
export const verdictOf = (comparisons: readonly Comparison[], doubts: readonly Doubt[]): Verdict =>
  comparisons.some(({ agrees }) => !agrees) ? 'fail' : doubts.length > 0 ? 'inconclusive' : 'pass'
