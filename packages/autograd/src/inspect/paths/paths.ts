import { checked } from '../../graph/arguments.js'
import { GradientError } from '../../graph/errors.js'
import { Node } from '../../graph/node.js'
import * as kinds from '../../ops/kinds.js'
import type { AnyTensor } from '../../tensor/tensor.js'
import { differentiated } from '../listing/back-listing.js'
import { sizeOfNode } from '../plumbing/pipes.js'
import { type Plain, withoutPlumbing } from '../plumbing/plumbing.js'
import { findNode } from '../trace/find-node.js'
import { type History, historyOf, originalOf } from '../trace/history.js'
import { type NameOptions, namesKind } from '../trace/naming.js'
import { flatten, isSummary } from '../trace/quantity.js'
import type { Trace } from '../trace/schema.js'
import { sweepFrom } from '../trace/sweep.js'
import { traceable, tracedFor } from '../trace/trace.js'
import type { GradientPath, GradientPaths } from './gradient-paths.js'
import { type PathGraph, pathGraph } from './path-graph.js'
import { edgesOfWay, search, type Way } from './path-search.js'
import { pathsText } from './path-text.js'
import { type Vectors, vectorsOfGraph, vectorsOfTrace } from './path-vectors.js'

/** What `paths` looks for. */
export interface PathOptions extends NameOptions {
  /** How many paths are shown: those of the largest shares. Default 5. */
  readonly top?: number
}

/** So many elements are computed at most to follow the paths of tensors. */
const work = 4e6

/**
 * The derivative of a scalar by one tensor as what it is: a sum over all ways from the one to the other, of the product of
 * the local derivatives on each. There may be more of them than anybody can list: they are counted without, and those of the
 * largest shares found. Steps that change nothing are not shown.
 *
 * @param result a tensor that was computed, or what `trace` gives
 * @param by the tensor, if the result is one; or its name in the trace
 * @throws GradientError if there is more than one result, or it is no scalar, or the trace lacks local derivatives on the way;
 * ArgumentError for a name that is not in the trace
 * @example
 * const h = w.mul(x)
 * const { count, paths: [largest] } = paths(h.mul(w), w, { names: { h, w, x } })
 * count   // 2
 * largest!.share   // 0.5
 */
export const paths = /* @__PURE__ */ checked(
  'paths',
  {
    result: traceable,
    by: /* @__PURE__ */ kinds.kind(
      'a tensor, or the name of one in the trace',
      (thing) => thing instanceof Node || typeof thing === 'string',
    ),
    options: { names: namesKind, top: kinds.count },
  },
  (result: AnyTensor | Trace, by: AnyTensor | string, { names, top = 5 }: PathOptions = {}): GradientPaths => {
    const whole = tracedFor('paths', result, names === undefined ? {} : { names })
    differentiated('paths', whole)
    const history = result instanceof Node ? historyOf([originalOf(result)]) : null
    const plain = withoutPlumbing(whole)
    const { trace, nodeOf } = plain
    const target = trace.nodes[nodeOf[findNode('paths', whole, by, history).id]!]!
    const output = trace.nodes[trace.outputs[0]!.node]!
    const graph = pathGraph(trace, target.id, output.id)
    if (graph.count === 0 && target.adjoint !== undefined) {
      throw new GradientError(
        `paths: something flows back to ${target.name}, and the trace does not tell along which local derivatives; trace with locals: true.`,
      )
    }
    const found = graph.count === 0 ? nothing : follow(plain, whole, graph, target.id, output.id, history, top)
    const data = {
      of: output.name,
      by: target.name,
      gradient: target.adjoint ?? 0,
      count: graph.count,
      ...found,
    }
    return { ...data, toString: () => pathsText(data, trace, target, output) }
  },
)

type Found = Pick<GradientPaths, 'paths' | 'share' | 'exact'>
const nothing: Found = { paths: [], share: null, exact: true }

