import type { Holder } from '../../graph/holder.js'
import type { Node } from '../../graph/node.js'
import { activeTracking, parameterBit } from '../../graph/tracking.js'
import type { Value } from '../../graph/value.js'
import type { Cell } from '../../program/cell.js'
import type { Effects, Program } from '../../program/program.js'
import type { Term } from '../../program/term.js'
import { traceProgram } from '../../program/trace.js'
import { result, withHiddenPast } from './past.js'

/** A program, and what becomes of it at each call. */
export interface Traced {
  readonly program: Program
  /** What is computed. */
  readonly outcomes: readonly Outcome[]
  /** The tensors that a call returns, in order. */
  readonly results: readonly Returned[]
  /** Why the calls cannot be compiled, if so: they then run as if nothing had been asked for. */
  readonly obstacle: string | null
}

/** Something that a call gives, or changes. */
export interface Outcome {
  readonly term: Term
  readonly target: Target
}
export type Target =
  | { readonly kind: 'result'; readonly make: (value: Value) => Holder }
  | { readonly kind: 'value'; readonly of: Cell }
  | { readonly kind: 'gradient'; readonly of: Cell }

/** A tensor that a call returns: one that it computes, that stands in the result already, or was there before. */
export type Returned =
  | { readonly kind: 'outcome'; readonly index: number }
  | { readonly kind: 'again'; readonly position: number }
  | { readonly kind: 'there'; readonly cell: Cell }

/** @param inputs what stands for the arguments' tensors, in order; a parameter stands for itself */
export const traceCall = (f: () => unknown, inputs: readonly Node[]): Traced => {
  const around = inputs.map((tensor) => differentiatedAround(tensor as Holder, tensor.tracking & activeTracking()))
  const inTheWay = around.find((obstacle) => obstacle !== null) ?? null
  const program = traceProgram('compile', inTheWay === null ? f : () => null, inputs)
  const outcomes: Outcome[] = []
  for (const change of program.effects.changes) {
    if (change.kind !== 'clear') outcomes.push({ term: change.term, target: { kind: change.kind, of: change.of } })
  }
  const tensors = program.outputs.map(({ tensor }) => tensor)
  const results = program.outputs.map(({ tensor, term, cell }, i): Returned => {
    const position = tensors.indexOf(tensor)
    if (position < i) return { kind: 'again', position }
    if (cell !== null) return { kind: 'there', cell }
    const index = outcomes.push({ term, target: { kind: 'result', make: madeLike(tensor as unknown as Node) } }) - 1
    return { kind: 'outcome', index }
  })
  return { program, outcomes, results, obstacle: inTheWay ?? obstacleIn(program) }
}

const isRecorded = ({ tracking }: Pick<Holder, 'tracking'>): boolean => (tracking & activeTracking()) !== 0

/** How a result is made of its value. */
const madeLike = (tensor: Node): ((value: Value) => Holder) => {
  const hidesPast = isRecorded(tensor)
  return (value) => (hidesPast ? withHiddenPast(tensor, value, result) : tensor.make(value)) as Holder
}

/** What somebody outside could differentiate and would do so wrongly: a program has no past, and gives none. */
const obstacleIn = ({ cells, outputs, effects }: Program): string | null => {
  for (const { holder, recorded, found } of cells) {
    const obstacle = differentiatedAround(holder, recorded)
    if (obstacle !== null) return obstacle
    if (found === 'with a past') {
      return `the gradient of ${holder} was computed with createGraph outside, and may be differentiated`
    }
  }
  const gradients = effects.changes.flatMap((change) => (change.kind === 'gradient' ? [change.gradient] : []))
  // what a mere function returns may be differentiated yet
  const given = isStep(effects) ? gradients : [...gradients, ...outputs.map(({ tensor }) => tensor)]
  const before = new Set(cells.map(({ holder }) => holder))
  const differentiated = given.find((tensor) => !before.has(tensor) && isRecorded(tensor))
  if (differentiated === undefined) return null
  return `its result ${differentiated} is to be differentiated outside; call backward() or grad() inside, or call it within noGrad()`
}

/** @param recorded the differentiations of a tensor from before that are active */
const differentiatedAround = (holder: Holder, recorded: number): string | null => {
  const isResult = (holder as { readonly op?: unknown }).op != null
  if ((recorded & (isResult ? ~0 : ~parameterBit)) === 0) return null
  return `it depends on ${holder}, which is being differentiated around it`
}

/** Whether it does with parameters what a step of training does: then it is done with its results. */
const isStep = ({ changes }: Effects): boolean =>
  changes.some(({ kind, of }) => kind === 'gradient' || (kind === 'value' && (of.tracking & parameterBit) !== 0))
