import { closest } from '../../graph/closest.js'
import { ArgumentError } from '../../graph/errors.js'
import { Node } from '../../graph/node.js'
import type { AnyTensor } from '../../tensor/tensor.js'
import { type History, originalOf } from './history.js'
import type { Trace, TraceNode } from './schema.js'

/**
 * The node of a trace that was asked for by its name, or by the tensor that it shows.
 *
 * @param history where the trace is from; null where nobody knows the tensors any more
 */
export const findNode = (
  what: string,
  { nodes }: Trace,
  wanted: string | AnyTensor,
  history: History | null,
): TraceNode => {
  if (wanted instanceof Node) return ofTensor(what, nodes, wanted, history)
  const found = nodes.find(({ name }) => name === wanted)
  if (found !== undefined) return found
  const names = nodes.filter(({ kind, named }) => named || kind === 'parameter').map(({ name }) => name)
  const others = nodes.filter(({ kind }) => kind !== 'constant').map(({ name }) => name)
  const near = closest(wanted as string, others, Math.floor((wanted as string).length / 3))
  const hint = near === undefined ? `; give it a name of the trace: ${listOf(names)}` : `: did you mean ${near}?`
  throw new ArgumentError(`${what}: there is no ${wanted} in the trace${hint}`)
}

const listOf = (names: readonly string[]): string =>
  `${names.slice(0, 12).join(', ')}${names.length > 12 ? ' and so on' : ''}.`

const ofTensor = (what: string, nodes: readonly TraceNode[], wanted: Node, history: History | null): TraceNode => {
  if (history === null) {
    throw new ArgumentError(
      `${what}: a trace knows its tensors by their names alone, and was asked for ${wanted}; give the name, such as '${nodes[0]!.name}'.`,
    )
  }
  const place = history.nodes.indexOf(originalOf(wanted))
  if (place >= 0) return nodes[place]!
  throw new ArgumentError(
    `${what}: the loss was not computed from this ${wanted}; give it a tensor that it was computed from, or the name of one.`,
  )
}
