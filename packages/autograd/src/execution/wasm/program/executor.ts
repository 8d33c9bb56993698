import { AdjointError } from '../../../graph/errors.js'
import type { Holder } from '../../../graph/holder.js'
import type { Evaluate } from '../../../graph/kernel.js'
import { UnknownValue } from '../../../graph/unknown.js'
import { denseData, specOf, type Value } from '../../../graph/value.js'
import { inPieces } from '../../../program/pieces.js'
import { formatBytes } from '../../bytes.js'
import type { Executor } from '../../plan/executor.js'
import type { Running } from '../../plan/explain.js'
import { runStep } from '../../plan/interpreter.js'
import { type Buffer, mayFail, type Plan, type View } from '../../plan/plan.js'
import type { Work } from '../../work.js'
import { workspaceOf } from '../steps.js'
import { PlanMemory } from './memory.js'
import { buildPlan, type PlanModule, type PlanModuleOptions } from './module.js'
import { Pin } from './pin.js'
import { programSteps } from './steps.js'
import { type Storage, store } from './storage.js'

/** A plan as one WebAssembly function, over a memory of its own in which tensors may keep their values. */
export class WasmExecutor implements Executor {
  readonly running: Running
  private readonly main: () => number
  private readonly commit: () => void
  private readonly inputs: readonly Pin[]
  private readonly outputs: readonly (Pin | null)[]
  private readonly kept: readonly Pin[]
  private failure: unknown = null

  /** Makes the program of a plan. */
  static *of(
    plan: Plan,
    evaluate: Evaluate,
    arithmetic: Pick<PlanModuleOptions, 'fused' | 'deterministic'>,
  ): Work<WasmExecutor> {
    const start = 16
    const steps = programSteps()
    let [workspace, safeFrom] = [0, 0]
    yield* inPieces(plan.steps, (step, i) => {
      workspace = Math.max(workspace, workspaceOf(step, steps))
      if (mayFail(step)) safeFrom = i + 1
    })
    const storage = yield* store(plan, start + Math.ceil(workspace / 16) * 16, safeFrom)
    const memory = new PlanMemory(storage.bytes, plan)
    let executor: WasmExecutor | null = null
    const host = (step: number) => executor!.host(step)
    const module = yield* buildPlan(plan, storage, memory.memory, { ...arithmetic, workspace: start, steps, host })
    executor = new WasmExecutor(plan, evaluate, storage, memory, module)
    return executor
  }

  private constructor(
    private readonly plan: Plan,
    private readonly evaluate: Evaluate,
    private readonly storage: Storage,
    private readonly memory: PlanMemory,
    { main, commit, hosted, functions }: PlanModule,
  ) {
    this.main = main
    this.commit = commit
    const { addresses, homes, bytes: total, arena } = storage
    this.running = {
      how: 'as one WebAssembly program',
      notes: [
        `in ${formatBytes(total)} of memory, of which ${formatBytes(arena)} for intermediate results`,
        `${functions} functions for ${plan.steps.length - hosted.length} steps`,
      ],
      memory: { bytes: total, intermediate: arena, addresses },
      hosted: new Set(hosted),
    }
    for (const { buffer, data } of plan.constants) this.memory.write(addresses.get(buffer)!, buffer.dtype, data)
    const pins = new Map(plan.inputs.map((input) => [input, new Pin(this.memory, input, addresses.get(input)!)]))
    this.inputs = [...pins.values()]
    this.outputs = plan.outputs.map(({ view, replaces }, i) => {
      if (homes[i] == null) return null
      return replaces === null ? new Pin(this.memory, view, homes[i]) : pins.get(replaces)!
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
