import { formatShape } from '../graph/shape.js'
import type { GraphNode, NestedNumbers } from './graph.js'
import { short } from './names.js'

/** The lines of a node in a picture: what it is called, what made it, and its numbers as far as they are few. */
export const captionOf = (node: GraphNode): string[] => {
  const { op, kind, label, dtype, shape, value, gradient } = node
  const isNumber = kind === 'constant' && Number.isFinite(Number(label))
  const lines = [op === null || op === label ? label : `${label} = ${op}`]
  if (!isNumber) lines.push(shape.length === 0 ? dtype : `${dtype}${formatShape(shape)}`)
  const own = numbers(value)
  if (own !== null && !isNumber) lines.push(own)
  const derivative = numbers(gradient)
  if (derivative !== null) lines.push(`gradient ${derivative}`)
  return lines
}

const most = 8

const numbers = (value: NestedNumbers | undefined): string | null => {
  if (value === undefined || count(value) > most) return null
  const text = (item: NestedNumbers): string =>
    typeof item === 'number' ? short(item) : `[${item.map(text).join(', ')}]`
  return text(value)
}

const count = (value: NestedNumbers): number =>
  typeof value === 'number' ? 1 : value.reduce<number>((total, item) => total + count(item), 0)
