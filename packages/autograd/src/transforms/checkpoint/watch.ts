import { GradientError } from '../../graph/errors.js'
import { movesAlong, watchTangents } from '../../graph/forward.js'
import { type Holder, settle } from '../../graph/holder.js'
import type { Kernel } from '../../graph/kernel.js'
import type { Level, Runner } from '../../graph/level.js'
import { latestId, type Node } from '../../graph/node.js'
import { drawFrom, type Generator, type Tracer, verifyBy, withTracer } from '../../graph/tracer.js'
import { withTracking } from '../../graph/tracking.js'
import type { Spec, Value } from '../../graph/value.js'

/** What a run is in the midst of. */
export interface Surroundings {
  readonly around: Tracer | null
  readonly backend: Runner
  /** The bits of the differentiations for which the function is one node. */
  readonly active: number
  /** That of the run. */
  readonly bit: number
  /** The level of `vmap` at which the function ran first. */
  readonly level: Level | null
}

/** Random numbers that a function drew. */
export interface Drawn {
  readonly generator: Generator
  readonly numbers: number
  readonly key: Value
  readonly counter: Value
}

/** What stands between a function and the tensors that were there before, while it runs. */
abstract class Watch implements Tracer {
  readonly around
  readonly level
  readonly isCompiling
  readonly otherwise
  private readonly began = latestId()
  /** Whether something is read for tangents of an older differentiation, and not by the function. */
  private readonly isForTangents

  constructor(protected readonly here: Surroundings) {
    const { around, bit, level } = here
    this.isForTangents = watchTangents(bit)
    this.around = around
    this.level = level
    this.isCompiling = around?.isCompiling ?? false
    this.otherwise = around?.otherwise ?? 'checkpoint() this would happen again in the backward pass'
  }

  /** A tensor that was there before is read by the function. */
  protected abstract meet(holder: Holder): void
  abstract draw(generator: Generator, numbers: number): readonly [key: Value, counter: Value]
  abstract verify(value: Value, look: (value: Value) => void): void

  run(kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]): readonly Value[] {
    const { around } = this
    return around === null ? this.here.backend.runAll(kernel, inputs, outs) : around.run(kernel, inputs, outs)
  }

  valueOf(holder: Holder): Value {
    const { around } = this
    if (holder.id > this.began) return holder.stored ?? withTracer(null, () => holder.value)
    // who is around takes down what is differentiated there
    const value =
      around === null
        ? (holder.stored ?? withTracer(null, () => holder.value))
        : withTracking(this.here.active, () => around.valueOf(holder))
    if (!this.isForTangents()) this.meet(holder)
    return value
  }

  replaceValue(holder: Holder, value: Value): void {
    this.requireInside(holder, 'assign: a tensor is given another value', 'return the value, and assign it outside')
    settle(holder, value)
  }

  beginLeaf(holder: Holder): void {
    this.requireInside(holder, 'requiresGrad: a tensor is made to require a gradient', 'set it outside')
    this.around?.beginLeaf(holder)
  }

  gradientOf(holder: Holder): Holder | null {
    this.requireInside(holder, 'grad: the gradient of a tensor is read', 'close over w.grad.detach(), or pass it')
    return holder.collected
  }

  replaceGradient(holder: Holder, gradient: Holder | null): void {
    const what =
      gradient === null
        ? 'zeroGrad: the gradient of a tensor is taken away'
        : 'backward: a tensor collects a gradient (or is given one)'
    this.requireInside(holder, what, 'do it outside')
    holder.collected = gradient
  }

  private requireInside(holder: Holder, what: string, remedy: string): void {
    if (holder.id > this.began) return
    throw new GradientError(
      `${what} in a function that checkpoint runs again in the backward pass, and it was there before (${holder}): that would ` +
        `happen twice; ${remedy}.`,
    )
  }

  guard(read: () => unknown, value: unknown): void {
    this.around?.guard(read, value)
  }

  call(...args: Parameters<Tracer['call']>): readonly (Value | null)[] {
    const [inputs, f] = args
    const { around } = this
    return around === null ? withTracer(null, () => f(inputs)) : around.call(...args)
  }
}

/** Takes down which tensors, tracked by somebody around, a function reads: until `end` they have a bit. */
export class FirstRun extends Watch {
  readonly drawn: Drawn[] = []
  private readonly read = new Map<Holder, number>()
  /** Whether something that it read moves along what somebody around tracks. */
  hasRecordedTangents = false

  get inputs(): readonly Holder[] {
    return [...this.read.keys()]
  }

  protected meet(holder: Holder): void {
    if ((holder.tracking & this.here.active) === 0 || this.read.has(holder)) return
    if (movesAlong(holder as unknown as Node, this.here.active)) this.hasRecordedTangents = true
    this.read.set(holder, holder.tracking & this.here.bit)
    holder.tracking |= this.here.bit
  }

  end(): void {
    for (const [holder, before] of this.read) holder.tracking = (holder.tracking & ~this.here.bit) | before
  }

  draw(generator: Generator, numbers: number): readonly [key: Value, counter: Value] {
    const [key, counter] = drawFrom(this.around, generator, numbers)
    this.drawn.push({ generator, numbers, key, counter })
    return [key, counter]
  }

  verify(value: Value, look: (value: Value) => void): void {
    verifyBy(this.around, value, look)
  }
}

/** What a function did when it ran first. */
export interface Before {
  readonly inputs: readonly Holder[]
  readonly drawn: readonly Drawn[]
  /** The bits of the differentiations that were active then. */
  readonly active: number
  /** The latest ids when it began and when it was done. */
  readonly began: number
  readonly ended: number
}

/** Gives a function the random numbers that it had before, and sees to it that it does the same. */
export class SecondRun extends Watch {
  private readonly read = new Set<Holder>()
  private draws = 0

  constructor(
    here: Surroundings,
    private readonly before: Before,
  ) {
    super(here)
  }

  protected meet(holder: Holder): void {
    const { began, ended, active, inputs } = this.before
    if (holder.replacedAt > began) {
      throw new GradientError(
        `checkpoint: ${holder} was given a new value (by an optimizer step or assign) after the function ran that reads it, so ` +
          'the derivative no longer belongs to it. Differentiate before the update, or compute again.',
      )
    }
    if ((holder.tracking & active) === 0 || this.read.has(holder)) return
    this.read.add(holder)
    if (holder.id > began && holder.id <= ended && !inputs.includes(holder)) {
      throw changed(`it reads ${holder}, which it made then and kept`)
    }
    if (!inputs.includes(holder)) throw changed(`it reads ${holder}, which it did not then`)
  }

  end(): void {
    const { inputs, drawn, active } = this.before
    const missing = inputs.find((holder) => !this.read.has(holder) && (holder.tracking & active) !== 0)
    if (missing !== undefined) throw changed(`it does not read ${missing}, which it did then`)
    if (this.draws < drawn.length) throw changed('it draws fewer random numbers')
  }

  draw(generator: Generator, numbers: number): readonly [key: Value, counter: Value] {
    const found = this.before.drawn[this.draws++]
    if (found?.generator !== generator || found.numbers !== numbers) throw changed('it draws other random numbers')
    return [found.key, found.counter]
  }

  /** It has been looked at. */
  verify(): void {}
}

/** @param how it shows */
export const changed = (how: string): GradientError =>
  new GradientError(
    `checkpoint: its function does something else now than when it ran first (${how}), so the derivative would not belong to ` +
      'it: it depends on a JavaScript variable that was changed since. Pass what changes as an argument.',
  )
