import { flatten, isSummary } from '../../trace/quantity.js'
import type { Trace } from '../../trace/schema.js'
import { digits } from '../numbers.js'
import { textWidth } from '../text.js'
import { typeset } from './caption.js'
import type { Look } from './look.js'
import type { Line } from './scene.js'

/** Numbers of small tensors stand in a pill, up to so many. */
const most = 2
const longest = 18

/** The local derivative on a line: a number, two, or the formula of each element. Null where there is nothing short to say. */
export const pillText = ({ local }: Line, { nodes }: Trace, look: Look): string | null => {
  const derivative = local?.local
  if (local === null || derivative === null || derivative === undefined || derivative.kind !== 'elementwise')
    return null
  const { factor, formula } = derivative
  const elements = isSummary(factor) ? [] : flatten(factor)
  const dtype = nodes[local.to]!.dtype
  if (elements.length > 0 && elements.length <= most) {
    const significant = elements.length === 1 ? look.digits : look.elementDigits
    return elements.map((x) => digits(x, { significant, ...(dtype === null ? {} : { dtype }) })).join(', ')
  }
  if (formula === null || formula.length > longest) return null
  return typeset(formula)
}

export const pillSize = (text: string, look: Look) => ({
  width: textWidth(text, look.small) + 12,
  height: Math.round(look.small * 1.64),
})
