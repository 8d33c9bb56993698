import { type Grid, gridsOf, noteOf } from './grid.js'
import { digits } from './numbers.js'
import type { Heatmap } from './small.js'
import type { Quantity } from './theme.js'

const shades = '·░▒▓█'
/** Backgrounds of the 256 colours of terminals, from light to deep, on which black can be read. */
const backgrounds: Readonly<Record<Quantity, readonly number[]>> = {
  value: [255, 189, 153, 117, 75],
  adjoint: [255, 230, 223, 216, 209],
  tangent: [255, 194, 158, 122, 79],
  local: [255, 225, 189, 183, 141],
}
const most = { rows: 60, slices: 12, label: 16 }

export const heatmapText = ({ values, options, quantity, largest }: Heatmap): string => {
  const { title, characters = 80, ansi = false, rows: rowLabels, columns: columnLabels } = options
  const heading = title === undefined ? [] : [title]
  if (values.data.length === 0) return [...heading, `no elements: shape ${values.shape.join(' × ')}`].join('\n')

  const write = (x: number) => digits(x, { dtype: values.dtype, significant: 4 })
  const isMatrix = values.shape.length > 1
  const rowCount = values.shape.at(-2) ?? 1
  const columnCount = values.shape.at(-1) ?? 1
  const left =
    rowLabels !== undefined
      ? Math.min(most.label, Math.max(...rowLabels.map(lengthOf)))
      : isMatrix
        ? String(rowCount - 1).length
        : 0
  const room = Math.max(8, characters - (left > 0 ? left + 1 : 0))
  let numbers = options.numbers === true
  let width = 3
  if (numbers) {
    const widest = (): number => {
      let found = 0
      for (let i = 0; i < values.data.length; i++) found = Math.max(found, write(values.data[i]!).length)
      return found
    }
    // a number, a blank and a shade; two blanks between cells
    const wanted = widest() + (ansi ? 2 : 4)
    numbers = wanted * columnCount - 2 <= room
    if (numbers) width = wanted
  }
  // a sign and two shades, or one where there are many
  if (!numbers && width * columnCount > room && isFiniteAll(values.data)) width = 2
  const grids = gridsOf('heatmap', values, most.rows, Math.max(1, Math.floor(room / width)), most.slices)
  const cell = (x: number): string => {
    const step = Number.isFinite(x) && largest > 0 ? Math.min(4, Math.ceil((4 * Math.abs(x)) / largest)) : 0
    const paint = (text: string) => (ansi ? `\u001b[30;48;5;${backgrounds[quantity][step]}m${text}\u001b[0m` : text)
    if (numbers) {
      const text = write(x).padStart(width - (ansi ? 2 : 4))
      return ansi ? paint(` ${text} `) : `${text} ${Number.isFinite(x) ? shades[step] : '!'}`
    }
    if (!Number.isFinite(x)) return paint(Number.isNaN(x) ? 'NaN' : x < 0 ? '−∞ ' : ' ∞ ')
    const sign = x < 0 ? '−' : ' '
    return paint(sign + (ansi ? ' ' : shades[step]!).repeat(width - 1))
  }
  const label = (text: string): string => `${fitted(text, left).padStart(left)} `
  const blocks = grids.grids.map((grid) => {
    const between = numbers && !ansi ? 2 : 0
    const lines = [
      ...(grid.slice === null ? [] : [`[${grid.slice}]`]),
      ...columnLine(grid, columnLabels, grids.block[1], width + between, left > 0 ? left + 1 : 0),
    ]
    for (let i = 0; i < grid.rows; i++) {
      const row = grid.cells.slice(i * grid.columns, (i + 1) * grid.columns).map(cell)
      const name = left === 0 ? '' : label(rowLabels?.[i * grids.block[0]] ?? String(i * grids.block[0]))
      lines.push(name + row.join(' '.repeat(between)))
    }
    return { lines, width: (left === 0 ? 0 : left + 1) + grid.columns * (width + between) - between }
  })
  const note = noteOf(grids)
  return [
    ...heading,
    ...sideBySide(blocks, characters),
    ...legendOf(values, largest, numbers, ansi),
    ...(note === '' ? [] : [note]),
  ].join('\n')
}

/** Blocks of equally many lines beside each other, as many as fit. */
const sideBySide = (
  blocks: readonly { readonly lines: readonly string[]; readonly width: number }[],
  room: number,
): string[] => {
  const [first] = blocks
  if (first === undefined) return []
  const perLine = Math.max(1, Math.floor((room + 3) / (first.width + 3)))
  const found: string[] = []
  for (let at = 0; at < blocks.length; at += perLine) {
    const beside = blocks.slice(at, at + perLine)
    for (let i = 0; i < first.lines.length; i++) {
      const padded = beside.map(({ lines, width }) => lines[i]! + ' '.repeat(Math.max(0, width - visible(lines[i]!))))
      found.push(padded.join('   ').trimEnd())
    }
  }
  return found
}

/** How many characters are seen: codes of colours are not. */
const visible = (line: string): number =>
  lengthOf(
    line
      .split('\u001b[')
      .map((part, i) => (i === 0 ? part : part.slice(part.indexOf('m') + 1)))
      .join(''),
  )

const isFiniteAll = (data: Heatmap['values']['data']): boolean => {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i]!)) return false
  return true
}

const lengthOf = (text: string): number => [...text].length

const fitted = (text: string, room: number): string =>
  lengthOf(text) <= room ? text : `${[...text].slice(0, room - 1).join('')}…`

const columnLine = (
  { columns }: Grid,
  labels: readonly string[] | undefined,
  block: number,
  width: number,
  left: number,
): string[] => {
  if (labels === undefined) return []
  const names = Array.from({ length: columns }, (_, j) =>
    fitted(labels[j * block] ?? '', Math.max(1, width - 1)).padEnd(width),
  )
  return [(' '.repeat(left) + names.join('')).trimEnd()]
}

const legendOf = ({ data }: Heatmap['values'], largest: number, numbers: boolean, ansi: boolean): string[] => {
  let isNegative = false
  for (let i = 0; i < data.length; i++) if (data[i]! < 0) isNegative = true
  if (largest === 0) return []
  const to = (share: number) => digits(share * largest, { significant: 4 })
  const scale = ansi ? `deepest: ${to(1)}` : `░ to ${to(0.25)}  ▒ to ${to(0.5)}  ▓ to ${to(0.75)}  █ to ${to(1)}`
  return [isNegative && !numbers ? `${scale}  − negative` : scale]
}
