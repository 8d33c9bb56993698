import type { Checked } from '@adjoint/autograd/gradcheck'
import type { FileSummary } from '../file-summary.js'
import type { Reporter } from './reporter.js'

/** XML as JUnit has it: a suite for each file. What is wrong is a failure; what could not be checked, or threw, an error. */
export const junit: Reporter = (found) =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="adjoint-gradcheck"${countsOf(found.flatMap(({ summary }) => summary.checks))}>`,
    ...found.flatMap(suiteOf),
    '</testsuites>\n',
  ].join('\n')

const suiteOf = ({ file, summary: { checks } }: FileSummary): string[] => [
  `  <testsuite name="${attribute(file)}"${countsOf(checks)}>`,
  ...checks.flatMap((check) => caseOf(file, check)),
  '  </testsuite>',
]

const caseOf = (file: string, check: Checked): string[] => {
  const start = `    <testcase classname="${attribute(file)}" name="${attribute(check.name)}" time="${secondsOf([check])}"`
  const kind = kindOf(check)
  if (kind === null) return [`${start}/>`]
  const text = `${check.report ?? check.threw}`
  // the verdict, and the cause where there is one
  const [first, second = ''] = text.split('\n')
  const message = `${first}; ${second.trim()}`.replace(/; $/, '')
  const type = check.report === null ? 'threw' : check.verdict
  return [
    `${start}>`,
    `      <${kind} type="${type}" message="${attribute(message)}">${escaped(text)}</${kind}>`,
    '    </testcase>',
  ]
}

const kindOf = ({ verdict, report }: Checked): 'failure' | 'error' | null => {
  if (verdict === 'pass') return null
  return verdict === 'fail' && report !== null ? 'failure' : 'error'
}

const countsOf = (checks: readonly Checked[]): string => {
  const count = (kind: string) => checks.filter((check) => kindOf(check) === kind).length
  const counts = `tests="${checks.length}" failures="${count('failure')}" errors="${count('error')}"`
  return ` ${counts} skipped="0" time="${secondsOf(checks)}"`
}

const secondsOf = (checks: readonly Checked[]): string =>
  checks.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(3)

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const entityOf = (character: string): string => entities[character] ?? `&#${character.charCodeAt(0)};`

/** Text for an element: what XML cannot have at all becomes a replacement character. */
const escaped = (text: string): string =>
  text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD').replace(/[&<>"\r]/g, entityOf)

/** Text for an attribute, in which a parser makes spaces of line ends that are not written by number. */
const attribute = (text: string): string => escaped(text).replace(/[\t\n]/g, entityOf)
