import { bytesPerElement } from '../../../graph/dtype.js'
import type { Loop } from '../../../graph/kernel.js'
import { isContiguous, type Spec } from '../../../graph/value.js'
import { termsOf } from '../../../program/body.js'
import { drained } from '../../../program/pieces.js'
import { mayFail, type Plan, type View } from '../../plan/plan.js'
import { schedule, type Wanted } from '../../schedule/schedule.js'
import {
  memory as bulk,
  type Code,
  countDown,
  i32,
  increase,
  type Local,
  leaveWith,
  type Scope,
  type Statement,
  when,
} from '../assembler/index.js'
import {
  checked,
  type KernelFunction,
  type StepForm,
  type StepFunction,
  type Strided,
  unchecked,
} from '../loops/kernel.js'
import type { Library, LoopForm, LoopSteps } from '../steps.js'
import { bytesOf, room, type Storage, store } from './storage.js'

/** A loop as a function: its body is a plan, whose intermediate results and carries lie in the working memory. */
export const loopSteps = (workspaceOf: (step: StepForm) => number): LoopSteps => {
  const bodies = new Map<string, LaidOut>()
  const laidOut = (kernel: Loop): LaidOut => {
    const known = bodies.get(kernel.key)
    if (known !== undefined) return known
    const made = layOut(kernel, workspaceOf)
    bodies.set(kernel.key, made)
    return made
  }
  return {
    define: (library, step, workspace) => defineLoop(library, step, laidOut(step.kernel), workspace),
    workspace: (step) => {
      const { inner, storage } = laidOut(step.kernel)
      return inner + storage.bytes + copiesOf(step).reduce((sum, { bytes }) => sum + bytes, 0)
    },
  }
}

/** The plan of a body, and where in the working memory its buffers lie, after that of its steps. */
interface LaidOut {
  readonly plan: Plan
  readonly storage: Storage
  readonly inner: number
}

const layOut = ({ body, common, carries }: Loop, workspaceOf: (step: StepForm) => number): LaidOut => {
  const { inputs, roots } = termsOf(body)
  const planned = (isOwn: (result: number) => boolean): Plan => {
    const wanted = roots.map(
      (term, i): Wanted => ({ term, kept: isOwn(i), replaces: i < carries ? inputs[common + i]! : null }),
    )
    return drained(schedule(inputs, [], wanted))
  }
  // what a round gives is copied to its row: from where it is, if it lies there as it should
  const seen = planned((i) => i < carries)
  const isScattered = seen.outputs.map(({ view }) => !isContiguous(view))
  const plan = isScattered.includes(true) ? planned((i) => i < carries || isScattered[i]!) : seen
  let [inner, safeFrom] = [0, 0]
  plan.steps.forEach((step, i) => {
    inner = Math.max(inner, workspaceOf(step))
    if (mayFail(step)) safeFrom = i + 1
  })
  // what all rounds have in common, and sequences, are read where they are
  const own = { ...plan, inputs: plan.inputs.slice(common, common + carries) }
  return { plan, storage: drained(store(own, 0, safeFrom)), inner: aligned(inner) }
}

const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16

/** Inputs that are not dense are copied first. */
const copiesOf = ({ inputs }: LoopForm): readonly { readonly input: number; readonly bytes: number }[] =>
  inputs.flatMap((input, i) => (isContiguous(input) ? [] : [{ input: i, bytes: room(bytesOf(input)) }]))

