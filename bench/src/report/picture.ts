import { type Line, linesOf, titleOf } from '../ratios.js'
import type { Row } from '../turns.js'

const size = { width: 900, left: 130, right: 250, bar: 13, gap: 12, top: 70, bottom: 20 }
const colors: Readonly<Record<string, string>> = {
  adjoint: '#1b6ac9',
  'adjoint compiled': '#0c3c78',
  'tfjs cpu': '#f3c98b',
  'tfjs wasm': '#e8963a',
  'jax-js': '#b7d7b0',
  'jax-js jit': '#5a9e52',
  'js-pytorch': '#c99ac9',
  torch: '#777',
  jax: '#aaa',
  'jax jit': '#888',
  numpy: '#bbb',
  micrograd: '#ccc',
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const text = (x: number, y: number, words: string, attributes = ''): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${escaped(words)}</text>`

/**
 * A picture (SVG) of how many times as fast as the fastest peer in JavaScript each contender is, on a logarithmic axis:
 * bars reach to the ratio of the medians, ticks mark that of the best times. What runs in Python is grey; beside adjoint
 * stands its ratio to torch.
 */
export const picture = (rows: readonly Row[], facts: readonly string[]): string => {
  const groups = rows
    .map((row) => ({ title: titleOf(row), lines: linesOf(row).filter(({ ratio }) => ratio !== null) }))
    .filter(({ lines }) => lines.length > 0)
  const ratios = groups.flatMap(({ lines }) => lines.flatMap(({ ratio }) => [ratio!.median, ratio!.best]))
  const [low, high] = [Math.min(0.1, ...ratios), Math.max(10, ...ratios)].map(Math.log10) as [number, number]
  const x = (ratio: number) =>
    size.left + ((Math.log10(ratio) - low) / (high - low)) * (size.width - size.left - size.right)

  const parts: string[] = []
  let y = size.top
  for (const { title, lines } of groups) {
    parts.push(text(8, y + size.bar, title, 'font-weight="bold"'))
    for (const line of lines) {
      parts.push(bar(line, y, x))
      y += size.bar + 2
    }
    y += size.gap
  }
  const height = y + size.bottom
  const decades = Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, i) => 10 ** (Math.ceil(low) + i))
  const axis = decades.map(
    (ratio) =>
      `<line x1="${x(ratio).toFixed(1)}" x2="${x(ratio).toFixed(1)}" y1="${size.top - 8}" y2="${height - size.bottom}" ` +
      `stroke="${ratio === 1 ? '#333' : '#ddd'}"/>${text(x(ratio), size.top - 12, `${ratio}x`, 'text-anchor="middle"')}`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    text(8, 18, 'Speed relative to the fastest JavaScript peer (1x); more is better', 'font-size="14"'),
    text(8, 36, `${facts.slice(0, 3).join('; ')}; grey: native libraries, called from Python`, 'fill="#666"'),
    ...axis,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

const bar = ({ contender, ratio, toTorch }: Line, y: number, x: (ratio: number) => number): string => {
  const [from, to] = [x(1), x(ratio!.median)].sort((a, b) => a - b) as [number, number]
  const color = colors[contender.name] ?? '#999'
  const tick = x(ratio!.best)
  const beside = contender.peer === undefined && toTorch !== null ? ` (${toTorch.median.toFixed(2)} x torch)` : ''
  return (
    `<rect x="${from.toFixed(1)}" y="${y}" width="${Math.max(1, to - from).toFixed(1)}" height="${size.bar}" fill="${color}"/>` +
    `<line x1="${tick.toFixed(1)}" x2="${tick.toFixed(1)}" y1="${y}" y2="${y + size.bar}" stroke="black"/>` +
    text(Math.max(to, tick) + 4, y + size.bar - 3, `${contender.name} ${ratio!.median.toFixed(2)}${beside}`)
  )
}
