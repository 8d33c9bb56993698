import { sizeOf } from '../../graph/shape.js'
import type { Trace, TraceNode } from '../trace/schema.js'

/** How many elements a node has. */
export const sizeOfNode = ({ shape }: TraceNode): number => sizeOf(shape ?? [])

/** A node that is left out. */
export interface Pipe {
  /** What it was made of. */
  readonly source: number
  readonly edge: number
  /** Whether it shows the one element of that many times. */
  readonly spreads: boolean
  /** What remains of all that it was made of. */
  readonly root: number
  /** Whether anything on the way from there spreads. */
  readonly isSpread: boolean
}

export type Pipes = ReadonlyMap<number, Pipe>

/** What is left out, and what thereby changes of what remains. */
export interface Found {
  readonly pipes: Pipes
  /** Of nodes that remain, where it has changed. */
  readonly names: ReadonlyMap<number, string>
  readonly adjointOf: ReadonlyMap<number, number | null>
}

/** What may be left out, but for what is to be kept. */
export const pipesOf = ({ nodes, edges, outputs }: Trace, kept: ReadonlySet<number>): Found => {
  const pipes = new Map<number, Pipe>()
  const names = new Map<number, string>()
  const adjointOf = new Map<number, number | null>()
  const isOutput = new Set(outputs.map(({ node }) => node))
  const adjointOfNode = (id: number) => (adjointOf.has(id) ? adjointOf.get(id) : nodes[id]!.adjointOf)
  for (const node of nodes) {
    const { id, inputs } = node
    if (typeof node.adjointOf === 'number' && pipes.has(node.adjointOf)) adjointOf.set(id, null)
    if (node.kind !== 'result' || inputs.length !== 1 || kept.has(id)) continue
    const edge = inputs[0]!
    const source = edges[edge]!.from
    const pipe = pipeOf(node, nodes[source]!, edge, pipes.get(source))
    if (pipe === null) continue
    const { root, isSpread } = pipe
    const isLike = nodes[root]!.kind === 'result' && !isSpread
    if (isOutput.has(id) && !isLike) continue
    if (node.named && (!isLike || nodes[root]!.named || names.has(root))) continue
    const own = adjointOfNode(id)
    if (typeof own === 'number' && (!isLike || typeof adjointOfNode(root) === 'number')) continue
    if (node.named) names.set(root, node.name)
    if (typeof own === 'number') adjointOf.set(root, own)
    pipes.set(id, pipe)
  }
  return { pipes, names, adjointOf }
}

const pipeOf = (node: TraceNode, source: TraceNode, edge: number, before: Pipe | undefined): Pipe | null => {
  const canSpread = node.kernel === 'layout' && source.shape !== null
  const spreads = canSpread && sizeOfNode(source) === 1 && sizeOfNode(node) > 1
  if (!node.same && !spreads) return null
  const { root, isSpread } = before ?? { root: source.id, isSpread: false }
  return { source: source.id, edge, spreads, root, isSpread: isSpread || spreads }
}
