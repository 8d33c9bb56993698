import { scaleOf } from './bar-scale.js'
import { digits } from './numbers.js'
import type { Bars } from './small.js'
import { svgOf, textAt } from './svg.js'
import { px, shortened, textWidth } from './text.js'
import { paint, scope } from './theme.js'

const margin = 8
const row = 22
const size = { title: 13, text: 12, note: 10.5 }

export const barsSvg = (chart: Bars): string => {
  const { bars, dtype, quantity, options } = chart
  const { title, width = 640 } = options
  const scale = scaleOf(chart)
  const numbers = bars.map(({ value }) => digits(value, { dtype }))
  const labelRoom = Math.min(width * 0.35, Math.max(0, ...bars.map(({ label }) => textWidth(label, size.text))))
  const numberRoom = Math.max(0, ...numbers.map((text) => textWidth(text, size.text)))
  const start = margin + labelRoom + 10
  const room = Math.max(40, width - start - numberRoom - 10 - margin)
  const parts: string[] = []
  let y = margin
  if (title !== undefined) {
    parts.push(
      textAt(margin, y + 12, shortened(title, width - 2 * margin, size.title, true), { size: size.title, bold: true }),
    )
    y += 24
  }
  const top = y
  bars.forEach(({ label, value }, i) => {
    const [from, to] = [scale.origin, Number.isFinite(value) ? scale.at(value) : scale.origin]
    const [x, length] = [start + Math.min(from, to) * room, Math.abs(to - from) * room]
    const isNegative = value < 0
    parts.push(textAt(start - 10, y + 15, shortened(label, labelRoom, size.text), { anchor: 'end' }))
    if (length > 0)
      parts.push(
        `<path class="bar${isNegative ? ' below' : ''}" d="${barPath(x, y + 4, Math.max(1, length), row - 8, isNegative)}"/>`,
      )
    parts.push(
      textAt(width - margin, y + 15, numbers[i]!, { anchor: 'end', className: Number.isFinite(value) ? 'ink' : 'bad' }),
    )
    y += row
  })
  if (bars.length > 0) {
    const axis = start + scale.origin * room
    parts.push(`<path class="axis" d="M${px(axis)},${px(top)}V${px(y)}"/>`)
  } else {
    parts.push(textAt(margin, y + 14, 'No numbers.', { className: 'soft' }))
    y += row
  }
  const notes = notesOf(chart)
  if (scale.ends !== null) {
    parts.push(textAt(start, y + 13, digits(scale.ends[0]), { size: size.note, className: 'soft' }))
    parts.push(
      textAt(start + room, y + 13, digits(scale.ends[1]), { size: size.note, className: 'soft', anchor: 'end' }),
    )
    y += 16
  }
  for (const note of notes) {
    parts.push(textAt(margin, y + 14, note, { size: size.note, className: 'soft' }))
    y += 16
  }
  return svgOf({
    width,
    height: y + margin,
    title: title ?? 'Bar chart',
    description: [bars.map(({ label }, i) => `${label}: ${numbers[i]}`).join('; '), ...notes].join('. '),
    style:
      `.${scope} .bar{${paint('fill', quantity)};fill-opacity:.75}` +
      `.${scope} .below{${paint('stroke', quantity)};fill-opacity:.3}` +
      `.${scope} .axis{${paint('stroke', 'edge')};stroke-width:1.2;fill:none}`,
    body: parts.join('\n'),
  })
}

/** A bar; a negative one is pale with an outline and has a cut corner at its end. */
const barPath = (x: number, y: number, width: number, height: number, isNegative: boolean): string => {
  const cut = isNegative ? Math.min(5, width) : 0
  return `M${px(x + cut)},${px(y)}H${px(x + width)}V${px(y + height)}H${px(x)}V${px(y + cut)}Z`
}

export const notesOf = ({ left, scale, bars }: Bars): string[] => [
  ...(scale === 'log' ? [`Log scale${bars.some(({ value }) => value === 0) ? ': 0 has no length' : ''}.`] : []),
  ...(left === 0 ? [] : [`${left} smaller one${left === 1 ? ' is' : 's are'} not shown.`]),
]
