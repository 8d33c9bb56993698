import { allocate } from '../../graph/dtype.js'
import { GradientError } from '../../graph/errors.js'
import { forwardBits } from '../../graph/forward.js'
import type { Body, Kernel } from '../../graph/kernel.js'
import type { Node } from '../../graph/node.js'
import { drawFrom, type Generator, tracer, verifyBy } from '../../graph/tracer.js'
import { activeTracking, withTracking } from '../../graph/tracking.js'
import { UnknownValue } from '../../graph/unknown.js'
import { denseValue, rowOf, type Spec, type Value } from '../../graph/value.js'
import { bodyOf, inRound } from '../../program/body.js'
import { countersFrom } from '../../program/counters.js'
import { termsInOrder } from '../../program/order.js'
import { drained } from '../../program/pieces.js'
import { simplify } from '../../program/simplify.js'
import type { InputTerm } from '../../program/term.js'
import { traceProgram } from '../../program/trace.js'
import { type Dear, type Kept, noting } from './replay.js'

/** What a round makes of nodes: the carries of the next one, what it gives beside them, and what is added up over all rounds. */
export type BodyFunction = (
  carries: readonly Node[],
  rows: readonly Node[],
) => readonly [carries: readonly Node[], given: readonly Node[], sums?: readonly Node[]]

/** A body as data, with what it takes from around it. */
export interface TracedBody {
  readonly body: Body
  readonly constants: readonly Value[]
  /** Tensors from outside that it reads. */
  readonly captured: readonly Node[]
  readonly draws: readonly { readonly generator: Generator; readonly numbers: number }[]
  /** How many results the function gives beside carries. */
  readonly given: number
  /** How many results are added up: the last ones. */
  readonly sums: number
  /** What looks at results of each round, which stand before those that are added up. */
  readonly looks: readonly ((value: Value) => void)[]
  /** Whether what derivatives need is among what it gives: the carries that it took, and then what was dear to compute. */
  readonly saves: boolean
  /** What was dear to compute. */
  readonly dear: Dear['kernels']
  /** Of its results. */
  readonly outs: readonly Spec[]
}

/**
 * @param like of the class of all nodes
 * @param carries like those of each round
 * @param rows like the rows of each round
 * @param keep what derivatives find kept
 * @param isRecorded whether it will be differentiated by the carries or rows
 * @param before the tensors from outside that it had when it was recorded: they are kept, whatever is tracked now
 */
export const traceBody = (
  what: string,
  like: Node,
  f: BodyFunction,
  carries: readonly Spec[],
  rows: readonly Spec[],
  keep: Kept,
  isRecorded: boolean,
  before: readonly Node[] = [],
): TracedBody => {
  const tracked = activeTracking()
  const standIns = [...carries, ...rows].map((spec) => like.make(new UnknownValue(spec)))
  let [given, sums] = [0, 0]
  let kernels: Dear['kernels'] = []
  const run = (inputs: readonly Node[]) => {
    const state = inputs.slice(0, carries.length)
    const { result, dear } = noting(tracer!, keep, () => f(state, inputs.slice(carries.length)))
    const [after, gave, added = []] = result
    ;[given, sums] = [gave.length, added.length]
    kernels = dear.kernels
    return [after, gave, added, state, dear.values.map((value) => like.make(value))]
  }
  const program = withTracking(0, () => traceProgram(what, run, standIns))
  const isTracked = ({ tracking }: { readonly tracking: number }, bits = tracked) => (tracking & bits) !== 0
  const saves = isRecorded || program.captured.some(({ tensor }) => isTracked(tensor, tracked & ~forwardBits))
  const all = program.outputs.map(({ term }) => term)
  const [kept, saved] = [all.slice(0, carries.length + given + sums), all.slice(carries.length + given + sums)]
  const { changes, draws, checks } = program.effects
  const wanted = [
    ...kept.slice(0, carries.length + given),
    ...(saves ? saved : []),
    ...checks.map(({ term }) => term),
    ...kept.slice(carries.length + given),
  ]
  if (changes.length > 0) {
    const change = changes[0]!
    throw new GradientError(
      `${what}: the function ${change.kind === 'value' ? 'gives another value to' : 'changes the gradient of'} ${change.of.holder}, ` +
        'which was there before; a loop may not. Return the new value as a carry, and assign it outside; what a layer gathers ' +
        'in training, functionalCall gives as a result.',
    )
  }
  const evaluateNow = (kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]) =>
    like.runAll(kernel, inputs, outs)
  const roots = drained(simplify(wanted, evaluateNow))
  const terms = drained(termsInOrder(roots))
  const inputs = terms.filter((term): term is InputTerm => term.kind === 'input')
  const gradient = inputs.find(({ source }) => source.kind === 'gradient')
  if (gradient !== undefined) {
    throw new GradientError(
      `${what}: the function reads a gradient that was there before; close over w.grad.detach() instead.`,
    )
  }
  // what is only needed for what was dear is no input of the body, but of its derivative
  const known = new Set<unknown>(before)
  const captured = program.captured.filter(
    ({ tensor, term }) => inputs.includes(term) || isTracked(tensor) || known.has(tensor),
  )
  const keyOf = (generator: Generator) =>
    inputs.find(({ source }) => source.kind === 'key' && source.of === generator) ?? null
  const counterOf = (generator: Generator) =>
    inputs.find(({ source }) => source.kind === 'counter' && source.of === generator) ?? null
  const taken = [...carries, ...rows].map((spec, argument) => ({
    spec,
    term: inputs.find(({ source }) => source.kind === 'value' && source.of.argument === argument) ?? null,
  }))
  const { body, constants } = bodyOf(terms, roots, [
    ...captured.map(({ term }) => ({ spec: term.spec, term: inputs.includes(term) ? term : null })),
    ...draws.map(({ generator }) => ({ spec: generator.key, term: keyOf(generator) })),
    ...taken,
    ...draws.map(({ generator }) => ({ spec: counterSpec, term: counterOf(generator) })),
  ])
  return {
    body,
    constants,
    captured: captured.map(({ tensor }) => tensor as unknown as Node),
    draws: draws.map(({ generator, numbers }) => ({ generator, numbers })),
    given,
    sums,
    looks: checks.map(({ look }) => look),
    saves,
    dear: kernels,
    outs: roots.map(({ spec }) => spec),
  }
}

/** Runs what looks at a value of each round. */
export const lookAtRounds = (
  all: Value,
  look: (value: Value) => void,
  { length, reverse }: { readonly length: number; readonly reverse: boolean },
): void => {
  const each = (rows: Value): void => {
    for (let round = 0; round < length; round++) {
      inRound(round, length, () => look(rowOf(rows, reverse ? length - 1 - round : round)))
    }
  }
  verifyBy(tracer, all, each)
}

const counterSpec: Spec = { shape: [], dtype: 'float64' }

/** The key and the counters of so many draws in each of the rounds, in the order in which they come. */
export const drawRounds = (
  like: Node,
  { generator, numbers }: TracedBody['draws'][number],
  length: number,
  reverse: boolean,
): readonly [key: Node, counters: Node] => {
  const [key, counter] = drawFrom(tracer, generator, numbers * length)
  const data = allocate('float64', length)
  for (let i = 0; i < length; i++) data[i] = numbers * (reverse ? length - 1 - i : i)
  const steps = denseValue(data, [length], 'float64')
  const counters = countersFrom(like, counter, steps)
  return [like.make(key), like.make(counters)]
}
