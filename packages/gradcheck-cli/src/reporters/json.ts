import { verdictOf } from '../file-summary.js'
import type { Reporter } from './reporter.js'

/** All that was found, as data; the page of a report is its `text`, and numbers that JSON lacks are strings. */
export const json: Reporter = (found) => {
  const files = found.map(({ file, summary: { verdict, counts, checks } }) => ({
    file,
    verdict,
    counts,
    checks: checks.map(({ report, ...check }) => ({ ...check, report: report && { ...report, text: `${report}` } })),
  }))
  return `${JSON.stringify({ verdict: verdictOf(found), files }, plain, 2)}\n`
}

const plain = (_key: string, value: unknown): unknown => {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value
}
