import { whereItRan } from '../graph/batched.js'
import type { Node, Recorded } from '../graph/node.js'
import { nodesBetween } from './between.js'
import { requireUnchanged } from './reverse.js'

/**
 * Forward accumulation over a recorded graph: from the leaves' tangents those of every node up to the roots (Griewank
 * and Walther, section 3.1). A node without a tangent is constant: its tangent is zero.
 */
export const tangents = (roots: readonly Node[], seeds: ReadonlyMap<Node, Node>): Map<Node, Node> => {
  const found = new Map<Node, Node>(seeds)
  const { nodes } = nodesBetween(roots, (candidate) => seeds.has(candidate))
  for (const node of nodes as readonly Recorded[]) {
    if (seeds.has(node)) continue
    for (const input of node.inputs) requireUnchanged(input, node)
    const incoming = node.inputs.map((input) => found.get(input) ?? null)
    if (incoming.every((tangent) => tangent === null)) continue
    const tangent = whereItRan(node, () => node.op.jvp(incoming, node))
    if (tangent !== null) found.set(node, tangent)
  }
  return found
}
