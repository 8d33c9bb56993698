import { type Grid, gridsOf, noteOf } from './grid.js'
import { digits } from './numbers.js'
import type { Heatmap } from './small.js'
import { cellPath, cellStyle, svgOf, textAt } from './svg.js'
import { px, shortened, textWidth } from './text.js'
import { paint, type Quantity, scope } from './theme.js'

const margin = 8
const size = { title: 13, number: 11.5, label: 10.5 }
const cell = { least: 6, most: 22, high: 22 }
const most = { rows: 120, slices: 24, label: 110 }
/** Numbers on a deeper tint could not be read. */
const deepest = 0.42

export const heatmapSvg = ({ values, options, quantity, largest, summary }: Heatmap): string => {
  const { title, width = 640, rows: rowLabels, columns: columnLabels } = options
  const texts = (cells: readonly number[]) => cells.map((x) => digits(x, { dtype: values.dtype, significant: 4 }))
  const widestNumber = (): number => {
    const all = gridsOf('heatmap', values, most.rows, 64, most.slices).grids.flatMap(({ cells }) => texts(cells))
    return Math.max(...all.map((text) => textWidth(text, size.number))) + 12
  }
  const rowCount = values.shape.at(-2) ?? 1
  const left =
    rowLabels !== undefined
      ? Math.min(most.label, Math.max(0, ...rowLabels.map((label) => textWidth(label, size.label)))) + 8
      : values.shape.length > 1
        ? textWidth(String(rowCount - 1), size.label) + 8
        : 0
  const room = Math.max(60, width - 2 * margin - left)
  const columns = values.shape.at(-1) ?? 1
  let isNumbered = options.numbers === true && values.data.length > 0
  let cellWidth = isNumbered ? Math.max(26, widestNumber()) : 0
  // numbers that nobody asked for give way to cells
  if (isNumbered && cellWidth * columns > room && values.data.length > 0 && columns > 1) {
    if (columns * cell.least * 3 <= room || values.data.length > 64) isNumbered = false
  }
  const named = Math.max(0, ...(columnLabels ?? []).map((label) => textWidth(label, size.label))) + 8
  if (isNumbered && named < 110 && named * columns <= room) cellWidth = Math.max(cellWidth, named)
  if (!isNumbered) {
    const side = values.shape.length === 3 ? Math.min(values.shape[0]!, 4) : 1
    cellWidth = Math.max(
      cell.least,
      Math.min(cell.most, Math.floor((room - 16 * (side - 1)) / side / Math.max(1, columns))),
    )
  }
  const cellHeight = isNumbered ? cell.high : cellWidth
  const grids = gridsOf('heatmap', values, most.rows, Math.max(1, Math.floor(room / cellWidth)), most.slices)

  const parts: string[] = []
  let y = margin
  if (title !== undefined) {
    parts.push(
      textAt(margin, y + 12, shortened(title, width - 2 * margin, size.title, true), { size: size.title, bold: true }),
    )
    y += 24
  }
  const drawn = { quantity, largest, cellWidth, cellHeight, isNumbered, texts }
  const above = columnLabels ?? (columns > 1 ? undefined : [])
  const gridWidth = (grids.grids[0]?.columns ?? 0) * cellWidth
  const perLine = Math.max(1, Math.floor((room + 16) / (gridWidth + left + 16)))
  let right = 0
  let lineHeight = 0
  grids.grids.forEach((grid, i) => {
    const column = i % perLine
    if (column === 0 && i > 0) y += lineHeight + 14
    const x = margin + left + column * (gridWidth + left + 16)
    let top = y
    if (grid.slice !== null) {
      parts.push(textAt(x, top + 11, `[${grid.slice}]`, { size: size.label, className: 'soft', bold: true }))
      top += 18
    }
    const head = columnHead(grid, x, top, drawn, above, grids.block[1])
    parts.push(head.svg)
    top += head.height
    parts.push(rowHead(grid, x, top, cellHeight, rowLabels, grids.block[0], values.shape.length > 1))
    parts.push(cellsOf(grid, x, top, drawn))
    right = Math.max(right, x + gridWidth)
    lineHeight = top + grid.rows * cellHeight - y
  })
  y += lineHeight
  if (values.data.length === 0) {
    parts.push(textAt(margin, y + 14, `No elements: shape ${values.shape.join(' × ')}.`, { className: 'soft' }))
    y += 20
  }
  const legend = legendOf(values.data, margin, y + 12, drawn)
  parts.push(legend.svg)
  y += legend.height
  const note = noteOf(grids)
  for (const line of wrapped(note, Math.max(280, right - margin))) {
    y += 16
    parts.push(textAt(margin, y + 4, line, { size: size.label, className: 'soft' }))
  }
  const titleWidth = title === undefined ? 0 : textWidth(title, size.title, true)
  const noteWidth = Math.max(
    0,
    ...wrapped(note, Math.max(280, right - margin)).map((line) => textWidth(line, size.label)),
  )
  const total =
    Math.max(right, margin + legend.width, margin + Math.min(titleWidth, width - 2 * margin), margin + noteWidth) +
    margin
  return svgOf({
    width: total,
    height: y + margin + 4,
    title: title ?? 'Heat map',
    description: `${summary}. ${note}`.trim(),
    style: styleOf(quantity),
    body: parts.filter((part) => part !== '').join('\n'),
  })
}

