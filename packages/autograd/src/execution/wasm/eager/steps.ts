import { bytesPerElement } from '../../../graph/dtype.js'
import { sizeOf } from '../../../graph/shape.js'
import type { Spec, Value } from '../../../graph/value.js'
import { type StraightLine, usedInputs } from '../../../rules/straight-line.js'
import type { Step } from '../../plan/plan.js'
import { callCost, savedBy } from '../cost.js'
import type { StepForm } from '../loops/kernel.js'
import { type Incoming, layValue, placeValue } from '../memory.js'
import { buildFunction, type Linked, type Runtime } from '../runtime.js'
import { BySignature } from '../signature.js'
import { Library, savedByKernel, workspaceOf } from '../steps.js'

export type EagerStep = Step<Value, Spec>
/** With what a step computes of elements, if it does. */
export type Steps = (step: EagerStep, program: StraightLine | null) => readonly Value[] | null

interface Entry {
  /** Nanoseconds that the function saves at each call. */
  readonly saved: number
  /** Nanoseconds that the function would have saved so far. */
  missed: number
  /** Null where there is none; undefined as long as it has not been asked for. */
  built: Built | null | undefined
}
interface Built {
  readonly linked: Linked
  readonly workspace: number
  readonly checks: boolean
  /** The inputs that it reads. */
  readonly uses: readonly boolean[]
}

const limit = 2000
/** Nanoseconds that it takes to build a function. */
const buildCost = 200_000

/**
 * Runs steps by functions for exactly their shapes. A function is built when it would have saved what building it costs:
 * at once for large operands, and for small ones when they have come often.
 */
export const createSteps = (runtime: Runtime, always: boolean): Steps => {
  const entries = new BySignature<Entry>(limit)
  return (step, program) => {
    if (!always && isSmall(step)) return null
    const slot = entries.slotOf(step, program)
    slot.content ??= { saved: savedBy(step, program, savedByKernel), missed: 0, built: undefined }
    const entry = slot.content
    if (entry.built === undefined) {
      if (!always) {
        if (entry.saved <= 0) return null
        entry.missed += entry.saved
        if (entry.missed < buildCost) return null
      }
      entry.built = build(runtime, step, program)
    }
    return entry.built === null ? null : run(runtime, entry.built, step)
  }
}

/** Too small to save anything whatever it is: then not even the costs are looked up. */
const isSmall = ({ kind, inputs, outs }: EagerStep): boolean => {
  let elements = 0
  for (let i = 0; i < inputs.length; i++) elements += sizeOf(inputs[i]!.shape)
  return (elements + sizeOf(outs[0]!.shape)) * (kind === 'reduce' ? 0.4 : 2) < callCost
}

const build = (runtime: Runtime, step: EagerStep, program: StraightLine | null): Built | null => {
  runtime.scratch.reset()
  const inputs = step.inputs.map((input) => ({ ...input, strides: placeValue(runtime.scratch, input).strides }))
  const form = { ...step, inputs } as StepForm
  let checks = false
  const linked = buildFunction(runtime, (module, options) => {
    const found = new Library({ module, options }, workspaceAddress).functionOf(form)
    checks = found?.checks ?? false
    return found === null ? null : found.function
  })
  if (linked === null) return null
  const used = program === null ? null : usedInputs(program)
  const uses = inputs.map((_, i) => used === null || used.includes(i))
  return { linked, workspace: workspaceOf(form), checks, uses }
}

const workspaceAddress = 0

const run = ({ scratch }: Runtime, { linked, workspace, checks, uses }: Built, { inputs, outs }: EagerStep) => {
  scratch.reset()
  if (workspace > 0) scratch.take(workspace)
  const addresses: number[] = []
  const incoming: Incoming[] = []
  for (let i = 0; i < inputs.length; i++) {
    const placed = uses[i] ? placeValue(scratch, inputs[i]!) : unused
    incoming.push(placed)
    addresses.push(placed.address)
  }
  for (const { shape, dtype } of outs) addresses.push(scratch.take(sizeOf(shape) * bytesPerElement(dtype)))
  if (!scratch.open()) return null
  for (let i = 0; i < inputs.length; i++) if (uses[i]) layValue(scratch, inputs[i]!, incoming[i]!)
  const code = linked.function(...addresses)
  // JavaScript says what was wrong
  const results =
    checks && code !== 0 ? null : outs.map((out: Spec, i) => scratch.read(out, addresses[inputs.length + i]!))
  scratch.close()
  return results
}

const unused: Incoming = { address: 0, start: 0, strides: [], first: 0, count: 0 }
