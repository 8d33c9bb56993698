import { linesOf, titleOf } from '../ratios.js'
import type { Row } from '../turns.js'

const time = (seconds: number): string => {
  const [scale, unit] =
    seconds >= 1 ? [1, 's'] : seconds >= 1e-3 ? [1e3, 'ms'] : seconds >= 1e-6 ? [1e6, 'us'] : [1e9, 'ns']
  return `${(seconds * scale).toPrecision(3)} ${unit}`
}

const header = [
  'workload',
  'contender',
  'best',
  'median',
  'GFLOP/s',
  'memory',
  'x best JS peer',
  '(medians)',
  'x torch',
  '(medians)',
  'x by hand',
  '(medians)',
] as const

/** The cells of a row of results, the name of the workload in the first line only. */
const cellsOf = (row: Row): string[][] => [
  ...linesOf(row).map(({ contender, best, median, ratio, toTorch, toHand, gigaflops, memory }, i) => [
    i === 0 ? `${titleOf(row)} (${row.workload.unit})` : '',
    contender.peer?.language === 'Python' ? `${contender.name} (Python)` : contender.name,
    time(best),
    time(median),
    gigaflops?.toFixed(1) ?? '',
    memory === null ? '' : `${(memory / 2 ** 20).toPrecision(3)} MiB`,
    ratio?.best.toFixed(2) ?? '',
    ratio?.median.toFixed(2) ?? '',
    toTorch?.best.toFixed(2) ?? '',
    toTorch?.median.toFixed(2) ?? '',
    toHand?.best.toFixed(2) ?? '',
    toHand?.median.toFixed(2) ?? '',
  ]),
]

const troublesOf = (row: Row): string[] =>
  row.troubles.map(
    ({ contender, message, fatal }) => `${fatal ? 'WRONG' : 'no result'}: ${titleOf(row)}, ${contender}: ${message}`,
  )

const widths = [26, 18, 8, 8, 8, 9, 15, 10, 8, 10, 10, 10]
const padded = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' ')

export const terminalHeader = (): string => padded(header)

/** A row of results as lines for the terminal. */
export const terminalLines = (row: Row): string => [...cellsOf(row).map(padded), ...troublesOf(row)].join('\n')

/** All results as a page of Markdown. */
export const markdown = (rows: readonly Row[], facts: readonly string[]): string => {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const titles = new Map(rows.map(({ workload }) => [workload.name, workload.title]))
  return [
    '# adjoint and its peers',
    '',
    ...facts.map((fact) => `- ${fact}`),
    '',
    ...[...titles].map(([name, title]) => `- **${name}**: ${title}`),
    '',
    line(header),
    line(header.map((_, i) => (i < 2 ? '---' : '---:'))),
    ...rows.flatMap((row) => cellsOf(row).map(line)),
    '',
    ...rows.flatMap(troublesOf).map((trouble) => `- ${trouble}`),
    '',
  ].join('\n')
}
