import type { Diagnosis } from '../causes/diagnose.js'
import { listed } from '../patterns/words.js'
import type { Doubt, DoubtKind } from '../subject/doubt.js'
import type { OrderReport, Report } from './report.js'
import { short } from './table.js'
import { isWithDifferences, type WrongTensor } from './wrong.js'

/** What a bar is: said where the word first stands. */
export const barMeans = 'a bar is how uncertain the differences are'

/** What was compared, of a check in which everything agrees. */
const compared = (orders: readonly OrderReport[], tolerance: number): string => {
  const comparisons = orders.flatMap((order) => order.comparisons)
  const modes = ['reverse', 'forward'].filter((mode) => comparisons.some(({ left }) => left === mode))
  const worst = Math.max(
    0,
    ...comparisons.flatMap(({ worst }) => (worst === null || worst.error === 0 ? [] : [worst.error / worst.bar])),
  )
  return (
    `${[...modes, 'differences'].join(' = ')} at ${listed(orders.map(coverageOf))}; ` +
    `worst error ${short(worst)} of ${tolerance} bars (${barMeans})`
  )
}

const coverageOf = ({ order, coverage, nearby }: OrderReport): string =>
  `order ${order} (${coverage}${nearby === 0 ? '' : `, and directions at ${nearby} point${nearby === 1 ? '' : 's'} nearby`})`

/** What a check found that fails. */
const differing = ({ order, comparisons, broken, nearby }: OrderReport): string => {
  if (broken !== null) return `order ${order}: ${broken}`
  const wrong = comparisons.filter((each) => !each.agrees && isWithDifferences(each))
  const derivatives = order === 1 ? 'derivatives' : 'second derivatives'
  if (wrong.length === 0) return `the ${derivatives} by different modes are not the same`
  const where = nearby > 0 && wrong.every(({ left }) => left.endsWith('nearby')) ? ' at a point nearby' : ''
  return `the ${derivatives} are not those that differences show${where}`
}

/** The causes, each said once with all inputs that it explains. */
const causesOf = (diagnoses: readonly Diagnosis[]): string[] => {
  const groups = new Map<string, { readonly parts: readonly [string, string]; readonly inputs: string[] }>()
  for (const { says, input } of diagnoses) {
    const about = `derivative by ${input}: `
    const at = says.indexOf(about)
    const parts = at < 0 ? ([says, ''] as const) : ([says.slice(0, at), says.slice(at + about.length)] as const)
    const group = groups.get(parts.join('\n')) ?? { parts, inputs: [] }
    groups.set(parts.join('\n'), group)
    group.inputs.push(input)
  }
  return [...groups.values()].map(({ parts: [before, after], inputs }) =>
    after === '' ? before : `${before}derivative by ${listed([...new Set(inputs)])}: ${after}`,
  )
}

/** Which elements of which tensors are wrong: tensors of one pattern together. */
const placesOf = (wrong: readonly WrongTensor[]): string[] => {
  const patterns = [...new Set(wrong.map(({ pattern }) => pattern))].filter((pattern) => pattern !== null)
  return patterns.map((pattern) => {
    const paths = wrong.filter((tensor) => tensor.pattern === pattern).map(({ path }) => path)
    return `${listed(paths)}, ${pattern}`
  })
}

/** What helps where there is nothing to compare with, unless what was seen says it. */
const remedies: Partial<Record<DoubtKind, string>> = {
  'not finite': 'choose a point where the value is finite',
  edge: 'move the point into the domain',
  kink: 'move the point off the kink, to where there is one slope',
  discontinuity: 'move the point off the jump',
}

/** What could not be checked, and what to do: a sentence for each reason. */
export const doubtsOf = (doubts: readonly Doubt[]): string[] => {
  const kinds = [...new Set(doubts.map(({ kind }) => kind))]
  return kinds.map((kind) => {
    const found = doubts.filter((doubt) => doubt.kind === kind)
    const { input, output, says } = found[0]!
    const more = found.length === 1 ? '' : ` (and ${found.length - 1} more like it)`
    const remedy = remedies[kind]
    return `${input} -> ${output}: ${says}${more}${remedy === undefined ? '' : `; ${remedy}`}`
  })
}

/** The verdict in a sentence. */
export const headlineOf = ({ verdict, orders, tolerance }: Omit<Report, 'toString'>): string => {
  if (verdict === 'pass') return compared(orders, tolerance)
  const failing = orders.filter((order) => order.verdict === 'fail')
  return verdict === 'fail'
    ? failing.map(differing).join('; ')
    : 'nothing is seen to be wrong, but not everything could be checked'
}

/** What was looked at. */
export const lookedAt = (order: OrderReport): string => `compared: ${coverageOf(order)}`

/** Why, where, and by which op: sentences. */
export const reasonsOf = ({ diagnoses, wrong, culprits, verdict, broken }: OrderReport): string[] => {
  const causes = causesOf(diagnoses)
  const isUnknown =
    verdict === 'fail' && broken === null && [diagnoses, ...culprits.map((op) => op.diagnoses)].every(isEmpty)
  return [
    ...causes.map((says) => `cause: ${says}`),
    ...(isUnknown ? ['cause: no mistake that is known explains the numbers'] : []),
    ...placesOf(wrong).map((says) => `where: ${says}`),
    ...culprits.flatMap((culprit) => [
      `op: ${culprit.says}`,
      ...causesOf(culprit.diagnoses)
        .filter((says) => !causes.includes(says))
        .map((says) => `  cause: ${says}`),
    ]),
  ]
}

const isEmpty = (list: readonly unknown[]): boolean => list.length === 0
