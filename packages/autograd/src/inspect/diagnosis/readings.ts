import type { Node, Recorded } from '../../graph/node.js'
import { withTracking } from '../../graph/tracking.js'
import { denseData } from '../../graph/value.js'
import { constant } from '../../ops/constant.js'
import { type Results, resultsOf, stepText } from '../listing/step-text.js'
import type { Plain } from '../plumbing/plumbing.js'
import type { History } from '../trace/history.js'
import { flatten, isSummary } from '../trace/quantity.js'
import type { Quantity, Trace, TraceNode } from '../trace/schema.js'

/** A trace without plumbing, and all elements of its tensors as far as anybody knows them. */
export interface Readings {
  readonly trace: Trace
  /** Null where only a summary is known. */
  readonly value: (node: TraceNode) => ArrayLike<number> | null
  /** The local derivative of an elementwise edge. */
  readonly factor: (edge: number) => ArrayLike<number> | null
  /** Of an edge the derivative of one element by that at its place. */
  readonly formulaOf: (edge: number) => string | null
  /** A step as text: `h = tanh(v1)`. */
  readonly step: (node: TraceNode) => string
}

export const readingsOf = (whole: Trace, plain: Plain, history: History | null): Readings => {
  const { trace, nodeOf, edgeOf, formulaOf } = plain
  const results: Results = resultsOf(trace)
  const original: number[] = []
  nodeOf.forEach((place, id) => {
    original[place] ??= id
  })
  const nodeAt = (id: number): Node => history!.nodes[original[id]!]!
  return {
    trace,
    value: ({ id, value }) =>
      known(value) ?? (value === undefined || history === null ? null : denseData(nodeAt(id).value)),
    factor: (edge) => {
      const { local } = trace.edges[edge]!
      if (local?.kind !== 'elementwise') return null
      return known(local.factor) ?? (history === null ? null : factorOf(whole.edges[edgeOf[edge]!]!, history))
    },
    formulaOf: (edge) => formulaOf[edge] ?? null,
    step: (node) => (node.op === null ? node.name : stepText(trace, node, results)),
  }
}

const known = (quantity: Quantity | undefined): ArrayLike<number> | null =>
  quantity === undefined || isSummary(quantity) ? null : flatten(quantity)

const factorOf = (
  { to, index }: { readonly to: number; readonly index: number },
  history: History,
): ArrayLike<number> | null => {
  const node = history.nodes[to]!
  if (history.makerOf(node) !== node) return null
  const ones = constant(node, 1, node.sizes)
  const factor = withTracking(0, () => node.op!.vjp(ones, node as Recorded, (i) => i === index)[index])
  return factor === null || factor === undefined ? null : denseData(factor.value)
}
