import { inputsOf } from '../listing/step-text.js'
import { flatten, isSummary } from '../trace/quantity.js'
import type { Quantity, TraceNode } from '../trace/schema.js'
import type { Finding } from './finding.js'
import type { Readings } from './readings.js'

/** How many elements are NaN, and how many infinite; of a summary nobody knows which. */
interface Odd {
  readonly nan: number
  readonly infinite: number
}

const oddIn = (elements: ArrayLike<number>): Odd => {
  let [nan, infinite] = [0, 0]
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i]!
    if (Number.isNaN(element)) nan++
    else if (!Number.isFinite(element)) infinite++
  }
  return { nan, infinite }
}

const oddOf = (quantity: Quantity | undefined): Odd =>
  quantity === undefined
    ? { nan: 0, infinite: 0 }
    : isSummary(quantity)
      ? { nan: quantity.notFinite, infinite: 0 }
      : oddIn(flatten(quantity))

const isOdd = ({ nan, infinite }: Odd): boolean => nan + infinite > 0

/** Infinities on the way are no fault, as in masks: only where the loss or a gradient is not finite is the first node told. */
export const notFinite = (readings: Readings, output: TraceNode): readonly Finding[] => {
  const { trace } = readings
  const { nodes, backward } = trace
  const valueOdd = (node: TraceNode): Odd => {
    const value = readings.value(node)
    return value === null ? oddOf(node.value) : oddIn(value)
  }
  const loss = valueOdd(output)
  if (isOdd(loss)) {
    const isWanted = loss.nan > 0 ? ({ nan }: Odd) => nan > 0 : isOdd
    const first =
      nodes.find(
        (node) => isWanted(valueOdd(node)) && !inputsOf(trace, node).some((input) => isOdd(valueOdd(input))),
      ) ?? nodes.find((node) => isWanted(valueOdd(node)))!
    const { nan, infinite } = valueOdd(first)
    const made = first.op === null ? 'was given so' : 'was made of numbers'
    return [
      {
        kind: 'notFinite',
        nodes: [first.name],
        numbers: { nan, infinite },
        text:
          `${output.name} is ${loss.nan > 0 ? 'NaN' : 'infinite'}, and ${readings.step(first)} is the first such node: it ${made}. ` +
          'Look for a log or a quotient of 0, or a root or a power out of range; detectAnomaly names the line.',
      },
    ]
  }
  if (!nodes.some(({ op, adjoint }) => op === null && isOdd(oddOf(adjoint)))) return []
  for (const { node, contributions } of backward) {
    const odd = contributions.find(({ amount }) => isOdd(oddOf(amount)))
    if (odd === undefined || isOdd(oddOf(nodes[node]!.adjoint))) continue
    const { nan, infinite } = oddOf(odd.amount)
    const [from, to] = [nodes[node]!, nodes[odd.to]!]
    return [
      {
        kind: 'notFinite',
        nodes: [from.name, to.name],
        numbers: { nan, infinite },
        text:
          `${output.name} is finite and its derivatives are not: ${readings.step(from)} is the first that passes back no number, to ${to.name}. ` +
          'Its derivative is infinite there, as that of sqrt at 0: keep its operand away from there.',
      },
    ]
  }
  return []
}
