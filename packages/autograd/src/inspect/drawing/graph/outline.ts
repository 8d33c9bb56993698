import { flatten, isSummary } from '../../trace/quantity.js'
import type { Quantity, Trace, TraceNode } from '../../trace/schema.js'
import { digits } from '../numbers.js'
import { summaryText } from './block.js'
import { captionOf, shapeText } from './caption.js'
import { usual } from './look.js'
import { pillText } from './pills.js'
import { placesOf } from './places.js'
import { type Item, type Line, type Scene, sizeOfShape } from './scene.js'

// A drawing in the languages of other programs: what stands in each box, and which boxes stand together.

/** So many elements are written. */
const most = 8

const amountText = (amount: Quantity, { dtype }: TraceNode): string => {
  if (isSummary(amount)) return summaryText(amount, dtype, usual.elementDigits)!
  const elements = flatten(amount)
  const write = (x: number) =>
    digits(x, {
      significant: elements.length === 1 ? usual.digits : usual.elementDigits,
      ...(dtype === null ? {} : { dtype }),
    })
  if (elements.length === 1) return write(elements[0]!)
  return elements.length <= most ? elements.map(write).join(', ') : `${digits(elements.length)} numbers`
}

/** The lines of a box. */
export const linesOf = (
  item: Item,
  names: ReadonlyMap<number, string>,
  values: boolean,
  gradients: boolean,
): string[] => {
  const { node, group, part, members } = item
  const lines: string[] = []
  if (group !== null) {
    const name = part > 1 ? `${group.name} (${part})` : group.name
    lines.push(group.type === group.name ? name : `${name}: ${group.type}`, `${members.length} nodes`)
  } else {
    const { text, isBar } = captionOf(item, names)
    lines.push(text === '' ? node!.name : `${node!.name} = ${isBar ? `adjoint of ${text}` : text}`)
  }
  if (node === null) return lines
  const isNumber = node.kind === 'constant' && Number.isFinite(Number(node.name))
  if (node.shape !== null && sizeOfShape(node.shape) !== 1) lines.push(`shape ${shapeText(node.shape)}`)
  if (values && node.value !== undefined && !isNumber) lines.push(amountText(node.value, node))
  if (gradients && node.adjoint !== undefined) lines.push(`adjoint ${amountText(node.adjoint, node)}`)
  if (gradients && node.tangent !== undefined) lines.push(`tangent ${amountText(node.tangent, node)}`)
  return lines
}

/** What stands on an edge. */
export const edgeText = (line: Line, trace: Trace): string => pillText(line, trace, usual) ?? ''

/** Boxes one by one, and the beginnings and ends of what they stand in. */
export interface Writer {
  readonly box: (place: number, indent: string) => string
  readonly begin: (group: number, label: string, indent: string) => string
  readonly end: (indent: string) => string
}

/** Boxes inside the groups that are open, in the order of the program. */
export const nestedLines = ({ items }: Scene, trace: Trace, { box, begin, end }: Writer): string[] => {
  const { groups } = trace
  const places = placesOf(trace, items)
  const inside = new Map<number | null, number[]>()
  items.forEach((_, i) => {
    const at = places[i]![0] ?? null
    inside.set(at, [...(inside.get(at) ?? []), i])
  })
  const write = (group: number | null, indent: string): string[] => [
    ...(inside.get(group) ?? []).map((i) => box(i, indent)),
    ...groups.flatMap(({ id, parent, name, type }) => {
      if (parent !== group) return []
      const own = write(id, `${indent}  `)
      return own.length === 0 ? [] : [begin(id, type === name ? name : `${name}: ${type}`, indent), ...own, end(indent)]
    }),
  ]
  return write(null, '  ')
}
