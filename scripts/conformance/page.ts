import type { Count } from './checks.js'

export interface Row {
  readonly op: string
  readonly samples: number
  readonly errors: number
  readonly counts: Readonly<Record<string, Count>>
}

const shown = ({ passed, of, refused }: Count): string => {
  if (of === 0) return ''
  if (passed + refused < of) return `**${passed}/${of}**`
  if (passed === 0) return 'refused'
  return refused === 0 ? `${passed}` : `${passed}, ${refused} refused`
}

const totalOf = (rows: readonly Row[], column: string): string => {
  const counts = rows.map(({ counts }) => counts[column]!)
  const sum = (of: (count: Count) => number) => counts.reduce((total, count) => total + of(count), 0)
  return `${sum(({ passed }) => passed)} of ${sum(({ of, refused }) => of - refused)}`
}

export const pageOf = (rows: readonly Row[]): string => {
  const columns = Object.keys(rows[0]!.counts)
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  return `${[
    '# Conformance',
    '',
    'Written by `pnpm conformance`, which tries all of this; CI tries it again and holds this page to what it finds. A number is how many',
    'samples or points were as they should be, **a/b** that only a of b were; an empty cell has nothing to try. `refused`: an error says',
    'that the dtype is none for the op, or that its shape depends on elements, which are not known there.',
    '',
    '| column | what is held against what |',
    '|---|---|',
    '| samples, errors | arguments that the op is tried with, and such as it must refuse with a sentence that names them |',
    '| vjp 1, jvp 1, vjp 2, jvp 2 | derivatives in reverse and forward mode, of the first and second order: against differences (Ridders) and each other, in float64 |',
    '| float32 | values and derivatives to the second order, against float64 at the same numbers: to 2e-4 of the largest element, and 2^-20 of the cotangents |',
    '| int32, bool | taken in the place of floats, against the reference backend |',
    '| reference, compiled, vmap, scan | values and derivatives to the second order in these ways, against the default ones |',
    '| edges 0, 1, 2 | values, first and second derivatives where an element is 0, -0, ±1e-8, ±30, ±1000, ±1e30, ±Infinity or NaN: compiled, default and reference agree, in what is not finite exactly |',
    '',
    line(['op', 'samples', 'errors', ...columns]),
    line(new Array(columns.length + 3).fill('---')),
    line([
      `**${rows.length}**`,
      rows.reduce((sum, { samples }) => sum + samples, 0),
      rows.reduce((sum, { errors }) => sum + errors, 0),
      ...columns.map((column) => totalOf(rows, column)),
    ]),
    ...rows.map(({ op, samples, errors, counts }) =>
      line([`\`${op}\``, samples, errors, ...columns.map((column) => shown(counts[column]!))]),
    ),
  ].join('\n')}\n`
}
