import { isSummary } from '../../trace/quantity.js'
import { digits } from '../numbers.js'
import { scalarText } from './block.js'
import { usual } from './look.js'
import type { Item } from './scene.js'

/** What a box is outlined as. */
export type Kind = 'input' | 'parameter' | 'constant' | 'result' | 'loss' | 'output' | 'group'

export const kindOf = ({ node, group, isOutput }: Item): Kind => {
  if (isOutput) return node !== null && node.adjoint !== undefined ? 'loss' : 'output'
  return group === null ? node!.kind : 'group'
}

export const shapeText = (shape: readonly number[]): string => shape.map((size) => digits(size)).join(' × ')

/** A formula that is longer than this is too much for a caption. */
const short = 22

/** A formula as readers write it. */
export const typeset = (formula: string): string => formula.replaceAll(' * ', ' × ').replaceAll('-', '−')

/** What made a node: its op with the numbers it was given, its formula, or of what it is the adjoint. */
export const captionOf = (
  { node, group, numbers }: Item,
  names: ReadonlyMap<number, string>,
): { readonly text: string; readonly isBar: boolean } => {
  if (node === null || group !== null || node.op === null) return { text: '', isBar: false }
  const of = node.adjointOf
  if (of !== undefined && of !== null && names.has(of)) return { text: names.get(of)!, isBar: true }
  // an op that a sweep made is called after the one that it belongs to, which says less than what it computes
  if (node.formula !== undefined && (node.formula.length <= short || node.op.includes('.'))) {
    return { text: typeset(node.formula), isBar: false }
  }
  const loop = node.iterations === undefined ? '' : ` × ${digits(node.iterations)}`
  if (numbers === null) return { text: node.op + loop, isBar: false }
  return {
    text: `${node.op}(${numbers.map((number) => number?.replaceAll('-', '−') ?? '·').join(', ')})${loop}`,
    isBar: false,
  }
}

const words: Readonly<Record<Kind, string>> = {
  input: 'input',
  parameter: 'parameter',
  constant: 'constant',
  result: 'result',
  loss: 'loss',
  output: 'output',
  group: 'group',
}

/** A box in words, for who hears it. */
export const spoken = (item: Item, names: ReadonlyMap<number, string>, values: boolean, gradients: boolean): string => {
  const { node, group, members, parameters } = item
  const caption = captionOf(item, names)
  const parts =
    group === null
      ? [
          node!.name,
          words[kindOf(item)],
          caption.text === '' ? '' : caption.isBar ? `adjoint of ${caption.text}` : caption.text,
        ]
      : [
          `${group.name}${group.type === group.name ? '' : `, ${group.type}`}`,
          `group of ${members.length} nodes`,
          parameters.length === 0 ? '' : `with ${parameters.map(({ name }) => name).join(', ')}`,
        ]
  if (node !== null) {
    if (node.shape !== null && node.shape.length > 0) parts.push(node.shape.map(String).join(' by '))
    for (const [word, amount, isShown] of [
      ['value', node.value, values],
      ['adjoint', node.adjoint, gradients],
      ['tangent', node.tangent, gradients],
    ] as const) {
      if (!isShown || amount === undefined) continue
      const scalar = scalarText(amount, node.dtype, usual.digits)
      if (scalar !== null) parts.push(`${word} ${scalar}`)
      else if (isSummary(amount)) parts.push(`${word} of norm ${digits(amount.norm)}`)
      else parts.push(`${word} in cells`)
    }
  }
  return parts.filter((part) => part !== '').join(', ')
}
