import { textAt } from '../svg.js'
import { px, textWidth } from '../text.js'
import type { Kind } from './caption.js'

/** What occurs in a drawing, and is explained below it. */
export interface Occurring {
  readonly kinds: ReadonlySet<Kind>
  readonly output: string
  readonly locals: boolean
  readonly adjoints: boolean
  readonly tangents: boolean
  readonly cells: boolean
  readonly negative: boolean
  readonly order: boolean
}

const size = 11.6
const key = { width: 24, height: 15 }
const line = 24

/** Samples with words, in as many lines as they need. */
export const legendOf = (
  found: Occurring,
  x: number,
  y: number,
  room: number,
): { svg: string; height: number; width: number } => {
  const boxKey = (kind: Kind) => (at: number, top: number) =>
    `<g class="n ${kind}">${kind === 'group' ? `<rect class="box" x="${px(at + 3)}" y="${px(top + 3)}" width="${key.width}" height="${key.height}" rx="4"/>` : ''}<rect class="box" x="${px(at)}" y="${px(top)}" width="${key.width}" height="${key.height}" rx="4"/>` +
    `${kind === 'loss' || kind === 'output' ? `<rect class="inner" x="${px(at + 2)}" y="${px(top + 2)}" width="${key.width - 4}" height="${key.height - 4}" rx="3"/>` : ''}</g>`
  const low = (hue: 'adjoint' | 'tangent') => (at: number, top: number) =>
    `<rect class="low ${hue}" x="${px(at)}" y="${px(top)}" width="${key.width}" height="${key.height}" rx="4"/>`
  const items: [string, (at: number, top: number) => string, string?][] = []
  for (const kind of ['input', 'parameter', 'constant', 'result', 'loss', 'output', 'group'] as const) {
    if (found.kinds.has(kind)) items.push([kind === 'group' ? 'group of nodes' : kind, boxKey(kind)])
  }
  if (found.locals) {
    items.push([
      'local derivative',
      (at, top) =>
        `<rect class="pill" x="${px(at)}" y="${px(top)}" width="${key.width}" height="${key.height}" rx="7.5"/>`,
    ])
  }
  if (found.adjoints) items.push([`= d${found.output}/dx, the adjoint`, low('adjoint'), 'x'])
  if (found.tangents) items.push(['tangent: how x moves is x′', low('tangent')])
  if (found.cells) {
    items.push([
      'deeper: larger within its tensor',
      (at, top) =>
        [0.1, 0.45, 0.85]
          .map(
            (tint, i) =>
              `<rect class="cell-value" x="${px(at + i * 8)}" y="${px(top + 2)}" width="7" height="11" fill-opacity="${tint}"/>`,
          )
          .join(''),
    ])
  }
  if (found.negative) {
    items.push([
      'cut corner: negative',
      (at, top) => `<path class="cell-value" fill-opacity=".45" d="M${px(at + 5)},${px(top + 1)}h8l4,4v9h-12z"/>`,
    ])
  }
  if (found.order) {
    items.push([
      'order of the sweep back',
      (at, top) =>
        `<circle class="chip" cx="${px(at + 12)}" cy="${px(top + 7.5)}" r="8"/>${textAt(at + 12, top + 11.2, '1', { size: 10, anchor: 'middle', className: 'adjoint' })}`,
    ])
  }
  const parts: string[] = []
  let [at, top, widest] = [x, y, 0]
  for (const [text, draw, overlined = ''] of items) {
    const lead = overlined === '' ? 0 : textWidth(`${overlined} `, size)
    const width = key.width + 7 + lead + textWidth(text, size)
    if (at > x && at + width > x + room) {
      at = x
      top += line
    }
    const begin = at + key.width + 7
    if (overlined !== '') parts.push(textAt(begin, top + 11.6, overlined, { size, className: 'adjoint bar' }))
    parts.push(draw(at, top), textAt(begin + lead, top + 11.6, text, { size, className: 'soft' }))
    widest = Math.max(widest, at + width - x)
    at += width + 18
  }
  return { svg: parts.join(''), height: items.length === 0 ? 0 : top - y + line, width: widest }
}
