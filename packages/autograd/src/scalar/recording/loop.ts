import { none } from './codes.js'
import { evaluatorOf } from './evaluate.js'
import type { Loop, LoopResults, Recording } from './recording.js'

/** As which output it counts what a carry was as each round began. */
export const begunOf = (outputs: readonly number[], input: number): number => outputs.length + input

/** The same loop elsewhere. */
export const movedTo = (loop: Loop, placeOf: (node: number) => number): Loop => ({
  ...loop,
  inputs: loop.inputs.map((input) => {
    if (input.kind === 'carry') return { ...input, initial: placeOf(input.initial) }
    if (input.kind === 'invariant') return { ...input, node: placeOf(input.node) }
    return input.kind === 'column' ? { ...input, nodes: Int32Array.from(input.nodes, placeOf) } : input
  }),
})

/** The nodes of the body that are computed in each round. */
export const rootsOf = ({ inputs, outputs }: Pick<Loop, 'inputs' | 'outputs'>): number[] => [
  ...outputs.filter((output) => output !== none),
  ...inputs.flatMap((input) => (input.kind === 'carry' ? [input.next] : [])),
]

/** Calls, round by round, what computes the body from its inputs, and collects what it gives. */
export const inRounds = <T>(
  { inputs, outputs, count, isReversed }: Loop,
  around: (node: number) => T,
  round: (inputAt: (input: number) => T) => (node: number) => T,
): LoopResults<T> => {
  let carries: { [input: number]: T } = {}
  inputs.forEach((input, i) => {
    if (input.kind === 'carry') carries[i] = around(input.initial)
  })
  const found: { [round: number]: T }[] = [...outputs, ...inputs].map(() => [])
  for (let step = 0; step < count; step++) {
    const at = isReversed ? count - 1 - step : step
    const resultOf = round((i) => {
      const input = inputs[i]!
      if (input.kind === 'invariant') return around(input.node)
      return input.kind === 'column' ? around(input.nodes[at]!) : carries[i]!
    })
    outputs.forEach((node, k) => {
      if (node !== none) found[k]![at] = resultOf(node)
    })
    const next: { [input: number]: T } = {}
    inputs.forEach((input, i) => {
      if (input.kind !== 'carry') return
      found[begunOf(outputs, i)]![at] = carries[i]!
      next[i] = resultOf(input.next)
    })
    carries = next
  }
  return { outputs: found, carries }
}

/** The loop between numbers. */
export const ran = (loop: Loop, around: (node: number) => number): LoopResults<number> => {
  const { body } = loop
  const values = body.value.slice(0, body.size)
  const evaluate = evaluatorOf(body, body.needed(rootsOf(loop)))
  return inRounds(loop, around, (inputAt) => {
    evaluate(values, inputAt)
    return (node) => values[node]!
  })
}

/** Adds a loop to a recording: its node. */
export const addLoop = (recording: Recording, loop: Loop): number => {
  const inputs = loop.inputs.map((input) =>
    input.kind === 'column' && isUniform(input.nodes) ? { kind: 'invariant' as const, node: input.nodes[0]! } : input,
  )
  const simplest = { ...loop, inputs }
  return recording.loop(
    simplest,
    ran(simplest, (node) => recording.value[node]!),
  )
}

const isUniform = (nodes: ArrayLike<number>): boolean => {
  for (let i = 1; i < nodes.length; i++) if (nodes[i] !== nodes[0]) return false
  return true
}
