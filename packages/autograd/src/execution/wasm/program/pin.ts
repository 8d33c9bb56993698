import { entrust, type Holder, type Keeper } from '../../../graph/holder.js'
import { denseData, type Spec, type Value } from '../../../graph/value.js'
import type { PlanMemory } from './memory.js'

/**
 * The place of one tensor's value in the memory of a plan. What lies there is
 * - a copy of a value that the tensor holds itself (`loaded`), or
 * - the value of a tensor that has it nowhere else (`owner`): as long as this is its keeper, or
 * - of no use any more.
 */
export class Pin implements Keeper {
  private loaded: Value | null = null
  private owner: Holder | null = null
  /** The tensor whose value or gradient will lie here after the call. */
  private leaf: Holder | null = null

  constructor(
    private readonly memory: PlanMemory,
    private readonly spec: Spec,
    private readonly address: number,
  ) {}

  /** The owner takes its value back. A copy stays. */
  fetch(): Value {
    this.loaded = this.memory.read(this.address, this.spec)
    return this.loaded
  }

  /** Makes sure that the value of a tensor lies here. */
  hold(holder: Holder): void {
    if (holder.keeper !== this) this.load(holder.value)
  }

  load(value: Value): void {
    if (this.loaded === value) return
    this.release()
    this.memory.write(this.address, this.spec.dtype, denseData(value))
    this.loaded = value
  }

  /** What lies here after the call will be the value or the gradient of that tensor. */
  claim(leaf: Holder): void {
    if (leaf !== this.leaf) this.release()
    this.leaf = leaf
  }

  /** What lies here is about to be overwritten. */
  expect(): void {
    this.loaded = null
  }

  give(holder: Holder): void {
    this.owner = holder
    entrust(holder, this)
  }

  /** Lets the owner have its value back, before another takes the place. */
  release(): void {
    const { owner } = this
    if (owner !== null && owner.keeper === this) void owner.value
    this.owner = null
  }
}
