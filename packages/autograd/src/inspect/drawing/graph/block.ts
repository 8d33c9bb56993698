import type { DType } from '../../../graph/dtype.js'
import { flatten, isSummary } from '../../trace/quantity.js'
import type { Quantity as Amount } from '../../trace/schema.js'
import type { Size } from '../layout/types.js'
import { digits } from '../numbers.js'
import { cellPath, textAt } from '../svg.js'
import { px, textWidth } from '../text.js'
import type { Quantity } from '../theme.js'
import { largestOf } from '../values.js'
import type { Look } from './look.js'

// The numbers of a tensor in a box: written in cells where they are few, as tints where they are more, and as a summary where a
// trace holds no more.

/** Something to be drawn at a place. */
export interface Block extends Size {
  readonly draw: (x: number, y: number, width: number) => string
}

/** Numbers are written up to so many, and cells drawn up to so many in a line. */
const written = 12
const longest = 16
const cell = 11
const deepest = 0.4
/** Between matrices that lie side by side. */
const slit = 5

/** What stands for one number; null of a tensor of more. */
export const scalarText = (amount: Amount, dtype: DType | null, significant: number): string | null => {
  if (isSummary(amount)) return null
  const elements = flatten(amount)
  return elements.length === 1 ? digits(elements[0]!, { significant, ...(dtype === null ? {} : { dtype }) }) : null
}

/** A summary in words, every number of which is in the trace. */
export const summaryText = (amount: Amount, dtype: DType | null, significant: number): string | null => {
  if (!isSummary(amount)) return null
  const write = (x: number) => digits(x, { significant, ...(dtype === null ? {} : { dtype }) })
  const { least, largest, norm, notFinite, size } = amount
  if (notFinite > 0) return `${write(notFinite)} of ${write(size)} not finite`
  return `${write(least)} to ${write(largest)}, norm ${write(norm)}`
}

export const blockOf = (
  amount: Amount,
  shape: readonly number[],
  dtype: DType | null,
  hue: Quantity,
  look: Look,
): Block => {
  if (isSummary(amount)) {
    const text = summaryText(amount, dtype, look.elementDigits)!
    const className = amount.notFinite > 0 ? 'bad' : hue === 'value' ? 'ink' : hue
    return {
      width: textWidth(text, look.small),
      height: look.row - 5,
      draw: (x, y, width) => textAt(x + width, y + look.row - 11, text, { size: look.small, anchor: 'end', className }),
    }
  }
  const elements = flatten(amount)
  if (elements.length === 0) {
    return {
      width: textWidth('no elements', look.small),
      height: look.row - 5,
      draw: (x, y) => textAt(x, y + look.row - 11, 'no elements', { size: look.small, className: 'soft' }),
    }
  }
  const last = shape.at(-1) ?? 1
  // a long column lies down
  const inLine = last === 1 && elements.length > look.columns ? elements.length : last
  const texts = elements.map((x) =>
    digits(x, { significant: look.elementDigits, ...(dtype === null ? {} : { dtype }) }),
  )
  const isWritten = elements.length <= written && inLine <= look.columns
  const broadest = isWritten ? look.columns : longest
  const columns = Math.min(inLine, broadest)
  const width = isWritten ? Math.max(30, ...texts.map((text) => textWidth(text, look.small) + 8)) : cell
  const height = isWritten ? 19 : cell
  // matrices of more than two axes lie side by side
  const rows = shape.length > 2 && inLine <= broadest ? shape.at(-2)! : Math.ceil(elements.length / columns)
  const slices = Math.ceil(elements.length / (rows * columns))
  const beside = Math.min(slices, Math.max(1, Math.floor((broadest + 1) / (columns + 0.5))))
  const whole = beside * (columns * width + slit) - slit
  const placeOf = (i: number): readonly [x: number, y: number] => {
    const [slice, at] = [Math.floor(i / (rows * columns)), i % (rows * columns)]
    return [
      (slice % beside) * (columns * width + slit) + (at % columns) * width,
      Math.floor(slice / beside) * (rows * height + slit) + Math.floor(at / columns) * height,
    ]
  }
  const largest = largestOf(elements)
  const draw = (x: number, y: number, room: number): string => {
    const left = x + room - whole
    return elements
      .map((value, i) => {
        const [ox, oy] = placeOf(i)
        const [cx, cy] = [left + ox, y + oy]
        const tint = Number.isFinite(value) && largest > 0 ? Math.abs(value) / largest : 0
        const opacity = px(tint * (isWritten ? deepest : 0.85))
        const box = `<path class="cell-${hue}" fill-opacity="${opacity}" d="${cellPath(cx, cy, width - 1.2, height - 1.2, value < 0)}"/>`
        if (isWritten) {
          const className = Number.isFinite(value) ? 'ink' : 'bad'
          return (
            box + textAt(cx + (width - 1.2) / 2, cy + 13, texts[i]!, { size: look.small, anchor: 'middle', className })
          )
        }
        if (!Number.isFinite(value)) return `${box}<path class="odd" d="M${px(cx + 2)},${px(cy + 2)}l6,6m0,-6l-6,6"/>`
        return value < 0 ? `${box}<path class="minus" d="M${px(cx + 2.6)},${px(cy + cell / 2)}h4.4"/>` : box
      })
      .join('')
  }
  const lines = Math.ceil(slices / beside)
  return { width: whole, height: lines * (rows * height + slit) - slit + 6, draw }
}
