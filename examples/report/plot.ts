import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'

export interface Line {
  readonly label: string
  readonly points: readonly (readonly [x: number, y: number])[]
  /** A CSS colour; the page's accent unless given. */
  readonly color?: string
}

export interface LinesOptions {
  readonly x: string
  readonly y: string
  readonly width?: number
  readonly height?: number
  /** Spread the y axis by powers of ten: for errors that shrink a thousandfold. */
  readonly logarithmic?: boolean
  /** Drawn as dots, for data that lines are fitted to. */
  readonly dots?: readonly (readonly [x: number, y: number])[]
  /** Of the dots, in pixels. Default 1.5. */
  readonly radius?: number
}

const palette = ['var(--accent, #2563eb)', 'var(--warm, #d97706)', '#0d9488', '#9333ea']

/** Lines over common axes as the text of an SVG. Its text takes the colour of the page around it. */
export const linesPlot = (
  lines: readonly Line[],
  { x, y, width = 640, height = 300, logarithmic = false, dots = [], radius = 1.5 }: LinesOptions,
): string => {
  const { document } = parseHTML('<!doctype html><body></body>')
  const colors = lines.map((line, i) => line.color ?? palette[i % palette.length]!)
  const figure = Plot.plot({
    document,
    width,
    height,
    marginLeft: 52,
    marginRight: 90,
    marginBottom: 38,
    insetBottom: 14,
    style: { background: 'none', fontFamily: 'inherit', fontSize: '12px', overflow: 'visible' },
    x: { label: x, nice: true },
    y: { label: y, grid: true, ...(logarithmic ? { type: 'log', tickFormat: String } : {}) },
    marks: [
      Plot.dot(dots, { x: '0', y: '1', r: radius, fill: 'currentColor', fillOpacity: 0.35 }),
      ...lines.flatMap(({ points }, i) => [Plot.lineY(points, { x: '0', y: '1', stroke: colors[i]!, strokeWidth: 2 })]),
      Plot.text(
        lines.map(({ label, points }) => [...points.at(-1)!, label]),
        apart({ x: '0', y: '1', text: '2', dx: 6, textAnchor: 'start', fill: (_, i) => colors[i]!, fontWeight: 600 }),
      ),
    ],
  })
  return textOf(figure)
}

/** Words at the ends of lines, moved apart where they would lie on each other: up and down alike, in their order. */
const apart = (options: Plot.TextOptions): Plot.TextOptions =>
  Plot.initializer(options, (data, facets, { x, y }, scales) => {
    const across = Array.from(x!.value as number[], (value) => scales.x!(value) as number)
    const down = Array.from(y!.value as number[], (value) => scales.y!(value) as number)
    const order = down.map((_, i) => i).sort((i, j) => down[i]! - down[j]!)
    const pairs = order.slice(1).map((below, n) => [order[n]!, below] as const)
    // what makes room for one pair may take it from the next
    for (let round = 0; round < 20; round++) {
      for (const [above, below] of pairs) {
        const missing = labelHeight - (down[below]! - down[above]!)
        if (missing <= 0 || Math.abs(across[below]! - across[above]!) > labelWidth) continue
        down[above]! -= missing / 2
        down[below]! += missing / 2
      }
    }
    return { data, facets, channels: { y: { value: down } } }
  })
const labelHeight = 14
const labelWidth = 80

/** A word at a place. */
export interface Glyph {
  readonly x: number
  readonly y: number
  readonly text: string
}

/** Words over two axes as the text of an SVG: a scatter plot in which each point says what it is. */
export const glyphsPlot = (
  glyphs: readonly Glyph[],
  { x, y, width = 640, height = 640 }: Omit<LinesOptions, 'logarithmic' | 'dots' | 'radius'>,
): string => {
  const { document } = parseHTML('<!doctype html><body></body>')
  const figure = Plot.plot({
    document,
    width,
    height,
    marginBottom: 44,
    inset: 16,
    style: { background: 'none', fontFamily: 'inherit', fontSize: '12px', overflow: 'visible' },
    x: { label: x, grid: true },
    y: { label: y, grid: true },
    marks: [Plot.text(glyphs, { x: 'x', y: 'y', text: 'text', fill: 'currentColor', fillOpacity: 0.8 })],
  })
  return textOf(figure)
}

/** A figure of Plot as text. */
export const textOf = (figure: { readonly outerHTML: string }): string => {
  const svg = figure.outerHTML
  return svg.includes('xmlns=') ? svg : svg.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"')
}

type Point = readonly [x: number, y: number]

/** Each point's mean with those before it, up to `length` in all. */
export const runningMean = (points: readonly Point[], length: number): Point[] =>
  points.map(([x], i) => {
    const window = points.slice(Math.max(0, i + 1 - length), i + 1)
    return [x, window.reduce((sum, [, y]) => sum + y, 0) / window.length]
  })
