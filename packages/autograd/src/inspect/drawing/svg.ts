import { escape, px } from './text.js'
import { type Colour, paint, type Quantity, scope, themeStyle } from './theme.js'

/** A picture as the text of an SVG. */
export interface Picture {
  readonly width: number
  readonly height: number
  /** What it is, for who cannot see it, and for what appears under the mouse. */
  readonly title: string
  /** What it shows, in sentences. */
  readonly description: string
  /** What the elements inside look like, by classes. */
  readonly style: string
  readonly body: string
}

/** Of text, and what all drawings have. */
const common = (['ink', 'soft', 'value', 'local', 'adjoint', 'tangent', 'bad'] satisfies Colour[])
  .map((colour) => `.${scope} .${colour}{${paint('fill', colour)}}`)
  .join('')

/** The whole of a picture. `isGroup` says that its parts have names of their own. */
export const svgOf = ({ width, height, title, description, style, body }: Picture, isGroup = false): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" class="${scope}" role="${isGroup ? 'group' : 'img'}" aria-label="${escape(title)}" ` +
  `width="${px(width)}" height="${px(height)}" viewBox="0 0 ${px(width)} ${px(height)}">` +
  `<title>${escape(title)}</title><desc>${escape(description)}</desc>` +
  `<style>${themeStyle}\n${common}${style}</style>\n${body}\n</svg>`

export interface TextOptions {
  readonly size?: number
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly className?: string
  readonly bold?: boolean
}

/** A line of text; `y` is its base line. */
export const textAt = (
  x: number,
  y: number,
  text: string,
  { size = 12, anchor = 'start', className = 'ink', bold = false }: TextOptions = {},
): string =>
  `<text x="${px(x)}" y="${px(y)}" class="${className}" font-size="${px(size)}"${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}` +
  `${bold ? ' font-weight="700"' : ''}>${escape(text)}</text>`

/** A rectangle; of what is negative, with a corner cut off. */
export const cellPath = (x: number, y: number, width: number, height: number, isNegative: boolean): string => {
  const cut = isNegative ? Math.max(2, Math.min(width, height) * 0.32) : 0
  const corner = isNegative ? `H${px(x + width - cut)}L${px(x + width)},${px(y + cut)}` : `H${px(x + width)}`
  return `M${px(x)},${px(y)}${corner}V${px(y + height)}H${px(x)}Z`
}

/** The style of tensor cells in the hue of a quantity. */
export const cellStyle = (quantity: Quantity): string =>
  `.${scope} .cell-${quantity}{${paint('fill', quantity)};${paint('stroke', 'line')};stroke-width:1}`
