import { bytesPerElement, type DType, type TypedArray } from '../../../graph/dtype.js'
import { AdjointError } from '../../../graph/errors.js'
import { sizeOf } from '../../../graph/shape.js'
import type { Holder, Keeper } from '../../../graph/tracer.js'
import { denseData, denseValue, type Spec, type Value } from '../../../graph/value.js'
import type { Executor } from '../../compile/executor.js'
import { bytes, type Running } from '../../compile/explain.js'
import { runStep } from '../../compile/interpreter.js'
import { type Buffer, mayFail, type Plan, type View } from '../../compile/plan.js'
import { type Storage, store } from '../../compile/storage.js'
import { workspaceOf } from './library.js'
import { newMemory } from './memory.js'
import { buildPlan } from './module.js'

/** A plan as one WebAssembly function, over a memory of its own in which tensors may keep their values. */
export class WasmExecutor implements Executor {
  readonly running: Running
  private readonly storage: Storage
  private readonly main: () => number
  private readonly commit: () => void
  private readonly views: { readonly [D in DType]: TypedArray }
  private readonly inputs: readonly Pin[]
  private readonly outputs: readonly (Pin | null)[]
  private failure: unknown = null

  constructor(
    private readonly plan: Plan,
    fused: boolean,
  ) {
    const start = 16
    const workspace = Math.ceil(Math.max(0, ...plan.steps.map(workspaceOf)) / 16) * 16
    this.storage = store(plan, start + workspace, plan.steps.findLastIndex(mayFail) + 1)
    const memory = newMemory(this.storage.bytes, plan)
    const { buffer } = memory
    this.views = {
      float32: new Float32Array(buffer),
      float64: new Float64Array(buffer),
      int32: new Int32Array(buffer),
      bool: new Uint8Array(buffer),
    }
    const { addresses, homes } = this.storage
    const built = buildPlan(plan, this.storage, memory, { fused, workspace: start, host: (step) => this.host(step) })
    this.main = built.main
    this.commit = built.commit
    const { bytes: total, arena } = this.storage
    this.running = {
      how: 'as one WebAssembly program',
      notes: [`in ${bytes(total)} of memory, of which ${bytes(arena)} for intermediate results`],
      hosted: new Set(built.hosted),
    }
    for (const { buffer, data } of plan.constants) this.fill(addresses.get(buffer)!, buffer.dtype, data)
    this.inputs = plan.inputs.map((input) => new Pin(this, input, addresses.get(input)!))
    this.outputs = plan.outputs.map(({ view, replaces }, i) => {
      if (homes[i] == null) return null
      return replaces === null ? new Pin(this, view, homes[i]) : this.inputs[plan.inputs.indexOf(replaces)]!
    })
  }

  claim(output: number, leaf: Holder): void {
    this.outputs[output]!.claim(leaf)
  }

  run(inputs: readonly (Holder | Value)[]): void {
    for (let i = 0; i < inputs.length; i++) {
      const given = inputs[i]!
      if ('tracking' in given) this.inputs[i]!.hold(given)
      else this.inputs[i]!.load(given)
    }
    const failed = this.main()
    if (failed !== 0) this.explainFailure(failed - 1)
  }

  finish(): void {
    this.commit()
    for (let i = 0; i < this.outputs.length; i++) {
      const pin = this.outputs[i]
      if (pin != null) pin.loaded = null
    }
  }

  read(output: number): Value {
    return this.copyOf(this.plan.outputs[output]!.view)
  }

  give(output: number, holder: Holder): void {
    this.outputs[output]!.give(holder)
  }

  gradient(output: number, like: Holder): Holder {
    const pin = this.outputs[output]!
    const before = like.collected
    // the tensor of the last call, if nobody has looked at it
    if (before !== null && before.keeper === pin) return before
    const { shape, dtype } = like
    const holder = like.make({ data: this.views[dtype], shape, dtype, strides: [], offset: 0 })
    pin.give(holder)
    return holder
  }

  /** The elements of a view, in an array of their own. */
  copyOf(view: View): Value {
    const { shape, dtype } = view
    const data = denseData(this.look(view))
    return denseValue(data.buffer === this.views[dtype].buffer ? data.slice() : data, shape, dtype)
  }

  copyAt(address: number, { shape, dtype }: Spec): Value {
    const from = address / bytesPerElement(dtype)
    return denseValue(this.views[dtype].slice(from, from + sizeOf(shape)), shape, dtype)
  }

  fill(address: number, dtype: DType, data: TypedArray): void {
    const view = this.views[dtype]
    const to = address / bytesPerElement(dtype)
    // a call costs more than a few elements
    if (data.length > 16) view.set(data, to)
    else for (let i = 0; i < data.length; i++) view[to + i] = data[i]!
  }

  private look({ buffer, shape, dtype, strides, offset }: View): Value {
    const start = this.storage.addresses.get(buffer)! / bytesPerElement(dtype)
    return { data: this.views[dtype], shape, dtype, strides, offset: start + offset }
  }

  /** Runs a step on the backends of eager ops. */
  private host(index: number): number {
    const step = this.plan.steps[index]!
    // a check may keep what it sees
    const seen = step.inputs.map((view) => (step.kind === 'check' ? this.copyOf(view) : this.look(view)))
    try {
      const values = runStep(step, seen)
      step.outs.forEach((buffer: Buffer, i: number) => {
        this.fill(this.storage.addresses.get(buffer)!, buffer.dtype, denseData(values[i]!))
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

/** The place of one tensor's value in the memory of a plan. */
class Pin implements Keeper {
  /** The value that lies there, if it is also elsewhere. */
  loaded: Value | null = null
  /** Whose value lies there and nowhere else, as long as this is its keeper. */
  private owner: Holder | null = null
  /** Whose value or gradient that is. */
  private leaf: Holder | null = null

  constructor(
    private readonly executor: WasmExecutor,
    private readonly spec: Spec,
    private readonly address: number,
  ) {}

  fetch(): Value {
    this.loaded = this.executor.copyAt(this.address, this.spec)
    return this.loaded
  }

  /** Makes sure that the value of a tensor lies here. */
  hold(holder: Holder): void {
    if (holder.keeper === this) return
    this.load(holder.value)
  }

  load(value: Value): void {
    if (this.loaded === value) return
    this.release()
    this.executor.fill(this.address, this.spec.dtype, denseData(value))
    this.loaded = value
  }

  /** What lies here will be the value or the gradient of that tensor. */
  claim(leaf: Holder): void {
    if (leaf !== this.leaf) this.release()
    this.leaf = leaf
  }

  give(holder: Holder): void {
    this.owner = holder
    holder.stored = null
    holder.keeper = this
  }

  /** Lets the tensor whose value lies here have it back, before another takes the place. */
  private release(): void {
    const { owner } = this
    if (owner !== null && owner.keeper === this) void owner.value
    this.owner = null
  }
}
