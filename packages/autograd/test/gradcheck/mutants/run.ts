import { gradcheck, type Report } from '@adjoint/autograd/gradcheck'
import type { Awkward } from './awkward/awkward.js'
import { type Cause, causes } from './causes.js'
import type { Case, Fault, PlainFunctions } from './kit.js'

// The checker of today at work on the suite. What a report says of a cause is looked for in its words.

type Verdict = Report['verdict'] | 'threw'

interface Checked {
  readonly verdict: Verdict
  readonly report: Report | null
  readonly text: string
  readonly seconds: number
}

type Check = (f: unknown, inputs: unknown, options: object) => Report
type BlackBox = (functions: PlainFunctions, x: Float64Array, options: object) => Report
const check = gradcheck as unknown as Check & { readonly blackBox?: BlackBox }

const checked = ({ f, inputs, blackBox }: Case, seed: number): Checked => {
  const start = process.cpuUsage()
  const seconds = (): number => {
    const { user, system } = process.cpuUsage(start)
    return (user + system) / 1e6
  }
  try {
    const report =
      blackBox !== undefined && check.blackBox !== undefined
        ? check.blackBox(blackBox, Float64Array.from((inputs[0] as { data: Float64Array }).data), { seed })
        : check(f, inputs, { seed })
    return { verdict: report.verdict, report, text: `${report}`, seconds: seconds() }
  } catch (error) {
    return { verdict: 'threw', report: null, text: String(error), seconds: seconds() }
  }
}

/** What became of a planted fault. */
export interface FaultOutcome {
  readonly fault: Fault
  readonly seconds: number
  readonly verdict: Verdict
  /** `refused`: an error was thrown instead of a report. */
  readonly found: 'caught' | 'inconclusive' | 'passed' | 'refused'
  /** Whether the worst elements of all that differs are among those that are wrong; null where no place was named or is to blame. */
  readonly location: boolean | null
  /** Whether the cause, or one as right, is named; null where there is none to name. */
  readonly cause: boolean | null
  /** Whether the op is named that is wrong, where it is one of many. */
  readonly op: boolean | null
  /** Causes that are named and are not right. */
  readonly stray: readonly Cause[]
  readonly text: string
}

export const runFault = (fault: Fault, seed = 0): FaultOutcome => {
  const { verdict, report, text, seconds } = checked(fault.make(), seed)
  const named = namedIn(text)
  const right: readonly Cause[] = [fault.cause, ...fault.also]
  const isNamed = right.some((cause) => named.includes(cause))
  const isCaught =
    verdict === 'fail' ||
    (verdict === 'inconclusive' && fault.caughtBy.includes('doubt')) ||
    (verdict === 'pass' && fault.caughtBy.includes('note') && isNamed)
  const missed = verdict === 'threw' ? 'refused' : verdict === 'inconclusive' ? 'inconclusive' : 'passed'
  return {
    ...{ fault, seconds, verdict, text, found: isCaught ? 'caught' : missed },
    location: isCaught && report !== null ? isPlaceRight(fault, report) : null,
    cause: fault.cause === 'other' ? null : isCaught && isNamed,
    op: fault.op === null ? null : new RegExp(`\\b${fault.op}\\b`).test(text),
    stray: named.filter((cause) => !right.includes(cause)),
  }
}

/** The words beside numbers: neither derivatives that are compared, nor the call that was made. */
const wordsOf = (text: string): string =>
  text
    .split('  to see it again:')[0]!
    .split('\n')
    .filter((line) => !/^ {4}.*( bars|error +ratio)/.test(line))
    .join('\n')

/** The causes whose words a report has. */
export const namedIn = (text: string): Cause[] => {
  const words = wordsOf(text)
  return (Object.keys(causes) as Cause[]).filter((cause) => cause !== 'other' && causes[cause].test(words))
}

const isPlaceRight = ({ where, mode }: Fault, { orders }: Report): boolean | null => {
  if (where === null) return null
  const wrong = orders.flatMap(({ comparisons }) =>
    comparisons.filter(({ agrees, worst, right }) => !agrees && worst !== null && right.startsWith('numeric')),
  )
  // what a black box is given is called x
  const places = wrong.map(({ worst }) => [worst!.input.replace(/^x\b/, 'input[0]'), worst!.output])
  const named = places.filter(([input]) => input!.startsWith('input'))
  // where only modes differ from each other, no place is known
  if (named.length === 0) return null
  const isOther = wrong.some(
    ({ left, right }) =>
      right === 'numeric' && mode !== 'both' && (left === 'reverse' || left === 'forward') && left !== mode,
  )
  const isIn = (name: string): boolean =>
    Object.entries(where).some(([path, elements]) => {
      const start = `input${path}`
      const index = /^\[([\d, ]*)\]$/.exec(name.slice(start.length))
      if (!name.startsWith(start) || (index === null && name !== start)) return false
      return elements(...(index?.[1] ?? '').split(',').filter(Boolean).map(Number))
    })
  return !isOther && named.every(([input, output]) => isIn(input!) || isIn(output!.replace('gradient by ', '')))
}

/** What became of an awkward function with one seed. */
export interface AwkwardOutcome {
  readonly awkward: Awkward
  readonly seed: number
  readonly seconds: number
  readonly verdict: Verdict
  /** `false alarm`: it fails. `needless doubt`: of a kind that is not right. `unseen`: it passes where there is a doubt. */
  readonly found: 'right' | 'false alarm' | 'needless doubt' | 'unseen'
  readonly text: string
}

export const runAwkward = (awkward: Awkward, seed: number): AwkwardOutcome => {
  const { verdict, report, text, seconds } = checked(awkward.make(seed), seed)
  const right: readonly string[] = awkward.right
  const kinds = report?.orders.flatMap(({ doubts }) => doubts.map(({ kind }) => kind)) ?? []
  const found =
    verdict === 'fail' || verdict === 'threw'
      ? 'false alarm'
      : verdict === 'pass'
        ? right.includes('pass')
          ? 'right'
          : 'unseen'
        : kinds.every((kind) => right.includes(kind))
          ? 'right'
          : 'needless doubt'
  return { awkward, seed, seconds, verdict, found, text }
}
