import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { escape } from './escape.js'

/** A line of a panel. */
export interface PanelLine {
  readonly label: string
  readonly points: readonly (readonly [x: number, y: number])[]
  /** Stands behind the label in the legend: what the line comes to, say. */
  readonly note?: string
}

/** What a panel shows beside its lines. */
export interface PanelOptions {
  readonly title: string
  readonly x: string
  readonly y: string
  /** Spread the y axis by powers of ten; what is not above 0 is left out. */
  readonly logarithmic?: boolean
  /** The ends of the y axis; those of the lines unless given. What lies beyond is cut off. */
  readonly range?: readonly [low: number, high: number]
  /** How the x axis is spread: by powers of two with a tick at each point, or by powers of ten. Default evenly. */
  readonly spread?: 'doubling' | 'tenfold'
  /** Drawn as dots, for data that lines are fitted to. */
  readonly dots?: readonly (readonly [x: number, y: number])[]
}

// a hue never stands alone: each line has a pattern of its own
const looks = [
  ['var(--value, #1d4fd7)', ''],
  ['var(--adjoint, #b34a00)', '7 3'],
  ['var(--tangent, #0f766e)', '2 3'],
  ['var(--local, #6d3fc4)', '10 3 2 3'],
  ['var(--ink, #1c1f24)', '4 4'],
  ['var(--soft, #5c6470)', '1 2'],
] as const

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** A power of ten as people write it: 10⁻³. */
const power = (exponent: number): string => {
  const digits = [...String(Math.abs(exponent))].map((digit) => superscripts[Number(digit)]).join('')
  return exponent === 0 ? '1' : exponent === 1 ? '10' : `10${exponent < 0 ? '⁻' : ''}${digits}`
}

/** A small number, or a large one, in few characters: 1.3 × 10⁻³², 0.052, 2.3. */
export const brief = (number: number): string => {
  if (number === 0 || (Math.abs(number) >= 0.001 && Math.abs(number) < 1e4))
    return String(Number(number.toPrecision(2)))
  if (!Number.isFinite(number)) return Number.isNaN(number) ? 'NaN' : 'infinite'
  const [digits, exponent] = number.toExponential(1).split('e') as [string, string]
  return `${digits} × ${power(Number(exponent))}`
}

/** Whole powers of ten between two numbers, at most seven, evenly apart; 1 is one of them where it lies between. */
const powersBetween = (low: number, high: number): number[] => {
  const [first, last] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))]
  const step = [1, 2, 3, 5, 10, 20, 50].find((step) => (last - first) / step <= 6) ?? 100
  const powers: number[] = []
  for (let exponent = Math.ceil(first / step) * step; exponent <= last; exponent += step) powers.push(exponent)
  return powers
}

/** Ends of an axis with a little room beyond the values. */
const endsOf = (values: readonly number[], logarithmic: boolean): [low: number, high: number] => {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  if (!logarithmic) return [low, high]
  const room = Math.max(1, high / low) ** 0.03
  return [low / room, high * room]
}

/** Lines over common axes, with a title and a legend, as HTML: as wide as a phone, to stand beside others of its kind. */
export const panel = (lines: readonly PanelLine[], options: PanelOptions): string => {
  const { title, x, y, logarithmic = false, spread, range, dots = [] } = options
  const shown = lines.map(({ points }) =>
    points.filter(([, value]) => Number.isFinite(value) && (!logarithmic || value > 0)),
  )
  const values = [...shown.flat(), ...dots].map(([, value]) => value)
  const [low, high] = range ?? endsOf(values, logarithmic)
  const ticks = logarithmic ? powersBetween(low, high) : []
  const { document } = parseHTML('<!doctype html><body></body>')
  const figure = Plot.plot({
    document,
    width: 352,
    height: 240,
    marginLeft: 46,
    marginRight: 14,
    marginBottom: 36,
    marginTop: 22,
    style: { background: 'none', fontFamily: 'inherit', fontSize: '12px' },
    x: {
      label: x,
      ...(spread === undefined
        ? { ticks: 5 }
        : spread === 'doubling'
          ? { type: 'log', base: 2, ticks: [...new Set(shown.flat().map(([at]) => at))], tickFormat: String }
          : {
              type: 'log',
              ticks: 4,
              tickFormat: (d: number) => (Number.isInteger(Math.log10(d)) ? d.toLocaleString('en') : ''),
            }),
    },
    y: {
      label: y,
      grid: true,
      domain: [low, high],
      clamp: true,
      ...(logarithmic
        ? {
            type: 'log',
            ticks: ticks.map((exponent) => 10 ** exponent),
            tickFormat: (d: number) => power(Math.round(Math.log10(d))),
          }
        : { nice: range === undefined, ticks: 5 }),
    },
    marks: [
      Plot.dot(dots, { x: '0', y: '1', r: 1.7, fill: 'currentColor', fillOpacity: 0.4 }),
      ...shown.flatMap((points, i) => {
        const [stroke, strokeDasharray] = looks[i % looks.length]!
        return [Plot.lineY(points, { x: '0', y: '1', stroke, strokeWidth: 2, strokeDasharray, clip: true })]
      }),
    ],
  })
  const legend = lines.map(({ label, note }, i) => {
    const [stroke, dashes] = looks[i % looks.length]!
    const stroked = `<svg viewBox="0 0 26 8" width="26" height="8" aria-hidden="true"><path d="M0 4H26" stroke="${stroke}" stroke-width="2.5" stroke-dasharray="${dashes}"/></svg>`
    return `<li>${stroked}<span>${escape(label)}</span>${note === undefined ? '' : `<b>${escape(note)}</b>`}</li>`
  })
  return `<figure class="panel"><h3>${escape(title)}</h3>${figure.outerHTML.replace('<svg', `<svg role="img" aria-label="${escape(title)}"`)}<ul>${legend.join('')}</ul></figure>`
}

/** Panels side by side, as many as there is room for. */
export const panels = (...all: readonly string[]): string => `<div class="panels">${all.join('\n')}</div>`
