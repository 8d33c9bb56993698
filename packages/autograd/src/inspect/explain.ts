import { checked } from '../graph/arguments.js'
import type { Formula, Node } from '../graph/node.js'
import { sizeOf } from '../graph/shape.js'
import { makerOf } from '../graph/tuple.js'
import { denseData } from '../graph/value.js'
import * as kinds from '../ops/kinds.js'
import { print } from '../rules/print.js'
import { summary } from '../tensor/display.js'
import type { AnyTensor } from '../tensor/tensor.js'
import { type NameOptions, namesKind, namesOf } from './names.js'
import { historyOf } from './walk.js'

/** What `explain` shows of a computation. */
export interface ExplainOptions extends NameOptions<AnyTensor> {
  /** Of a longer computation, the first and last steps are shown. Default 40 in all. */
  readonly steps?: number
}

/**
 * How a tensor was computed, for a reader: a line for each step, with the derivative of each elementwise op as an
 * expression. Steps without a name are v1, v2 and so on.
 *
 * @example
 * explain(loss, { names: { x, w } })
 * // float32[]: 0.49 in 2 steps from w
 * // v1 = mul(x, w)   d v1 / d w = x
 * // v2 = square(v1)  d v2 / d v1 = 2 * v1
 */
export const explain = checked(
  'explain',
  { tensor: kinds.tensor, options: { names: namesKind, steps: kinds.amount } },
  (tensor: AnyTensor, { names: given, steps = 40 }: ExplainOptions = {}): string => {
    const root = tensor as Node
    const history = historyOf(root)
    const names = namesOf(history, given as Record<string, Node> | undefined, (_op, count) => `v${count}`)
    const made = history.filter((node) => node.op !== null)
    const shown = sizeOf(root.sizes) === 1 ? `: ${summary(denseData(root.value), root.sizes)}` : ''
    if (made.length === 0) return `${root}${shown}, a leaf: ${leafReason(root)}`

    const sources = history.filter((node) => node.op === null && node.tracking !== 0).map((node) => names.get(node))
    const title = `${root}${shown} in ${counted(made.length, 'step')} from ${sources.join(', ')}`
    const rows = made.map((node) => [stepText(node, names), derivativeText(node, names)] as const)
    const width = Math.max(...rows.map(([step]) => step.length))
    const lines = rows.map(([step, derivative]) => `${step.padEnd(width)}  ${derivative}`.trimEnd())
    if (lines.length > steps) {
      const half = Math.max(1, Math.floor(steps / 2))
      lines.splice(half, lines.length - 2 * half, `... ${counted(lines.length - 2 * half, 'step')} ...`)
    }
    return [title, ...lines].join('\n')
  },
)

const counted = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? '' : 's'}`

const leafReason = (leaf: Node): string =>
  leaf.tracking !== 0
    ? 'a parameter, which nothing computed.'
    : 'it was given, or computed from no parameter, and such steps are not remembered. Make the weights with parameter(...).'

const formulaOf = ({ op }: Node): Formula | undefined => op?.formula

const stepText = (node: Node, names: ReadonlyMap<Node, string>): string => {
  const { op, inputs: made, attrs } = makerOf(node)
  const inputs = made.map((input) => names.get(input)!)
  const attributes = attrs === null || attrs === undefined ? [] : [JSON.stringify(attrs)]
  const formula = formulaOf(node)
  const definition = formula?.value ? ` = ${print(formula.value, inputs)}` : ''
  return `${names.get(node)} = ${op!.name}(${[...inputs, ...attributes].join(', ')})${definition}`
}

const derivativeText = (node: Node, names: ReadonlyMap<Node, string>): string => {
  const formula = formulaOf(node)
  if (formula === undefined) return ''
  const partials = formula.partials()
  const inputs = node.inputs.map((input) => names.get(input)!)
  const result = names.get(node)!
  return node.inputs
    .flatMap((input, i) =>
      input.tracking === 0 ? [] : [`d ${result} / d ${inputs[i]} = ${print(partials[i]!, [...inputs, result])}`],
    )
    .join(',  ')
}
