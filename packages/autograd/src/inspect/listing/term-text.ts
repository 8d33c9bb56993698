import { sizeOfNode } from '../plumbing/pipes.js'
import type { Plain } from '../plumbing/plumbing.js'
import { renamed } from '../plumbing/rename.js'
import { flatten, isSummary, summarized } from '../trace/quantity.js'
import type { MatrixLocal, Quantity, TraceEdge, TraceNode } from '../trace/schema.js'
import type { DerivativeName } from './derivative-name.js'
import { type Digits, factorText, numberText, quantityText, shownElements } from './digits.js'
import { inputsOf } from './step-text.js'

/** A product for a reader: in names, and with numbers put in where they are few. */
export interface Term {
  readonly words: string
  readonly numbers: string | null
}

/** Lines with so many numbers are still read. */
const fewNumbers = 4
/** Formulas longer than this are not written at all. */
const readableFormula = 120
/** Formulas longer than this are not written twice. */
const longFormula = 60

/** The adjoint of a node times the local derivative of an edge to it, which is `amount`. */
export const backTerm = (
  plain: Plain,
  edge: TraceEdge,
  adjointName: string,
  amount: Quantity,
  digits: Digits,
): Term => {
  const { nodes } = plain.trace
  const node = nodes[edge.to]!
  const { local } = edge
  const formula = plain.formulaOf[edge.id] ?? null
  if (local === null) return { words: `${adjointName} back through ${node.op}`, numbers: null }
  if (formula !== null) {
    const isLong = formula.length > readableFormula
    const factor = isLong ? through(adjointName, node) : `${adjointName} × ${inProduct(formula)}`
    const product = formula === '1' ? adjointName : factor
    // one element that stands at all places gets something from each of them
    if (local.kind === 'matrix') return { words: `sum of ${product}`, numbers: null }
    if (formula === '1') return { words: product, numbers: null }
    return { words: product, numbers: numbersOf(plain, node, formula, node.adjoint!, local.factor, digits) }
  }
  if (local.kind === 'elementwise') {
    if (node.same) return { words: adjointName, numbers: null }
    return { words: through(adjointName, node), numbers: productOf(node.adjoint!, local.factor, node, digits) }
  }
  const words = kernelWords[node.kernel ?? '']?.(adjointName, inputsOf(plain.trace, node), edge.index, amount, node)
  if (words !== undefined) return { words, numbers: null }
  return { words: through(adjointName, node), numbers: matrixProduct(node.adjoint!, local, node, digits) }
}

const through = (adjointName: string, { op }: TraceNode): string => `${adjointName} back through ${op}`

type KernelWords = (
  adjoint: string,
  inputs: readonly TraceNode[],
  index: number,
  amount: Quantity,
  node: TraceNode,
) => string | undefined

/** What passes back through ops that are no formula, in words of tensors. */
const kernelWords: Readonly<Record<string, KernelWords>> = {
  contract: (adjoint, [a, b], index) =>
    index === 0 ? `${adjoint} · transpose(${b!.name})` : `transpose(${a!.name}) · ${adjoint}`,
  reduce: (adjoint, _inputs, _index, amount, node) => {
    const { least, largest, notFinite } = summarized(amount)
    const own = isSummary(node.adjoint!) ? [] : flatten(node.adjoint!)
    if (least !== largest || notFinite > 0 || own.length !== 1 || own[0] === 0) return undefined
    const factor = least / own[0]!
    return `${adjoint}${factor === 1 ? '' : ` × ${numberText(factor, 5, 'float32')}`} for each element`
  },
  layout: (adjoint) => `sum of ${adjoint} over the places that show an element`,
  gather: (adjoint) => `${adjoint} where it was taken from, and 0 elsewhere`,
  assemble: (adjoint) => `its part of ${adjoint}`,
}

/** A formula where it is multiplied. */
const inProduct = (formula: string): string => (loose.test(outside(formula)) ? `(${formula})` : formula)

const loose = /^-|[?<>]| [+-] | where | and | or |==|!=/

