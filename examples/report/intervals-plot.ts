import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { textOf } from './plot.js'

/** An estimate beside the truth. */
export interface Interval {
  readonly truth: number
  readonly estimate: number
  readonly low: number
  readonly high: number
}

/** Estimates over truths with their intervals, orange where those miss, as the text of an SVG. What is right lies on the diagonal. */
export const intervalsPlot = (
  intervals: readonly Interval[],
  { x, y, width, height }: { readonly x: string; readonly y: string; readonly width: number; readonly height: number },
): string => {
  const { document } = parseHTML('<!doctype html><body></body>')
  const misses = ({ truth, low, high }: Interval) => truth < low || truth > high
  const color = (interval: Interval) => (misses(interval) ? 'var(--adjoint)' : 'var(--value)')
  const ends = intervals.map(({ truth }) => truth)
  const [least, most] = [Math.min(...ends), Math.max(...ends)]
  const figure = Plot.plot({
    document,
    width,
    height,
    marginLeft: 52,
    marginBottom: 44,
    style: { background: 'none', fontFamily: 'inherit', fontSize: '12px', overflow: 'visible' },
    x: { label: x, nice: true },
    y: { label: y, nice: true, grid: true },
    marks: [
      Plot.line(
        [
          [least, least],
          [most, most],
        ],
        { stroke: 'var(--edge)', strokeDasharray: '4 3' },
      ),
      Plot.ruleX(intervals, { x: 'truth', y1: 'low', y2: 'high', stroke: color, strokeOpacity: 0.25 }),
      Plot.dot(intervals, {
        x: 'truth',
        y: 'estimate',
        r: 2.2,
        fill: color,
        fillOpacity: 0.8,
        // not by colour alone
        symbol: (interval: Interval) => (misses(interval) ? 'diamond' : 'circle'),
      }),
    ],
    symbol: { type: 'identity' } as never,
  })
  return textOf(figure)
}
