import { hasMap, heatText } from './heat.js'
import type { OrderReport, Report } from './report.js'
import { barMeans, doubtsOf, headlineOf, lookedAt, reasonsOf } from './sentences.js'
import { tablesOf, type WorstTable } from './table.js'

/** The page to read: a line if all is well; otherwise the cause, where it is, the numbers, and how to see it again. */
export const textOf = (report: Omit<Report, 'toString'>): string => {
  const { verdict, orders, notes, seed, tolerance, repro } = report
  return [
    `gradcheck: ${verdict} (seed ${seed}): ${headlineOf(report)}`,
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
    lookedAt(order),
  ]
}

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
