import type { DType } from '../../graph/dtype.js'
import * as kinds from '../../ops/kinds.js'
import type { Quantity } from './theme.js'
import type { Values } from './values.js'

/** A small picture in two forms. Each is made when it is asked for. */
export interface Drawing {
  /** For a page or a file: an SVG in colours that follow the reader's theme. */
  readonly svg: string
  /** For a terminal: lines of characters. */
  readonly text: string
  /** The text: a drawing can be printed. */
  toString(): string
}

/** A drawing of what makes its two forms. */
export const drawingOf = (svg: () => string, text: () => string): Drawing => ({
  get svg() {
    return svg()
  },
  get text() {
    return text()
  },
  toString: text,
})

/** What all small drawings can be told. */
export interface DrawingOptions {
  /** What stands above it. */
  readonly title?: string
  /** What the numbers are, which says the hue: values are blue, adjoints orange. Default 'value'. */
  readonly quantity?: Quantity
  /** The width of the SVG in px, at most. Default 640. */
  readonly width?: number
  /** The width of the text in characters, at most. Default 80. */
  readonly characters?: number
  /** Whether the text is in colours, by the codes that terminals know. Default false. */
  readonly ansi?: boolean
}

const isFrom = (least: number) => (x: number) => x >= least && x < Number.POSITIVE_INFINITY

/** What `DrawingOptions` may be. */
export const smallKinds = {
  title: kinds.string,
  quantity: /* @__PURE__ */ kinds.oneOf('value', 'adjoint', 'tangent', 'local'),
  width: /* @__PURE__ */ kinds.numberThat('a number of px, at least 120', /* @__PURE__ */ isFrom(120)),
  characters: /* @__PURE__ */ kinds.numberThat('a number of at least 16', /* @__PURE__ */ isFrom(16)),
  ansi: kinds.boolean,
}

/** What `heatmap` can be told. */
export interface HeatmapOptions extends DrawingOptions {
  /** What the rows are called. Default: their numbers. */
  readonly rows?: readonly string[]
  /** What the columns are called. */
  readonly columns?: readonly string[]
  /** Whether cells have numbers. Default: if there are up to 64, and they fit. */
  readonly numbers?: boolean
  /** The size with the deepest colour: the same in several drawings makes them comparable. Default: the largest finite size. */
  readonly largest?: number
}

/** What one form of the drawing is made of. */
export interface Heatmap {
  readonly values: Values
  readonly options: HeatmapOptions
  readonly quantity: Quantity
  readonly largest: number
  /** The title, and the shape of what is drawn where it is not one cell a number. */
  readonly summary: string
}

/** What `barChart` can be told. */
export interface BarChartOptions extends DrawingOptions {
  /** What the numbers are called. Default: their places, from 0 on. */
  readonly labels?: readonly string[]
  /** Whether lengths are the numbers, or their orders of magnitude. Default 'linear'. */
  readonly scale?: 'linear' | 'log'
  /** Of more numbers, so many of the largest are shown. Default 60. */
  readonly most?: number
}

/** What both forms of a bar chart are made of. */
export interface Bars {
  readonly bars: readonly { readonly label: string; readonly value: number }[]
  /** How many are not shown. */
  readonly left: number
  readonly dtype: DType
  readonly scale: 'linear' | 'log'
  readonly quantity: Quantity
  readonly options: BarChartOptions
}
