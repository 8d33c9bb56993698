import type { BackwardStep, Local, Trace, TraceEdge, TraceNode } from '../trace/schema.js'
import { composed } from './compose.js'
import { passedOn } from './passed-on.js'
import { type Found, pipesOf } from './pipes.js'
import { renamed } from './rename.js'

// Steps that change nothing are in the way of a reader: another shape of the same elements, and one element shown many times.

/** A trace without its plumbing, and where things are now. */
export interface Plain {
  readonly trace: Trace
  /** Of each node of the whole trace the node that has its numbers: itself, or what it was made of by plumbing alone. */
  readonly nodeOf: readonly number[]
  /** Of each edge the edge of the whole trace that ended there. */
  readonly edgeOf: readonly number[]
  /** Of each edge the derivative of one element by that at its place, also where one element stands at all places. */
  readonly formulaOf: readonly (string | null)[]
}

/**
 * The trace without the steps that change nothing: what only has another shape (of which kernels say so), and one element that
 * is broadcast. Edges lead past them, with the local derivatives of the whole way; names, adjoints and contributions are those
 * of what remains. A step stays if it has a name of its own beside that of what it was made of, if it is the result and was made
 * of a leaf, or if the sums that arrive could not be told without it because only summaries are known.
 */
export const withoutPlumbing = (trace: Trace): Plain => {
  const kept = new Set<number>()
  for (;;) {
    const found = pipesOf(trace, kept)
    const { steps, unknown } = passedOn(trace, found.pipes)
    if (unknown.length === 0) return rebuilt(trace, found, steps)
    for (const node of unknown) kept.add(node)
  }
}

const rebuilt = (trace: Trace, { pipes, names, adjointOf }: Found, steps: readonly BackwardStep[]): Plain => {
  const { nodes, edges } = trace
  const roots = nodes.map(({ id }) => pipes.get(id)?.root ?? id)
  const remaining = nodes.filter(({ id }) => !pipes.has(id))
  const places = new Map(remaining.map(({ id }, place) => [id, place]))
  const nodeOf = roots.map((root) => places.get(root)!)
  const nameOf = (id: number): string => names.get(roots[id]!) ?? nodes[roots[id]!]!.name

  const newEdges: TraceEdge[] = []
  const edgeOf: number[] = []
  const formulaOf: (string | null)[] = []
  const edgePlaces = new Map<number, number>()
  const newNodes = remaining.map((node): TraceNode => {
    const called = new Map(
      [...node.inputs.map((edge) => edges[edge]!.from), node.id].map((id) => [nodes[id]!.name, nameOf(id)]),
    )
    const inputs = node.inputs.map((place) => {
      const edge = edges[place]!
      const id = newEdges.length
      newEdges.push({
        id,
        from: nodeOf[edge.from]!,
        to: nodeOf[node.id]!,
        index: edge.index,
        local: inNames(composed(trace, edge, pipes), called),
      })
      edgeOf.push(place)
      const last = inNames(edge.local, called)
      formulaOf.push(last?.kind === 'elementwise' ? last.formula : null)
      edgePlaces.set(place, id)
      return id
    })
    const { formula, adjointOf: before, ...rest } = node
    const of = adjointOf.has(node.id) ? adjointOf.get(node.id)! : before
    return {
      ...rest,
      id: nodeOf[node.id]!,
      name: nameOf(node.id),
      named: node.named || names.has(node.id),
      ...(formula === undefined ? {} : { formula: renamed(formula, called) }),
      inputs,
      ...(of === undefined ? {} : { adjointOf: of === null ? null : nodeOf[of]! }),
    }
  })
  return {
    trace: {
      ...trace,
      nodes: newNodes,
      edges: newEdges,
      outputs: trace.outputs.map(({ node, path }) => ({ node: nodeOf[node]!, path })),
      backward: steps.map(({ node, contributions }) => ({
        node: nodeOf[node]!,
        contributions: contributions.map((contribution) => ({
          ...contribution,
          edge: contribution.edge === null ? null : edgePlaces.get(contribution.edge)!,
          to: nodeOf[contribution.to]!,
        })),
      })),
    },
    nodeOf,
    edgeOf,
    formulaOf,
  }
}

const inNames = (local: Local | null, names: ReadonlyMap<string, string>): Local | null =>
  local?.kind === 'elementwise' && local.formula !== null ? { ...local, formula: renamed(local.formula, names) } : local

/** A trace as it is. */
export const unchanged = (trace: Trace): Plain => ({
  trace,
  nodeOf: trace.nodes.map(({ id }) => id),
  edgeOf: trace.edges.map(({ id }) => id),
  formulaOf: trace.edges.map(({ local }) => (local?.kind === 'elementwise' ? local.formula : null)),
})
