import type { Trace } from '../trace/schema.js'

/** What lies between a tensor and the result, and over how many ways one comes from the one to the other. */
export interface PathGraph {
  /** The edges of a node along which a way leads on to the tensor, by the node's place. */
  readonly edgesOf: (node: number) => readonly number[]
  /** All nodes on a way, in the order of the forward sweep. */
  readonly nodes: readonly number[]
  /** How many paths there are: exact below 2^53. */
  readonly count: number
}

export const pathGraph = ({ nodes, edges }: Trace, from: number, to: number): PathGraph => {
  // backward from the result, and forward from the tensor
  const reached = new Set([to])
  for (let id = to; id > from; id--) {
    if (reached.has(id)) for (const edge of nodes[id]!.inputs) reached.add(edges[edge]!.from)
  }
  const counts = new Map([[from, 1]])
  const ways = new Map<number, readonly number[]>()
  for (let id = from + 1; id <= to; id++) {
    if (!reached.has(id)) continue
    const leading = nodes[id]!.inputs.filter((place) => {
      const edge = edges[place]!
      return (
        counts.has(edge.from) &&
        passes(nodes[edge.from]!.adjoint, nodes[id]!.shape, nodes[edge.from]!.shape, edge.local)
      )
    })
    if (leading.length === 0) continue
    ways.set(id, leading)
    counts.set(
      id,
      leading.reduce((sum, place) => sum + counts.get(edges[place]!.from)!, 0),
    )
  }
  return {
    edgesOf: (node) => ways.get(node) ?? [],
    nodes: [...counts.keys()].filter((id) => reached.has(id)),
    count: counts.get(to) ?? 0,
  }
}

/** Whether anything flows back along an edge: into and out of an op of several results there is no local derivative. */
const passes = (adjoint: unknown, to: unknown, from: unknown, local: unknown): boolean =>
  local !== null || from === null || (to === null && adjoint !== undefined)
