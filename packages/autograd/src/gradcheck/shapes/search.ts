import * as fc from 'fast-check'
import type { Tensor } from '../../tensor/tensor.js'
import { reportOn } from '../gradcheck.js'
import type { GradcheckOptions } from '../options.js'
import type { Report, Verdict } from '../report/report.js'
import type { Draw, Draws } from './draws.js'

/** What became of a draw: a report, or what was thrown instead. */
export interface Outcome {
  readonly report: Report | null
  readonly threw: { readonly error: unknown } | null
}

export interface Asked {
  readonly f: (...inputs: Tensor[]) => unknown
  readonly draws: Draws
  readonly options: GradcheckOptions
  readonly seed: number
  readonly numRuns: number
  readonly path: string | undefined
}

/** The smallest draw that has a verdict. */
export interface Found {
  readonly draw: Draw
  readonly path: string
  /** How many draws it took to find one, and how often that was shrunk. */
  readonly runs: number
  readonly shrinks: number
}

export const outcomeOf = (asked: Asked, draw: Draw, options: GradcheckOptions, explains: boolean): Outcome => {
  try {
    return { report: reportOn(asked.f, asked.draws.tensors(draw), options, explains), threw: null }
  } catch (error) {
    return { report: null, threw: { error } }
  }
}

const verdictOf = ({ report }: Outcome): Verdict => report?.verdict ?? 'fail'

/** Draws until one has a verdict, and shrinks that: smaller draws are asked for no more than shows again what was seen. */
export const smallest = (
  asked: Asked,
  wanted: Verdict,
): { readonly found: Found | null; readonly inconclusive: number } => {
  const { draws, options, seed, numRuns, path } = asked
  let inconclusive = 0
  let first: Outcome | null = null
  const isOther = (draw: Draw): boolean => {
    const outcome = outcomeOf(asked, draw, first === null ? options : { ...options, ...probeOf(first) }, false)
    const verdict = verdictOf(outcome)
    if (first !== null) return verdict !== wanted || (first.threw === null) !== (outcome.threw === null)
    if (verdict === 'inconclusive') inconclusive++
    if (verdict !== wanted) return true
    first = outcome
    return false
  }
  const runs = path === undefined ? { numRuns } : { path, numRuns: 1 }
  const details = fc.check(fc.property(draws, isOther), { seed, ...runs })
  if (!details.failed) return { found: null, inconclusive }
  const [draw] = details.counterexample!
  const found = { draw, path: details.counterexamplePath!, runs: details.numRuns, shrinks: details.numShrinks }
  return { found, inconclusive }
}

/** The order at which something was seen, and whether that was beside the point. */
const probeOf = ({ report }: Outcome): GradcheckOptions => {
  const seen = report?.orders.find(({ verdict }) => verdict !== 'pass')
  return { order: seen?.order ?? 1, nearby: seen?.verdict === 'fail' ? seen.nearby : 0 }
}
