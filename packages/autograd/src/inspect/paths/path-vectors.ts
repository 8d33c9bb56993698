import { GradientError } from '../../graph/errors.js'
import type { Node, Recorded } from '../../graph/node.js'
import { withTracking } from '../../graph/tracking.js'
import { Tuple } from '../../graph/tuple.js'
import { denseData } from '../../graph/value.js'
import { constant } from '../../ops/constant.js'
import { linearMap } from '../../transforms/forward.js'
import type { Plain } from '../plumbing/plumbing.js'
import type { History } from '../trace/history.js'
import { flatten, isSummary, quantityOf, quantityOfNumbers } from '../trace/quantity.js'
import type { Quantity, Trace, TraceNode } from '../trace/schema.js'
import type { PathGraph } from './path-graph.js'

/** How what flows back along one path is computed, and measured against the whole gradient. */
export interface Vectors<V> {
  /** What arrives at the result itself: 1. */
  readonly seed: V
  readonly pull: (edge: number, vector: V) => V
  /**
   * What all paths that begin like this bring to the tensor, projected on the gradient: the vector times how its node moves if
   * the tensor moves along the gradient. It is the sum of the projections of these paths, none of which is followed for it.
   */
  readonly projection: (node: number, vector: V) => number
  readonly norm: (vector: V) => number
  readonly quantity: (vector: V, node: TraceNode) => Quantity
}

const inner = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** By the local derivatives that a trace has. */
export const vectorsOfTrace = (
  what: string,
  trace: Trace,
  graph: PathGraph,
  target: number,
  output: number,
): Vectors<readonly number[]> => {
  const { nodes, edges, limit } = trace
  const locals = new Map<number, ReturnType<typeof numbersOf>>()
  for (const node of graph.nodes) {
    for (const edge of graph.edgesOf(node)) locals.set(edge, numbersOf(what, trace, edge))
  }
  const gradient = nodes[target]!.adjoint ?? 0
  if (isSummary(gradient)) throw notHeld(what, nodes[target]!)
  const moved = new Map([[target, flatten(gradient)]])
  for (const id of graph.nodes) {
    for (const place of graph.edgesOf(id)) {
      const along = push(locals.get(place)!, moved.get(edges[place]!.from)!)
      const before = moved.get(id)
      moved.set(id, before === undefined ? along : along.map((number, i) => number + before[i]!))
    }
  }
  return {
    seed: flatten(nodes[output]!.value!).map(() => 1),
    pull: (edge, vector) => pull(locals.get(edge)!, vector),
    projection: (node, vector) => inner(vector, moved.get(node)!),
    norm: (vector) => Math.sqrt(inner(vector, vector)),
    quantity: (vector, { shape }) => quantityOfNumbers(vector, shape!, limit),
  }
}

interface Numbers {
  readonly factor?: readonly number[]
  readonly matrix?: readonly (readonly number[])[]
}

const numbersOf = (what: string, { nodes, edges }: Trace, place: number): Numbers => {
  const { local, from, to } = edges[place]!
  if (local?.kind === 'elementwise' && !isSummary(local.factor)) return { factor: flatten(local.factor) }
  if (local?.kind === 'matrix' && local.matrix !== undefined)
    return { matrix: local.matrix.map((row) => row.map(Number)) }
  throw notHeld(what, nodes[nodes[to]!.shape === null ? from : to]!)
}

const notHeld = (what: string, { name }: TraceNode): GradientError =>
  new GradientError(
    `${what}: the trace does not hold the local derivative at ${name}, which is large, or of vmap or an op of several results; ` +
      `give ${what} the loss itself, or trace with a higher limit.`,
  )

const pull = ({ factor, matrix }: Numbers, vector: readonly number[]): readonly number[] => {
  if (factor !== undefined) return factor.map((number, i) => number * vector[i]!)
  const result = new Array<number>(matrix![0]?.length ?? 0).fill(0)
  matrix!.forEach((row, i) => {
    for (let j = 0; j < row.length; j++) result[j]! += vector[i]! * row[j]!
  })
  return result
}

const push = ({ factor, matrix }: Numbers, tangent: readonly number[]): readonly number[] =>
  factor === undefined ? matrix!.map((row) => inner(row, tangent)) : factor.map((number, i) => number * tangent[i]!)

/** By the rules of the ops themselves, of a graph that is still there. */
export const vectorsOfGraph = (
  { nodes, makerOf }: History,
  whole: Trace,
  { trace, nodeOf, edgeOf }: Plain,
  graph: PathGraph,
  target: number,
  output: number,
  gradient: Node,
): Vectors<Node> => {
  const original: number[] = []
  nodeOf.forEach((place, id) => {
    original[place] ??= id
  })
  const shown = graph.nodes.filter((id) => trace.nodes[id]!.shape !== null)
  const tensors = shown.map((id) => nodes[original[id]!]!)
  const tangents = withTracking(0, () => linearMap(tensors, [nodes[original[target]!]!])([gradient]))
  const moved = new Map(shown.map((id, i) => [id, dense(tangents[i])]))
  const passing = new WeakMap<Node, number>()
  const projection = (node: number, vector: Node): number => {
    if (vector instanceof Tuple) return passing.get(vector) ?? 0
    const along = moved.get(node)
    return along === undefined ? 0 : inner(dense(vector), along)
  }
  const pullOne = (place: number, vector: Node): Node => {
    const { to, from, index } = whole.edges[place]!
    const node = nodes[to]!
    const maker = makerOf(node)
    const given = maker === node ? vector : node.op!.vjp(vector, node as Recorded, () => true)[0]!
    const like = nodes[from]!
    const pulled = maker.op!.vjp(given, maker as Recorded, (i) => i === index)[index] ?? constant(like, 0, like.sizes)
    if (pulled instanceof Tuple) passing.set(pulled, projection(nodeOf[to]!, vector))
    return pulled
  }
  return {
    seed: constant(nodes[original[output]!]!, 1, nodes[original[output]!]!.sizes),
    pull: (edge, vector) =>
      withTracking(0, () => {
        let place = edgeOf[edge]!
        let pulled = pullOne(place, vector)
        // what was left out lies behind
        for (let at = whole.edges[place]!.from; at !== original[nodeOf[at]!]; at = whole.edges[place]!.from) {
          place = whole.nodes[at]!.inputs[0]!
          pulled = pullOne(place, pulled)
        }
        return pulled
      }),
    projection,
    norm: (vector) => Math.sqrt(inner(dense(vector), dense(vector))),
    quantity: (vector) => quantityOf(vector.value, trace.limit),
  }
}

const dense = (node: Node | null | undefined): ArrayLike<number> =>
  node === null || node === undefined ? [] : denseData(node.value)
