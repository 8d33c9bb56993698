import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { textOf } from './plot.js'

/** Numbers over a plane. */
export interface Field {
  /** Row by row, the first row at the least y. */
  readonly values: readonly (readonly number[])[]
  readonly x: readonly [low: number, high: number]
  readonly y: readonly [low: number, high: number]
}

type Dot = readonly [x: number, y: number, above: boolean]

export interface FieldOptions {
  readonly x: string
  readonly y: string
  readonly width: number
  readonly height: number
  /** Where lines of equal height are, above 0; the same are drawn below. */
  readonly levels: readonly number[]
  /** Drawn over it, in the colour of above 0 or of below. */
  readonly dots?: readonly Dot[]
}

/**
 * A field as lines of equal height: whole ones above 0 and broken ones below, and the darker the further from 0. As the text of
 * an SVG.
 */
export const fieldPlot = (field: Field, { x, y, width, height, levels, dots = [] }: FieldOptions): string => {
  const { document } = parseHTML('<!doctype html><body></body>')
  const columns = field.values[0]!.length
  const colorOf = (above: boolean) => (above ? 'var(--value)' : 'var(--adjoint)')
  const layer = (sign: 1 | -1) => {
    const color = colorOf(sign > 0)
    return Plot.contour(
      field.values.flat().map((value) => sign * value),
      {
        width: columns,
        height: field.values.length,
        x1: field.x[0],
        x2: field.x[1],
        y1: field.y[0],
        y2: field.y[1],
        thresholds: [...levels],
        // each line holds what is within it, so that the colours of all lines around a place add up
        fill: color,
        fillOpacity: 0.7 / levels.length,
        stroke: color,
        strokeWidth: 0.8,
        ...(sign < 0 && { strokeDasharray: '3 2' }),
      },
    )
  }
  const figure = Plot.plot({
    document,
    width,
    height,
    marginLeft: 52,
    marginBottom: 44,
    style: { background: 'none', fontFamily: 'inherit', fontSize: '12px', overflow: 'visible' },
    x: { label: x, domain: [...field.x] },
    y: { label: y, domain: [...field.y] },
    marks: [
      layer(1),
      layer(-1),
      Plot.frame({ stroke: 'var(--line)' }),
      Plot.dot(dots, {
        x: '0',
        y: '1',
        r: 3.5,
        symbol: ([, , above]: Dot) => (above ? 'circle' : 'triangle'),
        fill: ([, , above]: Dot) => colorOf(above),
        stroke: 'var(--paper, white)',
        strokeWidth: 0.8,
      }),
    ],
  })
  return textOf(figure)
}
