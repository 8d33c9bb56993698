import type { Trace, TraceNode } from '../trace/schema.js'
import { type Digits, quantityText } from './digits.js'

// What the listings have in common: an entry a node, under the headings of the groups, the middle of long ones left out.

/** How a listing is written. */
export interface ListingSettings {
  readonly steps: number
  readonly digits: Digits
  readonly values: boolean
  readonly source: boolean
}

export interface Entry {
  readonly node: TraceNode
  /** What stands in one line beside what: the columns of an entry are below those of others. */
  readonly columns: readonly string[]
  /** Lines of their own, further in. */
  readonly below?: readonly string[]
}

export const counted = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? '' : 's'}`

/** Names in a sentence, if they are not too many. */
export const enumerated = (names: readonly string[]): string =>
  names.length <= 8 ? names.join(', ') : `${names.slice(0, 6).join(', ')} and ${names.length - 6} more`

/** The first and the last lines of many. */
export const shortened = (lines: readonly string[], most: number): readonly string[] => {
  const half = Math.max(1, Math.floor(most / 2))
  if (lines.length <= Math.max(most, 2 * half)) return lines
  return [...lines.slice(0, half), `... ${lines.length - 2 * half} more ...`, ...lines.slice(-half)]
}

/** @param most how many entries are shown: the first and the last */
export const listed = <T>(
  { groups }: Trace,
  steps: readonly T[],
  entryOf: (step: T) => Entry,
  most: number,
): readonly string[] => {
  const half = Math.max(1, Math.floor(most / 2))
  const cut = steps.length > most && steps.length > 2 * half
  const first = (cut ? steps.slice(0, half) : steps).map(entryOf)
  const last = cut ? steps.slice(-half).map(entryOf) : []
  const pathOf = (id: number | null): readonly number[] => {
    const path: number[] = []
    for (let at = id; at !== null; at = groups[at]!.parent) path.unshift(at)
    return path
  }
  const widths = columnWidths([...first, ...last], ({ group }) => pathOf(group).length)
  const lines: string[] = []
  let open: readonly number[] = []
  const show = ({ node, columns, below = [] }: Entry): void => {
    const path = pathOf(node.group)
    path.forEach((id, depth) => {
      const { name, type } = groups[id]!
      if (open[depth] !== id) lines.push(`${indent(depth)}${name === type ? name : `${name}: ${type}`}`)
      if (open[depth] !== id) open = path.slice(0, depth + 1)
    })
    open = path
    const text = columns.map((column, i) => (i === 0 ? indent(path.length) + column : column).padEnd(widths[i]!))
    lines.push(text.join('  ').trimEnd(), ...below.map((line) => indent(path.length + 1) + line))
  }
  first.forEach(show)
  if (cut) lines.push(`... ${counted(steps.length - 2 * half, 'step')} ...`)
  last.forEach(show)
  return lines
}

const indent = (depth: number): string => '  '.repeat(depth)

/** A column is as wide as its widest entry, but for those that are far wider than any line. */
const columnWidths = (entries: readonly Entry[], depthOf: (node: TraceNode) => number): readonly number[] => {
  const widths: number[] = []
  for (const { node, columns } of entries) {
    columns.forEach((column, i) => {
      const width = column.length + (i === 0 ? 2 * depthOf(node) : 0)
      if (width <= widest) widths[i] = Math.max(widths[i] ?? 0, width)
    })
  }
  return Array.from(widths, (width) => width ?? 0)
}
const widest = 72

/** The value of a node for a reader. */
export const valueOf = ({ value, shape, dtype }: TraceNode, digits: Digits): string =>
  value === undefined || shape === null ? 'several results' : quantityText(value, shape, digits, dtype)

/** Where in the program a step was made, as terminals link it. */
export const sourceText = ({ source }: TraceNode): string =>
  source === undefined ? '' : `${source.file.replace(/^.*[\\/]/, '')}:${source.line}`
