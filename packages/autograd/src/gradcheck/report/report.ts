import { AdjointError } from '../../graph/errors.js'
import type { Diagnosis } from '../causes/diagnose.js'
import type { Comparison } from '../comparison/agreement.js'
import type { Culprit } from '../culprits/culprit.js'
import type { Doubt } from '../subject/doubt.js'
import type { WrongTensor } from './wrong.js'

/**
 * `pass`: every derivative agrees in all modes. `fail`: one is wrong. `inconclusive`: none is seen to be wrong, but some
 * have nothing to compare with; the doubts say why.
 */
export type Verdict = 'pass' | 'fail' | 'inconclusive'

/** What was found at one order of differentiation. */
export interface OrderReport {
  /** First derivatives, or second ones. */
  readonly order: 1 | 2
  /** Whether the derivatives are right, wrong, or could not be checked. */
  readonly verdict: Verdict
  /** What part of the Jacobian was looked at, in words. */
  readonly coverage: string
  /** At how many points nearby the modes were compared too, along random directions. */
  readonly nearby: number
  /** Each mode held against the differences, and the modes against each other. */
  readonly comparisons: readonly Comparison[]
  /** What could not be checked. */
  readonly doubts: readonly Doubt[]
  /** What a mode threw instead of a derivative; null if none did. */
  readonly broken: string | null
  /** Why what is wrong is wrong, where that was found out. */
  readonly diagnoses: readonly Diagnosis[]
  /** The tensors by whose elements derivatives are wrong, where each element was looked at. */
  readonly wrong: readonly WrongTensor[]
  /** Which ops are wrong by themselves, of those that the function applies. */
  readonly culprits: readonly Culprit[]
}

/** What `gradcheck` found. As text it is a page to read. */
export interface Report {
  /** Whether the derivatives are right, wrong, or could not be checked. */
  readonly verdict: Verdict
  /** What was found at each order. */
  readonly orders: readonly OrderReport[]
  /** What was done to the inputs, and what was left out. */
  readonly notes: readonly string[]
  /** With this seed the check repeats itself exactly. */
  readonly seed: number
  /** How many error bars a derivative may lie from what differences show. */
  readonly tolerance: number
  /** The call that was made, to be pasted; null if all is well. */
  readonly repro: string | null
  /** The page: one line if all is well. */
  toString(): string
}

/** The gradient is wrong, or could not be checked: the message is the report. */
export class GradcheckError extends AdjointError {
  override readonly name = 'GradcheckError'
  /** All that was found. */
  readonly report: Report

  constructor(report: Report) {
    super(`\n${report}`)
    this.report = report
  }
}
