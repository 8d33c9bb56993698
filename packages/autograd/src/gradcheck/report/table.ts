import type { Comparison, Element } from '../comparison/agreement.js'
import { isWithDifferences } from './wrong.js'

/** Derivatives that differ, a row each. */
export interface WorstTable {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

const mostShown = 5

/** What differs from differences, a table for each kind of them; where nothing does, what differs otherwise. */
export const tablesOf = (comparisons: readonly Comparison[]): WorstTable[] => {
  const differing = comparisons.filter(({ agrees }) => !agrees)
  const certain = differing.filter(isWithDifferences)
  const rights = [...new Set((certain.length > 0 ? certain : differing).map(({ right }) => right))]
  return rights.map((right) => tableOf(differing.filter((each) => each.right === right)))
}

const tableOf = (differing: readonly Comparison[]): WorstTable => {
  const right = differing[0]!.right
  const elements = new Map<string, Map<Comparison, Element>>()
  for (const comparison of differing) {
    for (const element of comparison.wrong) {
      const name = placeOf(element)
      elements.set(name, (elements.get(name) ?? new Map<Comparison, Element>()).set(comparison, element))
    }
  }
  const sorted = [...elements].sort(([, a], [, b]) => worstOf(b) - worstOf(a)).slice(0, mostShown)
  const isNumeric = isWithDifferences(differing[0]!)
  const columns = differing.map((comparison) => ({
    head: comparison.left,
    cells: sorted.map(([, by]) => {
      const element = by.get(comparison)
      return element === undefined ? '' : number(element.left, element)
    }),
  }))
  // modes that give the same share a column
  const lefts = columns.filter(({ cells }, i) => columns.findIndex((other) => same(other.cells, cells)) === i)
  const heads = lefts.map(({ cells }) =>
    columns
      .filter((other) => same(other.cells, cells))
      .map(({ head }) => head)
      .join(' = '),
  )
  const rows = sorted.map(([name, by], row) => {
    const [first] = by.values()
    const { right: slope, error, bar, ratio } = first!
    return [
      name,
      ...lefts.map(({ cells }) => cells[row]!),
      isNumeric ? `${number(slope, first!)} +- ${short(bar)}` : number(slope, first!),
      `${short(error / bar)} bars`,
      Number.isFinite(ratio) ? String(Number(ratio.toPrecision(6))) : '-',
    ]
  })
  const { compared, disagreements } = differing.reduce((a, b) => (b.disagreements > a.disagreements ? b : a))
  return {
    title: `${disagreements} of ${compared} differ${rows.length < disagreements && rows.length > 1 ? '; the worst' : ''}`,
    head: ['', ...heads, isNumeric ? `${right} +- bar` : right, 'error', 'ratio'],
    rows,
  }
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.every((cell, i) => cell === b[i])

const worstOf = (by: ReadonlyMap<Comparison, Element>): number =>
  Math.max(...[...by.values()].map(({ error, bar }) => (Number.isNaN(error) ? Number.POSITIVE_INFINITY : error / bar)))

const placeOf = ({ input, output }: Element): string => `${input} -> ${output}`

/** As many digits as show that two numbers differ. */
const number = (x: number, { left, right, error }: Element): string =>
  error > 1e-6 * Math.max(Math.abs(left), Math.abs(right)) ? String(Number(x.toPrecision(9))) : String(x)

/** Three digits. */
export const short = (x: number): string =>
  Math.abs(x) >= 1e5 && Number.isFinite(x)
    ? x.toExponential(1).replace('.0e', 'e').replace('+', '')
    : String(Number(x.toPrecision(3)))