/** A formula without what stands in parentheses. */
const outside = (formula: string): string => {
  const shorter = formula.replace(/\([^()]*\)/g, '')
  return shorter === formula ? formula : outside(shorter)
}

const numbersOf = (
  { trace }: Plain,
  node: TraceNode,
  formula: string,
  adjoint: Quantity,
  factor: Quantity,
  digits: Digits,
): string | null => {
  if (sizeOfNode(node) !== 1) return productOf(adjoint, factor, node, digits)
  const numbers = formula.length > longFormula ? null : withNumbers(formula, [...inputsOf(trace, node), node], digits)
  const number = factorText(flatten(factor)[0]!, digits, node.dtype)
  return `${single(adjoint, digits)} × ${numbers === null ? number : inProduct(numbers)}`
}

/** Null where not all that it refers to are single numbers. */
const withNumbers = (formula: string, nodes: readonly TraceNode[], digits: Digits): string | null => {
  const numbers = new Map<string, string>()
  for (const { name, value, dtype } of nodes) {
    const element = value === undefined || isSummary(value) ? [] : flatten(value)
    if (element.length !== 1) return null
    numbers.set(name, factorText(element[0]!, digits, dtype))
  }
  const text = renamed(formula, numbers).replace(/(\w)\((\(-[^()]*\))\)/g, '$1$2')
  return text.startsWith('(-') && /^\(-[^()]*\)$/.test(text) ? text.slice(1, -1) : text
}

const single = (quantity: Quantity, digits: Digits): string => numberText(flatten(quantity)[0]!, digits)

const productOf = (a: Quantity, b: Quantity, { shape, dtype }: TraceNode, digits: Digits): string | null => {
  if (isSummary(a) || isSummary(b) || flatten(a).length > fewNumbers) return null
  const [left, right] = [a, b].map((quantity) => quantityText(quantity, shape!, digits, dtype))
  return `${left} × ${right!.startsWith('-') ? `(${right})` : right}`
}

const matrixProduct = (
  adjoint: Quantity,
  { matrix, rows, columns }: MatrixLocal,
  node: TraceNode,
  digits: Digits,
): string | null => {
  if (matrix === undefined || isSummary(adjoint) || rows * columns > shownElements || rows > fewNumbers) return null
  const right = `[${matrix.map((row) => `[${row.map((element) => numberText(Number(element), digits)).join(', ')}]`).join(', ')}]`
  return `${quantityText(adjoint, node.shape!, digits)} · ${right}`
}

/** How a node moves along, from how its inputs do: `y' = (1 - y * y) × x' = 0.75 × 2 = 1.5`. */
export const tangentText = (plain: Plain, node: TraceNode, nameOf: DerivativeName, digits: Digits): string => {
  const { nodes, edges } = plain.trace
  const words: string[] = []
  const numbers: string[] = []
  for (const place of node.inputs) {
    const { from, local } = edges[place]!
    const { name, tangent } = nodes[from]!
    if (local === null || tangent === undefined) continue
    const formula = plain.formulaOf[place] ?? null
    const factor = formula === null ? nameOf(node, nodes[from]!) : inProduct(formula)
    words.push(
      formula === '1' ? `${name}'` : `${factor} ${formula === null && local.kind === 'matrix' ? '·' : '×'} ${name}'`,
    )
    if (local.kind === 'elementwise' && sizeOfNode(node) === 1) {
      const number = flatten(local.factor)[0]!
      const moved = factorText(flatten(tangent)[0]!, digits)
      numbers.push(formula === '1' ? moved : `${numberText(number, digits)} × ${moved}`)
    }
  }
  const sum = numbers.join(' + ')
  const isTold = numbers.length === words.length && !/^\(?[^ ]*$/.test(sum)
  const shown = isTold ? [sum] : []
  const total = quantityText(node.tangent!, node.shape!, digits)
  return [`${node.name}' = ${words.join(' + ')}`, ...shown, total].join(' = ')
}
