import { isBatching, requireHere, whereItRan } from '../graph/batched.js'
import type { Node, Recorded } from '../graph/node.js'
import { nodesBetween } from './between.js'
import { requireUnchanged } from './reverse.js'

/** From the tangents of the leaves to those of the roots; null stands for zero. */
export type LinearMap = (tangents: readonly (Node | null)[]) => readonly (Node | null)[]

/**
 * The derivative of the roots of a recorded graph by its leaves: forward accumulation (Griewank and Walther, Evaluating
 * Derivatives, 2nd ed., section 3.1) over what lies between them, each time anew.
 */
export const linearMap = (roots: readonly Node[], leaves: readonly Node[]): LinearMap => {
  const leafIndices = new Map(leaves.map((leaf, i) => [leaf, i]))
  const { nodes, inputPlaces, rootPlaces } = nodesBetween(roots, (node) => leafIndices.has(node))
  return (tangents) => {
    if (isBatching) for (const root of roots) requireHere(root)
    const found: (Node | null)[] = []
    let start = 0
    for (const node of nodes as readonly Recorded[]) {
      const leafIndex = leafIndices.get(node)
      const incoming = node.inputs.map((_, i) => found[inputPlaces[start + i]!] ?? null)
      start += incoming.length
      if (leafIndex !== undefined) {
        found.push(tangents[leafIndex]!)
        continue
      }
      for (const input of node.inputs) requireUnchanged(input, node)
      const isConstant = incoming.every((tangent) => tangent === null)
      found.push(isConstant ? null : whereItRan(node, () => node.op.jvp(incoming, node)))
    }
    return rootPlaces.map((place) => found[place] ?? null)
  }
}
