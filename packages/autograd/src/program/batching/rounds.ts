import type { Evaluate, Instruction, Kernel, Loop } from '../../graph/kernel.js'
import { UnknownValue } from '../../graph/unknown.js'
import type { Spec, Value } from '../../graph/value.js'
import { loopOf } from '../body.js'
import { allOf, type Batch, type Input, swapped } from './batch.js'
import { anyOf, masked, untilAllAreDone } from './masked.js'

type RunBatched = (kernel: Kernel, inputs: readonly Input[], outs: readonly Spec[], batch: Batch) => readonly Value[]

/** A value of a body that is being written. */
class BodyValue extends UnknownValue {
  constructor(
    spec: Spec,
    readonly index: number,
  ) {
    super(spec)
  }
}

/** What a body gives, of which some differs between examples. */
interface Written {
  readonly instructions: readonly Instruction[]
  readonly results: readonly Input[]
}
interface WrittenLoop {
  readonly kernel: Loop
  readonly written: Written
  /** Which of its inputs are the same for all examples. */
  readonly areEqual: readonly boolean[]
}

/**
 * A loop for many examples: its body for many examples, in which the rounds come before the examples. A carry differs between
 * them if it does at first, or by what the body makes of it.
 */
export const batchedLoop = (
  kernel: Loop,
  inputs: readonly Input[],
  outs: readonly Spec[],
  batch: Batch,
  runBatched: RunBatched,
): readonly Value[] => {
  const { when } = kernel
  const first = writeFor(kernel, inputs, batch, runBatched)
  if (when === undefined || first.areEqual[when]) return runWritten(first, inputs, outs, batch)
  const all = masked(kernel, when, inputs)
  return runWritten(writeFor(all.kernel, all.inputs, batch, runBatched), all.inputs, outs, batch, all.when)
}

/** The body for many examples, where some inputs differ between them, be it only after some rounds. */
const writeFor = (kernel: Loop, inputs: readonly Input[], batch: Batch, runBatched: RunBatched): WrittenLoop => {
  const { common, carries } = kernel
  const areEqual = inputs.map((input) => input.areEqual)
  for (;;) {
    const written = write(kernel, areEqual, batch, runBatched)
    const carried = written.results.slice(0, carries)
    const later = carried.findIndex((result, i) => areEqual[common + i] && !result.areEqual)
    if (later < 0) return { kernel, areEqual, written }
    areEqual[common + later] = false
  }
}

/** @param done where each example says whether it takes part in a round, if they do */
const runWritten = (
  { kernel, areEqual, written }: WrittenLoop,
  inputs: readonly Input[],
  outs: readonly Spec[],
  batch: Batch,
  done?: number,
): readonly Value[] => {
  const { body, common, carries, length } = kernel
  const sequences = common + carries
  const given = inputs.map((input, i) => {
    if (areEqual[i]) return input.value
    const all = allOf(input, batch)
    return i < sequences ? all : swapped(all, batch)
  })
  const made = outs.map((out, i): Spec => {
    const { areEqual: same, value } = written.results[i]!
    if (i < carries) return { shape: value.shape, dtype: out.dtype }
    return { shape: [length, ...value.shape], dtype: same ? out.dtype : value.dtype }
  })
  let batched = loopOf({
    ...kernel,
    body: {
      inputs: body.inputs.map((spec, i) => (areEqual[i] ? spec : { ...spec, shape: [batch.size, ...spec.shape] })),
      instructions: written.instructions,
      results: written.results.map(({ value }) => (value as BodyValue).index),
    },
  })
  const isCarried = done !== undefined && done < sequences
  if (done !== undefined) {
    const all = given[done]!
    const run: Batch['run'] = (...args) => batch.run(...args)
    batched = untilAllAreDone(batched, done)
    given.splice(isCarried ? sequences : given.length, 0, anyOf(run, all, all.shape, [all.shape.length - 1]))
  }
  const some: Spec[] = isCarried ? [{ shape: [], dtype: 'bool' }] : []
  const found = batch.runAll(batched, given, made.toSpliced(carries, 0, ...some))
  return found.toSpliced(carries, some.length).map((value, i) => {
    if (written.results[i]!.areEqual) return allOf({ value, areEqual: true }, batch)
    return i < carries ? value : swapped(value, batch)
  })
}

/** The body where some inputs differ between examples. Carries that do are given for all of them. */
const write = (
  { body, common, carries }: Loop,
  areEqual: readonly boolean[],
  batch: Batch,
  runBatched: RunBatched,
): Written => {
  const instructions: Instruction[] = []
  let count = body.inputs.length
  const runAll: Evaluate = (kernel, args, outs) => {
    instructions.push({ kernel, args: args.map((arg) => (arg as BodyValue).index), outs })
    return outs.map((out) => new BodyValue(out, count++))
  }
  const inside: Batch = { size: batch.size, runAll, run: (kernel, args, out) => runAll(kernel, args, [out])[0]! }
  const values = body.inputs.map((spec, i): Input => {
    const shape = areEqual[i] ? spec.shape : [batch.size, ...spec.shape]
    return { value: new BodyValue({ shape, dtype: spec.dtype }, i), areEqual: areEqual[i]! }
  })
  for (const { kernel, args, outs } of body.instructions) {
    const given = args.map((arg) => values[arg]!)
    const same = given.every((arg) => arg.areEqual)
    const results = same
      ? runAll(
          kernel,
          given.map(({ value }) => value),
          outs,
        )
      : runBatched(kernel, given, outs, inside)
    values.push(...results.map((value) => ({ value, areEqual: same })))
  }
  const results = body.results.map((result, i): Input => {
    const found = values[result]!
    const differs = i < carries && !areEqual[common + i] && found.areEqual
    return differs ? { value: allOf(found, inside), areEqual: false } : found
  })
  return { instructions, results }
}