const styleOf = (quantity: Quantity): string =>
  `${cellStyle(quantity)}.${scope} .odd{fill:none;${paint('stroke', 'bad')};stroke-width:1.2}` +
  `.${scope} .minus{${paint('stroke', 'ink')};stroke-width:1.2}`

interface Drawn {
  readonly quantity: Quantity
  readonly largest: number
  readonly cellWidth: number
  readonly cellHeight: number
  readonly isNumbered: boolean
  readonly texts: (cells: readonly number[]) => readonly string[]
}

/** One cell: tint for the size, a cut corner and a minus for the sign, a cross for what is no number. */
const cellAt = (
  x: number,
  y: number,
  width: number,
  height: number,
  value: number,
  drawn: Drawn,
  text?: string,
): string => {
  const { quantity, largest } = drawn
  const isFinite = Number.isFinite(value)
  const share = isFinite && largest > 0 ? Math.min(1, Math.abs(value) / largest) : 0
  const opacity = Math.round(share * (text === undefined ? 0.9 : deepest) * 1000) / 1000
  const gap = width > 12 ? 1.5 : 0.6
  const [w, h] = [width - gap, height - gap]
  const box = `<path class="cell-${quantity}" d="${cellPath(x, y, w, h, value < 0)}" fill-opacity="${opacity}"/>`
  const [cx, cy] = [x + w / 2, y + h / 2]
  if (text !== undefined) {
    return box + textAt(cx, cy + 4, text, { size: size.number, anchor: 'middle', className: isFinite ? 'ink' : 'bad' })
  }
  if (Number.isNaN(value)) {
    return `${box}<path class="odd" d="M${px(x + 1)},${px(y + 1)}L${px(x + w - 1)},${px(y + h - 1)}M${px(x + w - 1)},${px(y + 1)}L${px(x + 1)},${px(y + h - 1)}"/>`
  }
  if (!isFinite)
    return `${box}<path class="odd" d="${cellPath(x + 1.5, y + 1.5, w - 3, h - 3, value < 0)}M${px(cx)},${px(y + 2)}V${px(y + h - 2)}"/>`
  return value < 0 && w > 8 ? `${box}<path class="minus" d="M${px(cx - w / 5)},${px(cy)}H${px(cx + w / 5)}"/>` : box
}

const cellsOf = ({ rows, columns, cells }: Grid, x: number, y: number, drawn: Drawn): string => {
  const texts = drawn.isNumbered ? drawn.texts(cells) : []
  const parts: string[] = []
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = i * columns + j
      const { cellWidth, cellHeight } = drawn
      parts.push(cellAt(x + j * cellWidth, y + i * cellHeight, cellWidth, cellHeight, cells[at]!, drawn, texts[at]))
    }
  }
  return parts.join('')
}

