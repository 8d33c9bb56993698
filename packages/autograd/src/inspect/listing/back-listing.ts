import { GradientError } from '../../graph/errors.js'
import { formatShape } from '../../graph/shape.js'
import { sizeOfNode } from '../plumbing/pipes.js'
import type { Plain } from '../plumbing/plumbing.js'
import type { BackwardStep, Contribution, Trace, TraceNode } from '../trace/schema.js'
import { type AdjointNames, adjointNames } from './derivative-name.js'
import { type Digits, quantityText } from './digits.js'
import {
  counted,
  type Entry,
  enumerated,
  type ListingSettings,
  listed,
  shortened,
  sourceText,
  valueOf,
} from './listing.js'
import { type Results, resultsOf, stepText } from './step-text.js'
import { backTerm } from './term-text.js'

/** The one result of a trace, which all adjoints are derivatives of. */
export const differentiated = (what: string, { nodes, outputs, backward, program }: Trace): TraceNode => {
  const [first] = outputs
  if (outputs.length === 1 && backward.length > 0) return nodes[first!.node]!
  if (program !== undefined) {
    throw new GradientError(
      `${what}: this is the trace of a compiled program, which has no adjoints; trace the function before it is compiled.`,
    )
  }
  const results = outputs.map(({ node, path }) => path || nodes[node]!.name).join(', ')
  if (outputs.length > 1) {
    throw new GradientError(
      `${what}: the trace has ${outputs.length} results (${results}), and derivatives are those of one; trace a function that returns one of them.`,
    )
  }
  const { name, dtype, shape } = nodes[first!.node]!
  throw new GradientError(
    `${what}: ${name} is ${dtype}${formatShape(shape ?? [])}, and derivatives of it do not flow back; ` +
      'trace a float of one element, such as the sum or the mean of it.',
  )
}

/** The sweep back, step by step. */
export const backListing = (what: string, plain: Plain, settings: ListingSettings): readonly string[] => {
  const { trace } = plain
  const { nodes, backward } = trace
  const output = differentiated(what, trace)
  const names = adjointNames(trace, output)
  const parts = resultsOf(trace)
  const terms = termsOf(backward)
  const passing = backward.filter(({ contributions }) => contributions.length > 0)
  const entry = (step: BackwardStep) => entryOf(plain, step, parts, names.of, terms, settings)
  const leaves = backward.flatMap(({ node }) => (nodes[node]!.op === null ? [nodes[node]!] : []))
  const value = sizeOfNode(output) === 1 ? `: ${valueOf(output, 7)}` : ''
  const title = `${output.name}${value}, back in ${counted(passing.length, 'step')} to ${enumerated(leaves.map(({ name }) => name))}${names.note}`
  const results = leaves.map((leaf) => `${names.of(leaf)} = ${resultText(leaf, settings.digits)}`)
  return [title, ...listed(trace, passing, entry, settings.steps), ...shortened(results, settings.steps)]
}

/** Results have all digits of float64, or those of their dtype. */
const resultText = ({ adjoint, shape, dtype }: TraceNode, digits: Digits): string => {
  const isSingle = shape!.every((dim) => dim === 1)
  return quantityText(adjoint!, shape!, isSingle ? 'full' : digits, dtype)
}

/** Of each contribution, which of how many it is that arrive there. */
const termsOf = (backward: readonly BackwardStep[]) => {
  const all = backward.flatMap(({ contributions }) => contributions)
  const counts = new Map<number, number>()
  const places = new Map<Contribution, number>()
  for (const contribution of all) {
    const place = (counts.get(contribution.to) ?? 0) + 1
    counts.set(contribution.to, place)
    places.set(contribution, place)
  }
  return (contribution: Contribution) => ({ place: places.get(contribution)!, of: counts.get(contribution.to)! })
}

const entryOf = (
  plain: Plain,
  { node: id, contributions }: BackwardStep,
  parts: Results,
  adjointOf: AdjointNames['of'],
  terms: ReturnType<typeof termsOf>,
  { digits, values, source }: ListingSettings,
): Entry => {
  const { trace } = plain
  const node = trace.nodes[id]!
  const value = values && node.value !== undefined ? ` = ${valueOf(node, digits)}` : ''
  const adjoint =
    node.adjoint === undefined || node.shape === null
      ? ''
      : `${adjointOf(node)} = ${quantityText(node.adjoint, node.shape, digits, node.dtype)}`
  const passing = (parts.get(id) ?? [node]).map(adjointOf).join(' and ')
  const lineOf = (contribution: Contribution): string => {
    const to = trace.nodes[contribution.to]!
    const { place, of } = terms(contribution)
    const amount = quantityText(contribution.amount, to.shape!, digits, to.dtype)
    const { words, numbers } =
      contribution.edge === null
        ? { words: `${passing} back through ${node.op}`, numbers: null }
        : backTerm(plain, trace.edges[contribution.edge]!, passing, contribution.amount, digits)
    const total =
      place === 1
        ? ''
        : `, ${place === of ? 'in all' : 'so far'} ${quantityText(contribution.total, to.shape!, digits, to.dtype)}`
    const parts = [words, ...(numbers === null ? [] : [numbers]), amount]
    return `${adjointOf(to)} ${of === 1 ? '=' : '+='} ${parts.join(' = ')}${total}`
  }
  return {
    node,
    columns: [stepText(trace, node, parts) + value, adjoint, ...(source ? [sourceText(node)] : [])],
    below: contributions.map(lineOf),
  }
}
