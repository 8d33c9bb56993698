import type { Trace, TraceEdge, TraceNode } from '../../trace/schema.js'
import { type Item, type Line, type Scene, sizeOfShape } from './scene.js'

// Steps that only repeat a tensor along new axes, and numbers among the inputs of an op, are no boxes: edges lead past the
// former, and the op names the latter. What a step is says its kind of kernel and the sizes, and never its name.

/** Whether a node repeats its only input. */
const isBroadcast = (node: TraceNode, { nodes, edges }: Trace): boolean => {
  if (node.kernel !== 'layout' || node.inputs.length !== 1) return false
  return sizeOfShape(node.shape) > sizeOfShape(nodes[edges[node.inputs[0]!]!.from]!.shape)
}

const isNumber = ({ kind, name }: TraceNode): boolean =>
  kind === 'constant' && name !== '' && Number.isFinite(Number(name))

/** The nodes to be drawn, and how they hang together. All of them if `plumbing`. */
export const sceneOf = (trace: Trace, plumbing: boolean): Scene => {
  const { nodes, edges, outputs } = trace
  const isUsed = new Set(edges.map(({ from }) => from))
  const isOutput = new Set(outputs.map(({ node }) => node))
  const isPassed = (node: TraceNode): boolean =>
    !plumbing && !node.named && !isOutput.has(node.id) && isUsed.has(node.id) && isBroadcast(node, trace)
  const isSaid = (node: TraceNode): boolean => !plumbing && isNumber(node) && !isOutput.has(node.id)

  const passed = new Set(nodes.filter(isPassed).map(({ id }) => id))
  // a number that is repeated is said by what uses the repetition
  const saidBy = (node: TraceNode): TraceNode =>
    passed.has(node.id) ? saidBy(nodes[edges[node.inputs[0]!]!.from]!) : node
  const items = nodes
    .filter((node) => !passed.has(node.id) && !isSaid(node))
    .map((node): Item => {
      const inputs = node.inputs.map((edge) => saidBy(nodes[edges[edge]!.from]!))
      return {
        node,
        group: null,
        part: 1,
        members: [node.id],
        parameters: [],
        numbers: inputs.some(isSaid) ? inputs.map((input) => (isSaid(input) ? input.name : null)) : null,
        isOutput: isOutput.has(node.id),
      }
    })
  const places = new Map(items.map(({ node }, place) => [node!.id, place]))
  const lines = items.flatMap(({ node }, to) =>
    node!.inputs.flatMap((place): Line[] => {
      const last = edges[place]!
      const path: TraceEdge[] = [last]
      while (passed.has(path.at(-1)!.from)) path.push(edges[nodes[path.at(-1)!.from]!.inputs[0]!]!)
      const source = path.at(-1)!.from
      const from = places.get(source)
      if (from === undefined) return []
      return [
        {
          from,
          to,
          edges: path.map(({ id }) => id),
          local: path.length === 1 ? last : null,
          isActive: nodes[source]!.adjoint !== undefined && node!.adjoint !== undefined && path.every(flows(trace)),
        },
      ]
    }),
  )
  return { items, lines }
}

/** Whether something comes back along an edge. Local derivatives can be left out, and then nothing is known. */
const flows = ({ edges }: Trace) => {
  const isKnown = edges.some(({ local }) => local !== null)
  return ({ local }: TraceEdge): boolean => local !== null || !isKnown
}