const follow = (
  plain: Plain,
  whole: Trace,
  graph: PathGraph,
  target: number,
  output: number,
  history: History | null,
  top: number,
): Found => {
  const { trace } = plain
  const areSingle = graph.nodes.every((id) => trace.nodes[id]!.shape !== null && sizeOfNode(trace.nodes[id]!) === 1)
  const isKnown = (id: number): boolean =>
    graph.edgesOf(id).every((edge) => {
      const { local } = trace.edges[edge]!
      return local?.kind === 'elementwise'
        ? !isSummary(local.factor)
        : local?.kind === 'matrix' && local.matrix !== undefined
    })
  const areKnown = graph.nodes.every(isKnown)
  // the rules of ops cannot be asked across examples
  const mapped = graph.nodes.find((id) => trace.nodes[id]!.examples !== undefined && (history !== null || !isKnown(id)))
  if (!areKnown && mapped !== undefined) {
    throw new GradientError(
      `paths: ${trace.nodes[mapped]!.name} is of a function that vmap maps, and paths lead through such only along elementwise ` +
        'ops; apply the function to the whole batch, without vmap.',
    )
  }
  if (areKnown || history === null) {
    const vectors = vectorsOfTrace('paths', trace, graph, target, output)
    return areSingle
      ? ofNumbers(trace, graph, vectors, target, output, top)
      : ofTensors(trace, graph, vectors, target, output, top)
  }
  const root = history.nodes[whole.outputs[0]!.node]!
  const node = history.nodes[plain.nodeOf.indexOf(target)]!
  const gradient = sweepFrom(root).adjoints.get(node)!
  return ofTensors(
    trace,
    graph,
    vectorsOfGraph(history, whole, plain, graph, target, output, gradient),
    target,
    output,
    top,
  )
}

/** How far a way leads on: edges, and the nodes behind them. */
const nextIn =
  ({ edges }: Trace, { edgesOf }: PathGraph) =>
  (node: number) =>
    edgesOf(node).map((edge) => [edge, edges[edge]!.from] as const)

/** Single numbers: behind each node the largest product is known, so that the first found are the largest. */
const ofNumbers = (
  trace: Trace,
  graph: PathGraph,
  vectors: Vectors<readonly number[]>,
  target: number,
  output: number,
  top: number,
): Found => {
  const { edges } = trace
  const largest = new Map([[target, 1]])
  for (const id of graph.nodes) {
    for (const edge of graph.edgesOf(id)) {
      const behind = Math.abs(vectors.pull(edge, [1])[0]!) * largest.get(edges[edge]!.from)!
      if (!(behind <= (largest.get(id) ?? -1))) largest.set(id, behind)
    }
  }
  const { found } = search({
    start: { before: null, edge: -1, node: output, vector: vectors.seed },
    target,
    next: nextIn(trace, graph),
    pull: vectors.pull,
    promise: (node, [number]) => Math.abs(number!) * largest.get(node)!,
    wants: (count) => count < top,
  })
  return told(trace, vectors, target, found, true)
}

const ofTensors = <V>(
  trace: Trace,
  graph: PathGraph,
  vectors: Vectors<V>,
  target: number,
  output: number,
  top: number,
): Found => {
  let left = work
  const { found, isAll } = search({
    start: { before: null, edge: -1, node: output, vector: vectors.seed },
    target,
    next: nextIn(trace, graph),
    pull: (edge, vector: V) => {
      left -= Math.max(100, sizeOfNode(trace.nodes[trace.edges[edge]!.from]!))
      return vectors.pull(edge, vector)
    },
    promise: (node, vector) => Math.abs(vectors.projection(node, vector)),
    wants: (count) => left > 0 || count < top,
  })
  const sizes = new Map(found.map((way) => [way, Math.abs(vectors.projection(target, way.vector))]))
  const ordered = found.sort((a, b) => sizes.get(b)! - sizes.get(a)!).slice(0, top)
  return told(trace, vectors, target, ordered, isAll)
}

const told = <V>(trace: Trace, vectors: Vectors<V>, target: number, ways: readonly Way<V>[], exact: boolean): Found => {
  const { nodes, edges } = trace
  const { adjoint = 0 } = nodes[target]!
  const square = isSummary(adjoint)
    ? adjoint.norm * adjoint.norm
    : flatten(adjoint).reduce((sum, element) => sum + element * element, 0)
  const told = ways.map((way): GradientPath => {
    const along = edgesOfWay(way)
    const factors = along.flatMap((edge) => {
      const { local, to } = edges[edge]!
      return local?.kind === 'elementwise' && sizeOfNode(nodes[to]!) === 1 ? flatten(local.factor) : []
    })
    return {
      nodes: [nodes[target]!.name, ...along.map((edge) => nodes[edges[edge]!.to]!.name)],
      ...(factors.length === along.length ? { factors } : {}),
      amount: vectors.quantity(way.vector, nodes[target]!),
      norm: vectors.norm(way.vector),
      share: square === 0 ? null : vectors.projection(target, way.vector) / square,
    }
  })
  const share = square === 0 ? null : told.reduce((sum, path) => sum + path.share!, 0)
  return { paths: told, share, exact }
}
