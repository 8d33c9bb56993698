import { flatten, isSummary } from '../../quantity.js'
import type { Trace, TraceEdge, TraceNode } from '../../schema.js'
import { type Item, type Line, type Scene, sizeOfShape } from './scene.js'

// Steps that only change how a tensor lies (a reshape, a sum over one element) or repeat it, and numbers among the inputs of an
// op, are no boxes: edges lead past the former, and the op names the latter. What a step is says its kind of kernel and the
// sizes, and never its name.

/** Whether a node has the elements of its only input in the same order. */
const isIdentity = (node: TraceNode, { nodes, edges }: Trace): boolean => {
  if (node.op === null || node.inputs.length !== 1 || node.shape === null) return false
  const edge = edges[node.inputs[0]!]!
  const input = nodes[edge.from]!
  if (input.shape === null || sizeOfShape(input.shape) !== sizeOfShape(node.shape)) return false
  if (node.kernel === 'reshape') return true
  if (node.kernel === null || node.kernel === 'map') return false
  const { local } = edge
  if (local === null || local.kind !== 'elementwise' || local.formula !== null || isSummary(local.factor)) return false
  return flatten(local.factor).every((factor) => factor === 1)
}

/** Whether a node repeats its only input along new axes. */
const isBroadcast = (node: TraceNode, { nodes, edges }: Trace): boolean => {
  if (node.kernel !== 'layout' || node.inputs.length !== 1) return false
  return sizeOfShape(node.shape) > sizeOfShape(nodes[edges[node.inputs[0]!]!.from]!.shape)
}

const isNumber = ({ kind, name }: TraceNode): boolean =>
  kind === 'constant' && name !== '' && Number.isFinite(Number(name))

/** The nodes to be drawn, and how they hang together. All of them if `plumbing`. */
export const sceneOf = (trace: Trace, plumbing: boolean): Scene => {
  const { nodes, edges, outputs } = trace
  const uses = new Array<number>(nodes.length).fill(0)
  for (const { from } of edges) uses[from]!++
  const isOutput = new Set(outputs.map(({ node }) => node))
  const isKept = (node: TraceNode): boolean => node.named || isOutput.has(node.id) || uses[node.id] === 0
  /** Where an edge from a node comes from in the end. */
  const passed = new Set<number>()
  const makers = new Map<number, { maker: TraceNode; members: number[] }>()
  const hidden = new Set<number>()
  if (!plumbing) {
    for (const node of nodes) {
      if (!isKept(node) && (isIdentity(node, trace) || isBroadcast(node, trace))) passed.add(node.id)
    }
    for (const node of nodes) {
      if (!isKept(node) || !isIdentity(node, trace)) continue
      const members = [node.id]
      let maker = node
      while (isIdentity(maker, trace)) {
        const input = nodes[edges[maker.inputs[0]!]!.from]!
        if (input.op === null || input.named || isOutput.has(input.id) || uses[input.id] !== 1) break
        maker = input
        members.push(input.id)
        passed.delete(input.id)
        hidden.add(input.id)
      }
      makers.set(node.id, { maker, members })
    }
    for (const node of nodes) if (isNumber(node) && !isOutput.has(node.id)) hidden.add(node.id)
  }
  const shown = nodes.filter(({ id }) => !passed.has(id) && !hidden.has(id))
  const places = new Map(shown.map(({ id }, place) => [id, place]))
  const items = shown.map((node): Item => {
    const { maker, members } = makers.get(node.id) ?? { maker: node, members: [node.id] }
    const inputs = maker.inputs.map((edge) => nodes[edges[edge]!.from]!)
    const hasNumbers = !plumbing && inputs.some(isNumber)
    return {
      node,
      maker,
      group: null,
      part: 1,
      members,
      parameters: [],
      numbers: hasNumbers ? inputs.map((input) => (isNumber(input) ? input.name : null)) : null,
      isOutput: isOutput.has(node.id),
    }
  })
  const lines = items.flatMap(({ maker }, to) =>
    maker!.inputs.flatMap((place): Line[] => {
      const path: TraceEdge[] = [edges[place]!]
      while (passed.has(path.at(-1)!.from)) path.push(edges[nodes[path.at(-1)!.from]!.inputs[0]!]!)
      const from = places.get(path.at(-1)!.from)
      if (from === undefined) return []
      const isWhole = path.slice(0, -1).every((edge) => isIdentity(nodes[edge.from]!, trace))
      const isActive = nodes[path.at(-1)!.from]!.adjoint !== undefined && nodes[edges[place]!.to]!.adjoint !== undefined
      return [
        {
          from,
          to,
          edges: path.map(({ id }) => id),
          local: isWhole ? path[0]! : null,
          isActive: isActive && path.every(({ local }) => local !== null || !isRecorded(trace)),
        },
      ]
    }),
  )
  return { items, lines }
}

/** Whether a trace has local derivatives: they can be left out. */
const isRecorded = ({ edges }: Trace): boolean => edges.some(({ local }) => local !== null)
