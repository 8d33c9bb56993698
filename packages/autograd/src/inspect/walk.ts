import type { Node } from '../graph/node.js'
import { makerOf } from '../graph/tuple.js'

/** Every node that the root was made of, and the root: in the order in which they were made. Iterative. */
export const historyOf = (root: Node): Node[] => {
  const seen = new Set([root])
  for (const node of seen) for (const input of makerOf(node).inputs) seen.add(input)
  return [...seen].sort((a, b) => a.id - b.id)
}