const defineLoop = (
  library: Library,
  step: LoopForm,
  { plan, storage, inner }: LaidOut,
  workspace: number,
): StepFunction | null => {
  const { kernel, inputs, outs } = step
  const { common, carries, length, reverse, when: condition } = kernel
  const start = workspace + inner
  const functions: StepFunction[] = []
  for (const bodyStep of plan.steps) {
    const found = library.functionOf(bodyStep)
    if (found === null) return null
    functions.push(found)
  }
  let top = start + storage.bytes
  const copies: { readonly input: number; readonly to: number; readonly copy: KernelFunction }[] = []
  for (const { input, bytes } of copiesOf(step)) {
    const copy = library.functionOf(copyOf(inputs[input]!))
    if (copy === null) return null
    copies.push({ input, to: top, copy: copy.function as KernelFunction })
    top += bytes
  }

  const checks = functions.some((found) => found.checks)
  const addresses = storage.addresses
  const rowBytes = (spec: Spec): number => bytesOf({ ...spec, shape: spec.shape.slice(1) })
  const write = (scope: Scope, pointers: readonly Local<'i32'>[]): Statement => {
    const given = pointers.slice(0, inputs.length)
    const results = pointers.slice(inputs.length)
    const left = scope.local('i32')
    const moving = [
      ...inputs.slice(common + carries).map((spec, i) => ({ at: given[common + carries + i]!, bytes: rowBytes(spec) })),
      ...outs.slice(carries).map((spec, i) => ({ at: results[carries + i]!, bytes: rowBytes(spec) })),
    ]
    const sources = new Map(plan.inputs.map((buffer, i) => [buffer, given[i]!]))
    const addressOf = ({ buffer, offset, dtype }: View): Code<'i32'> => {
      const bytes = offset * bytesPerElement(dtype)
      const at = addresses.get(buffer)
      if (at !== undefined) return i32.const(start + at + bytes)
      const pointer = sources.get(buffer)!.get
      return bytes === 0 ? pointer : i32.add(pointer, i32.const(bytes))
    }
    const calls = plan.steps.map((bodyStep, i): Statement => {
      const found = functions[i]!
      const operands = [
        ...bodyStep.inputs.map(addressOf),
        ...bodyStep.outs.map((buffer) => i32.const(start + addresses.get(buffer)!)),
      ]
      return found.checks
        ? when(found.function.call(...operands), leaveWith(i32.const(1)))
        : found.function.call(...operands)
    })
    const carry = (i: number) => i32.const(start + addresses.get(plan.inputs[common + i]!)!)
    const runs: Statement = [
      calls,
      outs.slice(carries).map((spec, i) => {
        const { view } = plan.outputs[carries + i]!
        return bulk.copy(results[carries + i]!.get, addressOf(view), i32.const(rowBytes(spec)))
      }),
      storage.commits
        .filter(({ bytes }) => bytes > 0)
        .map(({ from, to, bytes }) => bulk.copy(i32.const(start + to), i32.const(start + from), i32.const(bytes))),
    ]
    // where a carry says that a round does not run, none after it does
    const isLast = condition !== undefined && condition < common + carries
    const skips: Statement = [
      outs.slice(carries).map((spec, i) => {
        const [row, bytes] = [results[carries + i]!.get, i32.const(rowBytes(spec))]
        if (!isLast) return bulk.fill(row, i32.const(0), bytes)
        const before = i32.mul(i32.sub(left.get, i32.const(1)), bytes)
        return bulk.fill(reverse ? i32.sub(row, before) : row, i32.const(0), i32.mul(left.get, bytes))
      }),
      isLast ? left.set(i32.const(1)) : [],
    ]
    const isTrue = (input: number) => i32.load8Unsigned(isLast ? carry(input - common) : given[input]!.get)
    const round: Statement = [
      condition === undefined ? runs : when(isTrue(condition), runs, skips),
      moving.map(({ at, bytes }) => increase(at, i32.const(reverse ? -bytes : bytes))),
    ]
    return [
      copies.map(({ input, to, copy }) => [
        copy.call(given[input]!.get, i32.const(to)),
        given[input]!.set(i32.const(to)),
      ]),
      outs.slice(0, carries).map((spec, i) => bulk.copy(carry(i), given[common + i]!.get, i32.const(bytesOf(spec)))),
      reverse ? moving.map(({ at, bytes }) => increase(at, i32.const(bytes * (length - 1)))) : [],
      left.set(i32.const(length)),
      countDown(left, 1, round),
      outs.slice(0, carries).map((spec, i) => bulk.copy(results[i]!.get, carry(i), i32.const(bytesOf(spec)))),
    ]
  }
  const { module } = library.target
  const parameters = new Array<'i32'>(inputs.length + outs.length).fill('i32')
  return checks
    ? checked(module.addFunction(parameters, 'i32', (scope, ...pointers) => [write(scope, pointers), i32.const(0)]))
    : unchecked(module.addFunction(parameters, null, (scope, ...pointers) => write(scope, pointers)))
}

const copyOf = ({ shape, dtype, strides }: Strided): StepForm => ({
  kind: 'kernel',
  kernel: { kind: 'reshape' },
  mayFail: false,
  inputs: [{ shape, dtype, strides }],
  outs: [{ shape, dtype }],
})
