import { atLevel, beginBatching, evaluate, isOpen } from '../../graph/batched.js'
import type { Kernel } from '../../graph/kernel.js'
import { BatchedValue, escaped, isAround, type Level, levelOf, type Runner } from '../../graph/level.js'
import { join, type Node, type Op } from '../../graph/node.js'
import { type Tracer, tracer, withTracer } from '../../graph/tracer.js'
import { type Spec, share, type Value } from '../../graph/value.js'
import { sum } from '../../ops/broadcast.js'
import { swapAxes } from '../../ops/layout.js'
import { allOf, type Batch, type Input } from './batch.js'
import { runBatched } from './kinds.js'

/**
 * One call of a function that is mapped. Three linear ops lead in and out, each with the others as its derivative, so that
 * differentiations pass through without knowing:
 *
 * - `enter`: a tensor of shape [size, ...] becomes one of the rest, that stands for each example
 * - `leave`: back
 * - `spread`: a tensor from outside that every example has; what comes back to it is added up
 *
 * A differentiation that is itself mapped, as `vmap(pullback)` is, may come by nodes of a level that was left long before,
 * and that is not inside the one that it runs at. There its examples are carried on at a level of their own, `beside`, inside
 * the other: the three ops take them along.
 */
export class BatchLevel implements Level {
  readonly depth: number
  private readonly entering: Op<null> = {
    name: 'vmap',
    vjp: (cotangent) => [this.leave(cotangent)],
    jvp: ([tangent]) => this.enter(tangent!),
  }
  private readonly leaving: Op<null> = {
    name: 'vmap',
    vjp: (cotangent) => [this.enter(cotangent)],
    jvp: ([tangent]) => this.leave(tangent!),
  }
  private readonly spreading: Op<null> = {
    name: 'vmap',
    vjp: (cotangent) => [sum(this.leave(cotangent), 0)],
    jvp: ([tangent]) => this.spread(tangent!),
  }

  /**
   * @param size how many examples there are
   * @param parent the level at which the function is called that is mapped
   * @param scope what stands between the function and tensors from outside while it runs
   */
  constructor(
    readonly size: number,
    readonly parent: Level | null,
    private readonly scope: (level: BatchLevel) => Tracer,
    /** Levels of the same examples, by the level around each. */
    private readonly places = new Map<Level | null, BatchLevel>(),
  ) {
    places.set(parent, this)
    this.depth = parent === null ? 0 : parent.depth + 1
    beginBatching()
  }

  within<R>(f: () => R): R {
    const { parent } = this
    if (parent !== null && !isOpen(parent)) return parent.within(() => this.within(f))
    return withTracer(tracerAt(parent), () => withTracer(this.scope(this), f))
  }

  beside(level: Level): BatchLevel {
    if (isAround(this, level)) return level as BatchLevel
    return this.inside(this.parent === null ? level : this.parent.beside(level))
  }

  without(level: Level): Level | null {
    return this === level ? this.parent : this.inside(this.parent === null ? null : this.parent.without(level))
  }

  /** The same examples at another place. */
  private inside(parent: Level | null): BatchLevel {
    return this.places.get(parent) ?? new BatchLevel(this.size, parent, this.scope, this.places)
  }

  run(backend: Runner, kernel: Kernel, values: readonly Value[], outs: readonly Spec[]): readonly Value[] {
    if (!this.isRunning) throw escaped(values.find((value) => levelOf(value) === this)!)
    const inputs = values.map((value) => this.inputOf(value))
    const batch = this.batch(backend)
    const areEqual = inputs.every((input) => input.areEqual)
    const results = areEqual
      ? batch.runAll(
          kernel,
          inputs.map(({ value }) => value),
          outs,
        )
      : runBatched(kernel, inputs, outs, batch)
    return results.map((value, i) => new BatchedValue(outs[i]!, this, value, areEqual))
  }

  lift(value: Value): BatchedValue {
    return new BatchedValue(value, this, value, true)
  }

  enter(node: Node): Node {
    const carried = this.carried(node)
    if (carried !== null) {
      // [carried, examples, ...] is to be [carried, ...] at this level
      return carried.beside(this).enter(this.enter(swapAxes(carried.leave(node), 0, 1)))
    }
    const outer = atLevel(node, this.parent)
    const all = share(outer.value)
    const example = { shape: all.shape.slice(1), dtype: all.dtype }
    return join(new BatchedValue(example, this, all, false), this.entering, [outer], null)
  }

  leave(node: Node): Node {
    const carried = this.carried(node)
    if (carried !== null) {
      const before = carried.without(this) as BatchLevel
      return before.enter(swapAxes(this.leave(carried.leave(node)), 0, 1))
    }
    const inside = atLevel(node, this)
    return join(this.allOf(node, share(inside.value)), this.leaving, [inside], null)
  }

  /** All examples of a value at this level or around it. */
  allOf(backend: Runner, value: Value): Value {
    return allOf(this.inputOf(value), this.batch(backend))
  }

  spread(node: Node): Node {
    const carried = this.carried(node)
    if (carried !== null) return carried.beside(this).enter(this.spread(carried.leave(node)))
    const outer = atLevel(node, this.parent)
    return join(this.lift(share(outer.value)), this.spreading, [outer], null)
  }

  /** The level of examples that a node brings along: they are those of a function that is running, and not around this. */
  private carried(node: Node): BatchLevel | null {
    const level = levelOf(node.value) as BatchLevel | null
    return level === null || isAround(level, this) || !level.isRunning ? null : level
  }

  get isRunning(): boolean {
    for (let at = tracer; at !== null; at = at.around) {
      for (let level = at.level; level !== null; level = level.parent) {
        if ((level as BatchLevel).places === this.places) return true
      }
    }
    return false
  }

  /** A value at this level or around it, as the kinds see it. */
  inputOf(value: Value): Input {
    if (value instanceof BatchedValue && value.level === this) return { value: value.all, areEqual: value.areEqual }
    const level = levelOf(value)
    if (level !== null && !isAround(level, this)) throw escaped(value)
    return { value, areEqual: true }
  }

  private batch(backend: Runner): Batch {
    const runAll = (kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]) =>
      evaluate(backend, kernel, inputs, outs)
    return { size: this.size, runAll, run: (kernel, inputs, out) => runAll(kernel, inputs, [out])[0]! }
  }
}

/** What stands before tensors from outside at a level, or around all, but inside of a function that is being compiled. */
const tracerAt = (level: Level | null): Tracer | null => {
  let at = tracer
  while (at !== null && at.level !== null && at.level !== level) at = at.around
  return at
}
