import { hasMap, heatText } from './heat.js'
import type { OrderReport, Report } from './report.js'
import { barMeans, causesOf, compared, coverageOf, differing, doubtsOf, placesOf } from './sentences.js'
import { tablesOf, type WorstTable } from './table.js'

/** The page to read: a line if all is well; otherwise the cause, where it is, the numbers, and how to see it again. */
export const textOf = ({ verdict, orders, notes, seed, tolerance, repro }: Omit<Report, 'toString'>): string => {
  const failing = orders.filter((order) => order.verdict === 'fail')
  const what =
    verdict === 'pass'
      ? compared(orders, tolerance)
      : verdict === 'fail'
        ? failing.map(differing).join('; ')
        : 'nothing is seen to be wrong, but not everything could be checked'
  return [
    `gradcheck: ${verdict} (seed ${seed}): ${what}`,
    ...(verdict === 'pass'
      ? []
      : orders.flatMap((order) => linesOf(order, tolerance)).map((line) => (line === '' ? '' : `  ${line}`))),
    ...notes.map((note) => `  note: ${note}`),
    ...(repro === null ? [] : ['  to see it again:', ...repro.split('\n').map((line) => `    ${line}`)]),
  ].join('\n')
}

const linesOf = (order: OrderReport, tolerance: number): string[] => {
  const { comparisons, doubts, wrong } = order
  const tables = tablesOf(comparisons)
  return [
    ...reasonsOf(order),
    ...tables.flatMap((table, i) => [
      '',
      ...linesOfTable(table, i === 0 ? ` (${barMeans}; ${tolerance} are allowed)` : ''),
    ]),
    ...wrong.filter(hasMap).flatMap((tensor) => ['', ...heatText(tensor)]),
    ...(tables.length > 0 ? [''] : []),
    ...doubtsOf(doubts).map((says) => `not checked: ${says}`),
    `compared: ${coverageOf(order)}`,
  ]
}

/** Why, where, and by which op: sentences. */
const reasonsOf = ({ diagnoses, wrong, culprits, verdict, broken }: OrderReport): string[] => {
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

const linesOfTable = ({ title, head, rows }: WorstTable, explained: string): string[] => {
  const lines = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  return [
    `${title}${explained}:`,
    ...lines.map(
      (line) =>
        `  ${line
          .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
          .join('  ')
          .trimEnd()}`,
    ),
  ]
}
