import { AdjointError } from '../../graph/errors.js'
import type { Diagnosis } from '../causes/diagnose.js'
import type { Comparison, Element } from '../comparison/agreement.js'
import type { Culprit } from '../culprits/culprit.js'
import type { Doubt } from '../subject/doubt.js'

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
  /** The page. */
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

export const reportOf = (seed: number, orders: readonly OrderReport[], notes: readonly string[]): Report => {
  const verdicts = orders.map(({ verdict }) => verdict)
  const verdict = verdicts.includes('fail') ? 'fail' : verdicts.includes('inconclusive') ? 'inconclusive' : 'pass'
  return { verdict, orders, notes, seed, toString: () => pageOf(verdict, seed, orders, notes) }
}

/** The verdict on what was found, nothing having been thrown. */
export const verdictOf = (comparisons: readonly Comparison[], doubts: readonly Doubt[]): Verdict =>
  comparisons.some(({ agrees }) => !agrees) ? 'fail' : doubts.length > 0 ? 'inconclusive' : 'pass'

const pageOf = (verdict: Verdict, seed: number, orders: readonly OrderReport[], notes: readonly string[]): string =>
  [
    `gradcheck: ${verdict} (seed ${seed})`,
    ...notes.map((note) => `  note: ${note}`),
    ...orders.flatMap(linesOfOrder),
  ].join('\n')

const linesOfOrder = ({ order, verdict, coverage, nearby, ...found }: OrderReport): string[] => {
  const { comparisons, doubts, broken, diagnoses, culprits } = found
  const beside = nearby === 0 ? '' : `, and directions at ${nearby} point${nearby === 1 ? '' : 's'} nearby`
  return [
    `order ${order}: ${verdict}, ${coverage}${beside}`,
    ...(broken === null ? [] : [`  ${broken}`]),
    ...comparisons.filter(({ compared }) => compared > 0).flatMap(linesOfComparison),
    ...linesOfDoubts(doubts),
    ...culprits.flatMap(linesOfCulprit),
    ...diagnoses.map(({ says }) => `  cause: ${says}`),
  ]
}

const linesOfCulprit = ({ says, diagnoses }: Culprit): string[] => [
  `  op: ${says}`,
  ...diagnoses.map((diagnosis) => `    cause: ${diagnosis.says}`),
]

const linesOfComparison = ({ left, right, agrees, compared, disagreements, worst }: Comparison): string[] => {
  const title = `  ${left} = ${right}`
  if (worst === null) return []
  if (agrees) return [`${title}: yes, ${compared} compared, worst ${place(worst)} off by ${number(worst.error)}`]
  const width = Math.max(left.length, right.length)
  return [
    `${title}: NO, ${disagreements} of ${compared} differ; ${place(worst)}`,
    `    ${left.padEnd(width)}  ${worst.left}`,
    `    ${right.padEnd(width)}  ${worst.right}`,
    `    error ${number(worst.error)} is ${number(worst.error / worst.bar)} bars of ${number(worst.bar)}, ` +
      `ratio ${number(worst.ratio)}`,
  ]
}

const place = ({ input, output }: Element): string => `${input} -> ${output}`
const number = (x: number): string =>
  Math.abs(x) >= 1e6 && Number.isFinite(x) ? x.toExponential(1) : String(Number(x.toPrecision(4)))

const shownDoubts = 4

const linesOfDoubts = (doubts: readonly Doubt[]): string[] => {
  const lines = doubts
    .slice(0, shownDoubts)
    .map(({ input, output, says }) => `  not checked: ${input} -> ${output}: ${says}`)
  const more = doubts.length - lines.length
  return more > 0 ? [...lines, `  ... and ${more} more that could not be checked`] : lines
}
