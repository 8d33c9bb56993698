import type { Evaluate, Instruction, Kernel, Loop } from '../../graph/kernel.js'
import { UnknownValue } from '../../graph/unknown.js'
import type { Spec, Value } from '../../graph/value.js'
import { loopOf } from '../body.js'
import { allOf, type Batch, type Input, swapped } from './batch.js'

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
  const { body, common, carries } = kernel
  const [state, sequences] = [common, common + carries]
  const areEqual = inputs.map((input) => input.areEqual)
  let written = write(kernel, areEqual, batch, runBatched)
  for (;;) {
    const carried = written.results.slice(0, carries)
    const later = carried.findIndex((result, i) => areEqual[state + i] && !result.areEqual)
    if (later < 0) break
    areEqual[state + later] = false
    written = write(kernel, areEqual, batch, runBatched)
  }

  const given = inputs.map((input, i) => {
    if (areEqual[i]) return input.value
    const all = allOf(input, batch)
    return i < sequences ? all : swapped(all, batch)
  })
  const made = outs.map((out, i): Spec => {
    const { areEqual: same, value } = written.results[i]!
    if (i < carries) return { shape: value.shape, dtype: out.dtype }
    return { shape: [kernel.length, ...value.shape], dtype: same ? out.dtype : value.dtype }
  })
  const batched = loopOf({
    ...kernel,
    body: {
      inputs: body.inputs.map((spec, i) => (areEqual[i] ? spec : { ...spec, shape: [batch.size, ...spec.shape] })),
      instructions: written.instructions,
      results: written.results.map(({ value }) => (value as BodyValue).index),
    },
  })
  return batch.runAll(batched, given, made).map((value, i) => {
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
