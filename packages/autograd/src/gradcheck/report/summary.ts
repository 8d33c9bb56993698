import type { Report, Verdict } from './report.js'

/** What became of one check of a table. */
export interface Checked {
  /** What the table calls it. */
  readonly name: string
  /** Its verdict; what threw has failed. */
  readonly verdict: Verdict
  /** What was found; null if something threw instead. */
  readonly report: Report | null
  /** What was thrown, as text; null if nothing was. */
  readonly threw: string | null
  /** How long it took. */
  readonly seconds: number
}

/** What `gradcheckAll` found. As text it is a line for each check, and then what did not pass in full. */
export interface Summary {
  /** `fail` if a check fails, otherwise `inconclusive` if one is, otherwise `pass`. */
  readonly verdict: Verdict
  /** What became of each check, in the order of the table. */
  readonly checks: readonly Checked[]
  /** How many checks have each verdict. */
  readonly counts: Readonly<Record<Verdict, number>>
  /** The page. */
  toString(): string
}

const verdicts = ['fail', 'inconclusive', 'pass'] as const

export const summaryOf = (checks: readonly Checked[]): Summary => {
  const countOf = (wanted: Verdict) => checks.filter(({ verdict }) => verdict === wanted).length
  const counts = { pass: countOf('pass'), inconclusive: countOf('inconclusive'), fail: countOf('fail') }
  const verdict = verdicts.find((each) => counts[each] > 0) ?? 'pass'
  return { verdict, checks, counts, toString: () => pageOf({ verdict, checks, counts }) }
}

const pageOf = ({ verdict, checks, counts }: Omit<Summary, 'toString'>): string => {
  const counted = verdicts.filter((each) => counts[each] > 0).map((each) => `${counts[each]} ${each}`)
  const width = Math.max(...verdicts.filter((each) => counts[each] > 0).map((each) => each.length))
  return [
    `gradcheckAll: ${verdict} (${counted.join(', ')})`,
    ...checks.map((check) => `  ${check.verdict.padEnd(width)}  ${check.name}`),
    ...checks
      .filter((check) => check.verdict !== 'pass')
      .map(({ name, report, threw }) => `\n${name}\n${report ?? `  it threw ${threw}`}`),
  ].join('\n')
}
