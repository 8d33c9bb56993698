import { numbers as algebra } from '../../rules/numbers.js'
import { inputsOf } from '../listing/step-text.js'
import type { TraceNode } from '../trace/schema.js'
import type { Finding } from './finding.js'
import type { Readings } from './readings.js'

/** What a softmax gave, and goes into another one: both found by their numbers. */
export const doubleSoftmax = (readings: Readings): readonly Finding[] => {
  const { trace } = readings
  return trace.nodes.flatMap((node) => {
    if (node.op === null) return []
    const inputs = inputsOf(trace, node)
    const [input] = inputs
    if (inputs.length !== 1 || input!.op === null) return []
    const rows = linesOf(readings, input!)
    if (rows === null || !rows.lines.every(isDistribution)) return []
    const results = linesOf(readings, node)
    if (results === null || results.width !== rows.width) return []
    // exponentials of these, made to sum to 1, or the logarithms of them
    if (!rows.lines.every((line, i) => isSoftmax(line, results.lines[i]!))) return []
    const numbers = { rows: rows.lines.length, columns: rows.width, largest: largestOf(results.lines) }
    return [
      {
        kind: 'doubleSoftmax',
        nodes: [input!.name, node.name],
        numbers,
        text:
          `${readings.step(node)} is a softmax of ${input!.name}, whose ${numbers.rows} rows are probabilities already: no class can get more than ` +
          `${Math.round(100 * mostOf(rows.width))}%, and gradients stay small. ` +
          'Give the loss the numbers before the first softmax: a cross entropy makes its own.',
      },
    ]
  })
}

interface Lines {
  readonly lines: readonly (readonly number[])[]
  readonly width: number
}

/** Along the last axis. */
const linesOf = (readings: Readings, node: TraceNode): Lines | null => {
  const width = node.shape?.at(-1) ?? 1
  const elements = readings.value(node)
  if (elements === null || width < 2 || elements.length === 0) return null
  const lines: number[][] = []
  for (let i = 0; i < elements.length; i += width) lines.push(Array.from({ length: width }, (_, j) => elements[i + j]!))
  return { lines, width }
}

const tolerance = 1e-5
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

const isDistribution = (line: readonly number[]): boolean =>
  line.every((number) => number >= 0 && number <= 1 + tolerance) && Math.abs(sum(line) - 1) < tolerance

const isSoftmax = (line: readonly number[], result: readonly number[]): boolean => {
  const exponentials = line.map((number) => algebra.exp(number))
  const total = sum(exponentials)
  const isNear = (wanted: (number: number) => number) =>
    result.every((number, i) => Math.abs(number - wanted(exponentials[i]! / total)) < tolerance)
  return isNear((number) => number) || isNear((number) => algebra.log(number))
}

/** The largest probability that a softmax of probabilities can give. */
const mostOf = (width: number): number => algebra.exp(1) / (algebra.exp(1) + width - 1)

const largestOf = (lines: readonly (readonly number[])[]): number =>
  Math.max(...lines.map((line) => Math.max(...line.map((number) => (number <= 0 ? algebra.exp(number) : number)))))
