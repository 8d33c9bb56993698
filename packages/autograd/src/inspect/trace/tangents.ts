import { closest } from '../../graph/closest.js'
import { ArgumentError } from '../../graph/errors.js'
import type { Node } from '../../graph/node.js'
import { formatShape, type Shape, sameShape } from '../../graph/shape.js'
import { withTracking } from '../../graph/tracking.js'
import { isTensor } from '../../graph/tree.js'
import { constant } from '../../ops/constant.js'
import { linearMap } from '../../transforms/forward.js'
import { type History, opOf } from './history.js'

/** How inputs move: by name, a tensor of the same shape, or a number for all elements. */
export type Tangents = Readonly<Record<string, unknown>>

/** How every node moves along; none where nothing does. */
export const tangentsOf = (
  { nodes, makerOf }: History,
  names: ReadonlyMap<Node, string>,
  tangents: Tangents,
): ReadonlyMap<Node, Node> => {
  const wanted = Object.entries(tangents)
  const found = new Map<Node, Node>()
  if (wanted.length === 0) return found
  const leaves = nodes.filter((node) => opOf(makerOf(node)) === null && node.tracking !== 0)
  const called = leaves.map((leaf) => names.get(leaf)!)
  const seeds = new Array<Node | null>(leaves.length).fill(null)
  for (const [name, tangent] of wanted) {
    const place = called.indexOf(name)
    if (place < 0) throw unknownName(name, called)
    seeds[place] = seedOf(name, leaves[place]!, tangent)
  }
  withTracking(0, () => linearMap(nodes, leaves)(seeds)).forEach((tangent, i) => {
    if (tangent !== null) found.set(nodes[i]!, tangent)
  })
  return found
}

const unknownName = (name: string, called: readonly string[]): ArgumentError => {
  const near = closest(name, called)
  return new ArgumentError(
    `trace: tangents.${name} is the name of no input or parameter of this computation` +
      `${near === undefined ? '' : `: did you mean ${near}?`} Its names are ${called.join(', ')}.`,
  )
}

const seedOf = (name: string, leaf: Node, tangent: unknown): Node => {
  if (typeof tangent === 'number') return constant(leaf, tangent, leaf.sizes)
  if (isTensor(tangent) && tangent.dtype === leaf.dtype && sameShape(tangent.sizes, leaf.sizes)) return tangent
  throw new ArgumentError(
    `trace: tangents.${name} is ${isTensor(tangent) ? tangent : typeof tangent}, and ${name} is ` +
      `${leaf.dtype}${formatShape(leaf.sizes as Shape)}; give it a tensor like that, or a number for all its elements.`,
  )
}
