import { inputsOf } from '../listing/step-text.js'
import { flatten, isSummary } from '../trace/quantity.js'
import type { Quantity, TraceNode } from '../trace/schema.js'
import type { Finding } from './finding.js'
import type { Readings } from './readings.js'

const isZero = (quantity: Quantity): boolean =>
  isSummary(quantity) ? quantity.zeros === quantity.size : flatten(quantity).every((element) => element === 0)

const listOf = (names: readonly string[]): string =>
  names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`

/** Parameters that the loss does not depend on, as far as the graph tells. */
export const unused = (wanted: readonly string[], missing: readonly string[], output: string): readonly Finding[] => {
  if (missing.length === 0) return []
  const numbers = { unused: missing.length, of: wanted.length }
  if (missing.length === wanted.length) {
    const text =
      `${output} depends on none of ${listOf(wanted)}: they are not used, or only through detach(), noGrad(), comparisons or ` +
      'indices, which stop derivatives. Compute the loss from them without these.'
    return [{ kind: 'constant', nodes: missing, numbers, text }]
  }
  const text =
    `${listOf(missing)} ${missing.length === 1 ? 'takes' : 'take'} no part in ${output}: not used, or only through detach(), ` +
    'noGrad(), comparisons or indices. Use what is meant to learn, and leave the rest out of the optimizer.'
  return [{ kind: 'unused', nodes: missing, numbers, text }]
}

/** Parameters to which exactly nothing comes back, and where on the way it ends. */
export const zeroGradients = (readings: Readings, output: TraceNode): readonly Finding[] => {
  const { trace } = readings
  const leaves = trace.nodes.filter(({ op, adjoint }) => op === null && adjoint !== undefined)
  const zero = leaves.filter(({ adjoint }) => isZero(adjoint!))
  if (zero.length === 0) return []
  const ends = endsOf(readings, zero)
  const where =
    ends.length === 0
      ? ''
      : `: ${ends.length === 1 ? '' : 'among others '}${readings.step(ends[0]!)} passes nothing back`
  const numbers = { zero: zero.length, of: leaves.length }
  const names = zero.map(({ name }) => name)
  if (zero.length === leaves.length) {
    const text =
      `The gradient of ${zero.length === 1 ? 'the only leaf' : `all ${zero.length} leaves`} of ${output.name}, ${listOf(names)}, is exactly 0` +
      `${where}. Nothing can be learned here: look for a product with 0, a flat function, or a branch that is not taken.`
    return [{ kind: 'constant', nodes: names, numbers, text }]
  }
  return [
    {
      kind: 'zeroGradient',
      nodes: names,
      numbers,
      text:
        `The gradient of ${listOf(names)} is exactly 0${where}. ` +
        'Look for a branch that is not taken, a mask of zeros, or units that are off for all rows.',
    },
  ]
}

/** The nodes at which what flows towards these leaves becomes 0: something arrives there, and only zeros leave. */
const endsOf = ({ trace }: Readings, leaves: readonly TraceNode[]): readonly TraceNode[] => {
  const { nodes, backward } = trace
  const behind = new Set(leaves.map(({ id }) => id))
  for (const node of nodes) {
    if (node.op !== null && inputsOf(trace, node).some(({ id }) => behind.has(id))) behind.add(node.id)
  }
  return backward.flatMap(({ node, contributions }) => {
    const { adjoint } = nodes[node]!
    if (!behind.has(node) || adjoint === undefined || isZero(adjoint)) return []
    const towards = contributions.filter(({ to }) => behind.has(to))
    return towards.length > 0 && towards.every(({ amount }) => isZero(amount)) ? [nodes[node]!] : []
  })
}
