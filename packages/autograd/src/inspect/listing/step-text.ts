import { isPlainObject } from '../../graph/words.js'
import { sizeOfNode } from '../plumbing/pipes.js'
import type { Trace, TraceNode } from '../trace/schema.js'

/** What made several results, by its place, and these. */
export type Results = ReadonlyMap<number, readonly TraceNode[]>

/** The results of ops that have several: they are told in one line with the op. */
export const resultsOf = ({ nodes, edges }: Trace): Results => {
  const results = new Map<number, TraceNode[]>()
  for (const node of nodes) {
    const maker = node.inputs.length === 1 ? nodes[edges[node.inputs[0]!]!.from]! : undefined
    if (maker?.shape === null) results.set(maker.id, [...(results.get(maker.id) ?? []), node])
  }
  return results
}

/** A step as a line of a program: `v1 = sum(x, axes [0])`, and what it computes where its name does not say that. */
export const stepText = (trace: Trace, node: TraceNode, results: Results): string => {
  const names = results.get(node.id)?.map(({ name }) => name) ?? [node.name]
  return `${names.join(', ')} = ${callText(trace, node)}`
}

/** What a step computes. */
const callText = (trace: Trace, node: TraceNode): string => {
  const inputs = inputsOf(trace, node)
  const call = `${node.op}(${[...inputs.map(({ name }) => name), ...attributesText(node, inputs)].join(', ')})`
  if (node.formula === undefined) return call
  // what a rule of derivatives made is known by its formula: nobody called it
  return isDerived(node) ? node.formula : `${call} = ${node.formula}`
}

const isDerived = ({ op }: TraceNode): boolean => !/^\w+$/.test(op!)

/** The nodes that a node was made of, in order. */
export const inputsOf = ({ nodes, edges }: Trace, { inputs }: TraceNode): readonly TraceNode[] =>
  inputs.map((edge) => nodes[edges[edge]!.from]!)

const attributesText = (node: TraceNode, inputs: readonly TraceNode[]): readonly string[] => {
  const { attributes, kernel, iterations } = node
  const rounds = iterations === undefined ? [] : [`${iterations} rounds`]
  if (attributes === undefined) return rounds
  const named = isPlainObject(attributes) ? attributes : kernel === 'reduce' ? { axes: attributes } : null
  if (named === null) return [...rounds, valueText(attributes)]
  const words = Object.entries(named)
    .filter(([name, value]) => !isImplied(name, value, node, inputs))
    .map(([name, value]) => (value === true ? wordOf(name) : `${wordOf(name)} ${valueText(value)}`))
  return [...rounds, ...words]
}

/** Whether a reader knows an attribute without being told. */
const isImplied = (name: string, value: unknown, node: TraceNode, inputs: readonly TraceNode[]): boolean => {
  const [input] = inputs
  if (value === null || value === false || [node.op, node.dtype, node.iterations].includes(value as string)) return true
  // who is named in errors; a window from the first place on, one by one; zeros elsewhere
  if (name === 'op' || (name === 'starts' && isAll(value, 0)) || (name === 'steps' && isAll(value, 1))) return true
  if (name === 'shape' && String(value) === String(node.shape)) return true
  if (name === 'fill' && value === 0) return true
  if (node.kernel !== 'reduce' || input?.shape === undefined || input.shape === null) return false
  if (name === 'axes') return Array.isArray(value) && value.length === input.shape.length - (input.examples ?? 0)
  return name === 'divisor' && value === sizeOfNode(input) / sizeOfNode(node)
}

const isAll = (value: unknown, number: number): boolean =>
  Array.isArray(value) ? value.every((item) => isAll(item, number)) : value === number

/** `keepDims` as `keep dims`. */
const wordOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

const valueText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`
  if (isPlainObject(value)) {
    const parts = Object.entries(value).filter(([, part]) => part !== null && part !== false)
    return parts.map(([name, part]) => `${wordOf(name)} ${valueText(part)}`).join(' ')
  }
  return String(value)
}
