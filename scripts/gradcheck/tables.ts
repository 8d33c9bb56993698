import type { AwkwardOutcome, FaultOutcome } from '../../packages/autograd/test/gradcheck/mutants/run.js'

export interface Group<T> {
  readonly group: string
  readonly outcomes: readonly T[]
}

export const count = <T>(list: readonly T[], is: (each: T) => boolean): number => list.filter(is).length
export const secondsOf = (list: readonly { readonly seconds: number }[]): string =>
  list.reduce((total, { seconds }) => total + seconds, 0).toFixed(2)
/** How many are right of those that can be: an empty cell where none can. */
const share = (list: readonly (boolean | null)[]): string => {
  const told = list.filter((each) => each !== null)
  return told.length === 0 ? '' : `${count(told, Boolean)} of ${told.length}`
}

export const markdown = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string => {
  const widths = head.map((word, i) => Math.max(word.length, ...rows.map((row) => String(row[i]).length)))
  const line = (row: readonly (string | number)[]) =>
    `| ${row.map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i]!) : String(cell).padStart(widths[i]!))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(head), rule, ...rows.map(line)].join('\n')
}

const withTotal = <T>(groups: readonly Group<T>[]): readonly Group<T>[] => [
  ...groups,
  { group: 'all', outcomes: groups.flatMap(({ outcomes }) => outcomes) },
]

export const faultTable = (groups: readonly Group<FaultOutcome>[]): string =>
  markdown(
    [
      'wrong derivatives',
      'of',
      'caught',
      'inconclusive',
      'passed',
      'refused',
      'place right',
      'cause right',
      'op right',
      'stray causes',
      'CPU s',
    ],
    withTotal(groups).map(({ group, outcomes }) => [
      group,
      outcomes.length,
      ...(['caught', 'inconclusive', 'passed', 'refused'] as const).map((kind) =>
        count(outcomes, ({ found }) => found === kind),
      ),
      share(outcomes.map(({ location }) => location)),
      share(outcomes.map(({ cause }) => cause)),
      share(outcomes.map(({ op }) => op)),
      outcomes.reduce((total, { stray }) => total + stray.length, 0),
      secondsOf(outcomes),
    ]),
  )

export const awkwardTable = (groups: readonly Group<AwkwardOutcome>[], seeds: number): string =>
  markdown(
    [
      `right functions, ${seeds} seed${seeds === 1 ? '' : 's'}`,
      'of',
      'false alarms',
      'functions',
      'needless doubts',
      'unseen',
      'passed',
      'CPU s',
    ],
    withTotal(groups).map(({ group, outcomes }) => [
      group,
      new Set(outcomes.map(({ awkward }) => awkward)).size,
      count(outcomes, ({ found }) => found === 'false alarm'),
      new Set(outcomes.filter(({ found }) => found === 'false alarm').map(({ awkward }) => awkward)).size,
      count(outcomes, ({ found }) => found === 'needless doubt'),
      count(outcomes, ({ found }) => found === 'unseen'),
      count(outcomes, ({ verdict }) => verdict === 'pass'),
      secondsOf(outcomes),
    ]),
  )

const indented = (text: string): string => text.replace(/^/gm, '    ')

/** What was not as it should be, one a line. */
export const missesOf = (
  faults: readonly Group<FaultOutcome>[],
  awkward: readonly Group<AwkwardOutcome>[],
  withReports: boolean,
): string => {
  const ofFaults = faults.flatMap(({ group, outcomes }) =>
    outcomes.flatMap(({ fault, found, location, cause, op, text }) => {
      const wrong = [
        ...(found === 'caught' ? [] : [found]),
        ...(location === false ? ['place'] : []),
        ...(cause === false ? [`cause (${fault.cause})`] : []),
        ...(op === false ? [`op (${fault.op})`] : []),
      ]
      return wrong.length === 0
        ? []
        : [`${group}: ${fault.name}: ${wrong.join(', ')}${withReports ? `\n${indented(text)}` : ''}`]
    }),
  )
  const ofAwkward = awkward.flatMap(({ group, outcomes }) =>
    outcomes.flatMap(({ awkward: { name }, seed, found, text }) =>
      found === 'right' ? [] : [`${group}: ${name}, seed ${seed}: ${found}${withReports ? `\n${indented(text)}` : ''}`],
    ),
  )
  return [...ofFaults, ...ofAwkward].join('\n')
}
