import { numberText } from '../listing/digits.js'
import { inputsOf } from '../listing/step-text.js'
import type { TraceNode } from '../trace/schema.js'
import type { Finding } from './finding.js'
import type { Readings } from './readings.js'

/** Sums of two float32 tensors that learn, in which one is too small to change any element of the other. */
export const lostInSums = (readings: Readings): readonly Finding[] => {
  const { trace } = readings
  return trace.nodes.flatMap((node) => {
    const inputs = inputsOf(trace, node)
    if (node.dtype !== 'float32' || inputs.length !== 2 || !node.inputs.every((edge) => isAdded(readings, edge)))
      return []
    const [result, a, b] = [node, ...inputs].map((one) => readings.value(one))
    if (!result || !a || !b || result.length === 0 || a.length !== result.length || b.length !== result.length)
      return []
    const lost = isLost(result, a, b) ? inputs[1] : isLost(result, b, a) ? inputs[0] : undefined
    return lost === undefined ? [] : [finding(readings, node, lost, lost === inputs[1] ? [a, b] : [b, a])]
  })
}

const isAdded = ({ trace, formulaOf }: Readings, edge: number): boolean =>
  trace.edges[edge]!.local !== null && ['1', '-1'].includes(formulaOf(edge) ?? '')

const isLost = (result: ArrayLike<number>, kept: ArrayLike<number>, small: ArrayLike<number>): boolean => {
  for (let i = 0; i < result.length; i++) {
    if (small[i] === 0 || !Number.isFinite(small[i]) || Math.abs(result[i]!) !== Math.abs(kept[i]!)) return false
  }
  return true
}

const finding = (
  { step }: Readings,
  node: TraceNode,
  lost: TraceNode,
  [kept, small]: readonly [ArrayLike<number>, ArrayLike<number>],
): Finding => {
  const numbers = { least: extreme(kept, Math.min), largest: extreme(small, Math.max) }
  return {
    kind: 'lostInSum',
    nodes: [node.name, lost.name],
    numbers,
    text:
      `In ${step(node)} nothing is left of ${lost.name}, at most ${numberText(numbers.largest, 3, 'float32')} beside at least ${numberText(numbers.least, 3, 'float32')}: ` +
      "float32 has 7 digits. Compute it with dtype: 'float64', or make it larger.",
  }
}

const extreme = (elements: ArrayLike<number>, of: (a: number, b: number) => number): number => {
  let found = Math.abs(elements[0]!)
  for (let i = 1; i < elements.length; i++) found = of(found, Math.abs(elements[i]!))
  return found
}
