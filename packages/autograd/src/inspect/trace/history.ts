import type { Node, Op } from '../../graph/node.js'
import { Tuple } from '../../graph/tuple.js'
import { isAlias } from '../../transforms/scope.js'

// What a trace shows of what was recorded: every tensor, without the stand-ins of differentiations, which are the tensors that
// they stand for; and an op of several results by itself only where more than one of them takes part.

/** The part of the graph that some tensors were made of. */
export interface History {
  /** In the order in which they were made; what nothing tracks where it is used first. */
  readonly nodes: readonly Node[]
  /** What a node was made of, as far as it is shown. */
  readonly inputsOf: (node: Node) => readonly Node[]
  /** The node that remembers by which op it was made: itself, or the tuple that it is the only part of. */
  readonly makerOf: (node: Node) => Node
}

/** The op that made a node; null for leaves, and in forward mode for what keeps nothing of its past. */
export const opOf = ({ op, inputs }: Node): Op | null => (inputs.length === 0 ? null : op)

/** What a stand-in stands for. */
export const originalOf = (node: Node): Node => {
  let at = node
  while (isAlias(at)) at = at.inputs[0]!
  return at
}

/** Every node that the roots were made of, and the roots. Iterative. */
export const historyOf = (roots: readonly Node[]): History => {
  const seen = new Set(roots.map(originalOf))
  for (const node of seen) for (const input of node.inputs) seen.add(originalOf(input))
  const partsOf = new Map<Node, number>()
  for (const { inputs } of seen) {
    if (inputs[0] instanceof Tuple) partsOf.set(inputs[0], (partsOf.get(inputs[0]) ?? 0) + 1)
  }
  const isWhole = (node: Node | undefined): boolean => node instanceof Tuple && partsOf.get(node) === 1
  const makerOf = (node: Node): Node => (isWhole(node.inputs[0]) ? node.inputs[0]! : node)
  const inputsOf = (node: Node) => makerOf(node).inputs.map(originalOf)
  const shown = [...seen].filter((node) => !isWhole(node)).sort((a, b) => a.id - b.id)
  // numbers may have been made long before, for something else: they stand where they are used first
  const isMovable = (node: Node) => node.op === null && node.tracking === 0
  const nodes = new Set<Node>()
  for (const node of shown) {
    if (isMovable(node) && !roots.includes(node)) continue
    for (const input of inputsOf(node)) if (isMovable(input)) nodes.add(input)
    nodes.add(node)
  }
  return { nodes: [...nodes], makerOf, inputsOf }
}
