import { AdjointError } from '../../../graph/errors.js'
import type { Holder } from '../../../graph/holder.js'
import type { Evaluate } from '../../../graph/kernel.js'
import { UnknownValue } from '../../../graph/unknown.js'
import { denseData, specOf, type Value } from '../../../graph/value.js'
import { formatBytes } from '../../bytes.js'
import type { Executor } from '../../plan/executor.js'
import type { Running } from '../../plan/explain.js'
import { runStep } from '../../plan/interpreter.js'
import { type Buffer, mayFail, type Plan, type View } from '../../plan/plan.js'
import { workspaceOf } from '../steps.js'
import { PlanMemory } from './memory.js'
import { buildPlan, type PlanModuleOptions } from './module.js'
import { Pin } from './pin.js'
import { type Storage, store } from './storage.js'

/** A plan as one WebAssembly function, over a memory of its own in which tensors may keep their values. */
export class WasmExecutor implements Executor {
  readonly running: Running
  private readonly storage: Storage
  private readonly main: () => number
  private readonly commit: () => void
  private readonly memory: PlanMemory
  private readonly inputs: readonly Pin[]
  private readonly outputs: readonly (Pin | null)[]
  private readonly kept: readonly Pin[]
  private failure: unknown = null

  constructor(
    private readonly plan: Plan,
    private readonly evaluate: Evaluate,
    arithmetic: Pick<PlanModuleOptions, 'fused' | 'deterministic'>,
  ) {
    const start = 16
    const workspace = plan.steps.reduce((most, step) => Math.max(most, workspaceOf(step)), 0)
    this.storage = store(plan, start + Math.ceil(workspace / 16) * 16, plan.steps.findLastIndex(mayFail) + 1)
    this.memory = new PlanMemory(this.storage.bytes, plan)
    const { addresses, homes } = this.storage
    const built = buildPlan(plan, this.storage, this.memory.memory, {
      ...arithmetic,
      workspace: start,
      host: (step) => this.host(step),
    })
    this.main = built.main
    this.commit = built.commit
    const { bytes: total, arena } = this.storage
    this.running = {
      how: 'as one WebAssembly program',
      notes: [`in ${formatBytes(total)} of memory, of which ${formatBytes(arena)} for intermediate results`],
      hosted: new Set(built.hosted),
    }
    for (const { buffer, data } of plan.constants) this.memory.write(addresses.get(buffer)!, buffer.dtype, data)
    this.inputs = plan.inputs.map((input) => new Pin(this.memory, input, addresses.get(input)!))
    this.outputs = plan.outputs.map(({ view, replaces }, i) => {
      if (homes[i] == null) return null
      return replaces === null ? new Pin(this.memory, view, homes[i]) : this.inputs[plan.inputs.indexOf(replaces)]!
    })
    this.kept = this.outputs.filter((pin) => pin !== null)
  }

  hold(input: number, holder: Holder): void {
    this.inputs[input]!.hold(holder)
  }

  load(input: number, value: Value): void {
    this.inputs[input]!.load(value)
  }

  claim(output: number, leaf: Holder): void {
    this.outputs[output]!.claim(leaf)
  }

  run(): void {
    for (let i = 0; i < this.kept.length; i++) this.kept[i]!.expect()
    const failed = this.main()
    if (failed !== 0) this.explainFailure(failed - 1)
  }

  finish(): void {
    this.commit()
  }

  release(): void {
    for (const pin of this.kept) pin.release()
  }

  read(output: number): Value {
    const { view } = this.plan.outputs[output]!
    return this.memory.readView(view, this.addressOf(view.buffer))
  }

  give(output: number, holder: Holder): void {
    this.outputs[output]!.give(holder)
  }

  gradient(output: number, like: Holder): Holder {
    const pin = this.outputs[output]!
    const before = like.collected
    // the tensor of the last call, if nobody has looked at it
    if (before !== null && before.keeper === pin) return before
    const holder = like.make(new UnknownValue(specOf(like)))
    pin.give(holder)
    return holder
  }

  private addressOf(buffer: Buffer): number {
    return this.storage.addresses.get(buffer)!
  }

  /** Runs a step in JavaScript. */
  private host(index: number): number {
    const step = this.plan.steps[index]!
    // a check may keep what it sees
    const seen = step.inputs.map((view: View) => {
      const address = this.addressOf(view.buffer)
      return step.kind === 'check' ? this.memory.readView(view, address) : this.memory.look(view, address)
    })
    try {
      const values = runStep(step, seen, this.evaluate)
      step.outs.forEach((buffer: Buffer, i: number) => {
        this.memory.write(this.addressOf(buffer), buffer.dtype, denseData(values[i]!))
      })
      return 0
    } catch (error) {
      this.failure = error
      return 1
    }
  }

  private explainFailure(index: number): never {
    // a kernel only knows that its input is wrong: the backends of eager ops find out where
    if (this.failure === null) this.host(index)
    const failure = this.failure
    this.failure = null
    throw failure ?? new AdjointError(`compile: step ${index} of the program failed.`)
  }
}
