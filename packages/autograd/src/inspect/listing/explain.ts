import { checked } from '../../graph/arguments.js'
import { ArgumentError } from '../../graph/errors.js'
import { formatShape } from '../../graph/shape.js'
import * as kinds from '../../ops/kinds.js'
import type { AnyTensor } from '../../tensor/tensor.js'
import { sizeOfNode } from '../plumbing/pipes.js'
import { type Plain, unchanged, withoutPlumbing } from '../plumbing/plumbing.js'
import { type NameOptions, namesKind } from '../trace/naming.js'
import type { Trace, TraceNode } from '../trace/schema.js'
import { traceable, tracedFor } from '../trace/trace.js'
import { backListing } from './back-listing.js'
import { type DerivativeName, derivativeNames } from './derivative-name.js'
import { numberText, quantityText } from './digits.js'
import { counted, type Entry, enumerated, type ListingSettings, listed, sourceText, valueOf } from './listing.js'
import { type Results, resultsOf, stepText } from './step-text.js'
import { tangentText } from './term-text.js'

/** What `explain` shows of a computation. */
export interface ExplainOptions extends NameOptions {
  /** The sweep back in place of the way forward: what each step passes on, and what has arrived. Default false. */
  readonly backward?: boolean
  /** Of a longer computation, the first and last steps are shown. Default 40 in all. */
  readonly steps?: number
  /** The value of each step and of what was given. By default where all of them are single numbers. */
  readonly values?: boolean
  /** How many significant digits numbers have; 'full' for all that a number has. Default 5. */
  readonly digits?: number | 'full'
  /** Also the steps that only change a shape, or broadcast one element. Default false. */
  readonly plumbing?: boolean
  /** The line of the program that made each step, of a trace that has them. Default false. */
  readonly source?: boolean
}

/** What numbers are shown by. */
const digitsKind = /* @__PURE__ */ kinds.kind(
  "an integer from 1 to 17, or 'full'",
  (thing) => thing === 'full' || (Number.isInteger(thing) && (thing as number) >= 1 && (thing as number) <= 17),
)

/**
 * How a tensor was computed, for a reader: a line for each step, with the derivative of each elementwise op as an expression,
 * under the names of the modules and functions that a trace knows. Steps without a name are v1, v2 and so on. If inputs have
 * tangents, each step says how it moves.
 *
 * With `backward: true` it is the sweep back: each step with its adjoint, and below it what it passes on to each input: the
 * adjoint times the local derivative, with the numbers put in, and where several terms meet the total so far. Tensors of more
 * than 8 elements are told by their shape and norm.
 *
 * @param result a tensor that was computed, or what `trace` gives
 * @throws GradientError for a tensor that was not recorded, and with `backward` where there are no adjoints; ArgumentError for
 * names given to a trace, which has its own, and for lines of a program that it does not know
 * @example
 * explain(loss, { names: { x, w } })
 * // float32[]: 1 in 2 steps from w
 * // x = 0.5, w = 2
 * // v1 = mul(x, w) = 1  dv1/dw = x = 0.5
 * // v2 = square(v1) = 1  dv2/dv1 = 2 * v1 = 2
 */
export const explain = /* @__PURE__ */ checked(
  'explain',
  {
    result: traceable,
    options: {
      names: namesKind,
      backward: kinds.boolean,
      steps: kinds.amount,
      values: kinds.boolean,
      digits: digitsKind,
      plumbing: kinds.boolean,
      source: kinds.boolean,
    },
  },
  (result: AnyTensor | Trace, { names, plumbing = false, source = false, ...options }: ExplainOptions = {}): string => {
    const whole = tracedFor('explain', result, names === undefined ? {} : { names })
    // on the way forward it does not matter how what comes back adds up
    const shown = options.backward ? whole : { ...whole, backward: [] }
    const plain = plumbing ? unchanged(shown) : withoutPlumbing(shown)
    const { nodes } = plain.trace
    if (source && !nodes.some((node) => node.source !== undefined)) {
      throw new ArgumentError(
        'explain: source is true, and the trace knows no lines of the program; ' +
          'give it explain(trace.with({ source: true })(f, ...args), { source: true }).',
      )
    }
    const { steps = 40, digits = 5, backward = false } = options
    const values = options.values ?? nodes.every((node) => node.shape !== null && sizeOfNode(node) === 1)
    const settings = { steps, digits, values, source }
    return (backward ? backListing('explain', plain, settings) : listing(whole, plain, settings)).join('\n')
  },
)

const listing = (whole: Trace, plain: Plain, settings: ListingSettings): readonly string[] => {
  const { trace } = plain
  const { nodes } = trace
  const { outputs } = whole
  const parts = resultsOf(trace)
  const told = new Set([...parts.values()].flat())
  const made = nodes.filter((node) => node.kind === 'result' && !told.has(node))
  const results = outputs.map(({ node, path }) => resultText(whole.nodes[node]!, outputs.length === 1 ? '' : path))
  if (made.length === 0) return [`${results.join(', ')}, a parameter, which nothing computed.`]
  const sources = nodes.filter(({ kind }) => kind === 'parameter' || kind === 'input')
  const moving = sources.filter(({ id }) => plain.trace.edges.some(({ from, local }) => from === id && local !== null))
  const from = (moving.length > 0 ? moving : sources).map(({ name }) => name)
  const title = `${results.join(', ')} in ${counted(made.length, 'step')} from ${enumerated(from)}`
  const given = sources.map((node) => `${node.name} = ${valueOf(node, settings.digits)}`)
  const nameOf = derivativeNames(trace)
  const entry = (node: TraceNode) => entryOf(plain, node, parts, nameOf, settings)
  return [title, ...(settings.values ? [given.join(', ')] : []), ...listed(trace, made, entry, settings.steps)]
}

const resultText = (node: TraceNode, path: string): string => {
  const single = node.value !== undefined && sizeOfNode(node) === 1 && node.shape !== null
  const value = single ? `: ${numberText(Number(quantityText(node.value, node.shape, 'full')), 7)}` : ''
  return `${path === '' ? '' : `${path.replace(/^\./, '')} `}${node.dtype}${formatShape(node.shape ?? [])}${value}`
}

const entryOf = (
  plain: Plain,
  node: TraceNode,
  parts: Results,
  nameOf: DerivativeName,
  { values, digits, source }: ListingSettings,
): Entry => {
  const { trace, formulaOf } = plain
  const { nodes, edges } = trace
  const value = values && node.value !== undefined ? ` = ${valueOf(node, digits)}` : ''
  const derivatives = node.inputs.flatMap((place) => {
    const { from, local } = edges[place]!
    const formula = formulaOf[place]
    if (local === null || formula === null || formula === undefined) return []
    const single = values && local.kind === 'elementwise' && sizeOfNode(node) === 1
    const number = single ? quantityText(local.factor, node.shape!, digits, node.dtype) : formula
    return [`${nameOf(node, nodes[from]!)} = ${cut(formula)}${number === formula ? '' : ` = ${number}`}`]
  })
  return {
    node,
    columns: [
      stepText(trace, node, parts) + value,
      derivatives.join(',  '),
      ...(source ? [sourceText(node)] : []),
      typeof node.adjointOf === 'number' ? `adjoint of ${nodes[node.adjointOf]!.name}` : '',
    ],
    below: node.tangent === undefined ? [] : [tangentText(plain, node, nameOf, digits)],
  }
}

/** A formula as far as it is read. */
const cut = (formula: string): string => (formula.length <= longest ? formula : `${formula.slice(0, longest - 4)} ...`)
const longest = 120