/** What stands above the columns: names, upright where they are long, or some of the numbers. */
const columnHead = (
  grid: Grid,
  x: number,
  y: number,
  { cellWidth }: Drawn,
  labels: readonly string[] | undefined,
  block: number,
): { svg: string; height: number } => {
  const middle = (j: number) => x + (j + 0.5) * cellWidth - 0.75
  const own = Array.from(
    { length: grid.columns },
    (_, j) => labels?.[j * block] ?? (labels === undefined ? String(j * block) : ''),
  )
  const widest = Math.max(0, ...own.map((label) => textWidth(label, size.label)))
  if (widest === 0) return { svg: '', height: 0 }
  if (labels === undefined || widest + 4 <= cellWidth) {
    const every = Math.ceil((widest + 6) / cellWidth)
    const shownLabels = own.flatMap((label, j) =>
      j % every === 0
        ? [textAt(middle(j), y + 10, label, { size: size.label, anchor: 'middle', className: 'soft' })]
        : [],
    )
    return { svg: shownLabels.join(''), height: 16 }
  }
  const length = Math.min(most.label, widest)
  const every = Math.ceil(12 / cellWidth)
  const upright = own.flatMap((label, j) => {
    if (j % every !== 0) return []
    const [tx, ty] = [px(middle(j) + 4), px(y + length + 2)]
    const text = textAt(0, 0, shortened(label, most.label, size.label), { size: size.label, className: 'soft' })
    return [`<g transform="translate(${tx},${ty}) rotate(-90)">${text}</g>`]
  })
  return { svg: upright.join(''), height: length + 8 }
}

const rowHead = (
  grid: Grid,
  x: number,
  y: number,
  cellHeight: number,
  labels: readonly string[] | undefined,
  block: number,
  isMatrix: boolean,
): string => {
  if (labels === undefined && !isMatrix) return ''
  const every = Math.ceil(13 / cellHeight)
  return Array.from({ length: Math.ceil(grid.rows / every) }, (_, k) => {
    const i = k * every
    const label = shortened(labels?.[i * block] ?? String(i * block), most.label, size.label)
    return textAt(x - 7, y + (i + 0.5) * cellHeight + 3, label, { size: size.label, anchor: 'end', className: 'soft' })
  }).join('')
}

/** The scale, and a sample of each mark that occurs. */
const legendOf = (
  data: Heatmap['values']['data'],
  x: number,
  y: number,
  drawn: Drawn,
): { svg: string; width: number; height: number } => {
  const parts: string[] = []
  let at = x
  const word = (text: string): void => {
    parts.push(textAt(at, y + 11, text, { size: size.label, className: 'soft' }))
    at += textWidth(text, size.label) + 6
  }
  const sample = (value: number, text?: string): void => {
    parts.push(cellAt(at, y, 18, 14, value, drawn, text))
    at += text === undefined ? 18 : 24
  }
  const { largest, isNumbered } = drawn
  const has = (test: (x: number) => boolean): boolean => {
    for (let i = 0; i < data.length; i++) if (test(data[i]!)) return true
    return false
  }
  if (largest > 0) {
    word('0')
    for (const share of [0, 0.25, 0.5, 0.75, 1]) sample(share * largest, isNumbered ? '' : undefined)
    at += 4
    word(digits(largest, { significant: 4 }))
    at += 8
  }
  if (has((value) => value < 0)) {
    sample(-largest * 0.5, isNumbered ? '−' : undefined)
    at += 4
    word('negative')
    at += 8
  }
  if (!isNumbered) {
    for (const [value, name] of [
      [Number.NaN, 'NaN'],
      [Number.POSITIVE_INFINITY, 'infinity'],
    ] as const) {
      if (!has((element) => Object.is(Math.abs(element), value))) continue
      sample(value)
      at += 4
      word(name)
      at += 8
    }
  }
  return { svg: parts.join(''), width: at - x, height: parts.length === 0 ? 0 : 28 }
}

/** Lines of words that fit. */
const wrapped = (text: string, room: number): string[] => {
  const lines: string[] = []
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const last = lines.at(-1)
    if (last !== undefined && textWidth(`${last} ${word}`, size.label) <= room)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
