import { atLevel } from '../../graph/batched.js'
import { allocate } from '../../graph/dtype.js'
import { type Holder, settle } from '../../graph/holder.js'
import type { Kernel, Look } from '../../graph/kernel.js'
import { BatchedValue, EffectError, type Runner } from '../../graph/level.js'
import { latestId } from '../../graph/node.js'
import { requireSize } from '../../graph/shape.js'
import { drawFrom, type Generator, type Tracer, tracer, verifyBy, withTracer } from '../../graph/tracer.js'
import { denseValue, rowOf, type Spec, type Value } from '../../graph/value.js'
import { countersFrom } from '../counters.js'
import { forExamples } from './each.js'
import { BatchLevel } from './level.js'

/** Whether examples draw numbers of their own, one draw for all of them after the other, or all the same. */
export type Draws = 'different' | 'same'

/** What stands between a function that is mapped and tensors that were there before it ran. */
class BatchScope implements Tracer {
  readonly isCompiling: boolean
  readonly otherwise: string
  readonly around = tracer
  private readonly start = latestId()

  constructor(
    readonly level: BatchLevel,
    private readonly backend: Runner,
    private readonly draws: Draws,
  ) {
    this.isCompiling = this.around?.isCompiling ?? false
    this.otherwise = this.around?.otherwise ?? 'vmap() this would happen once for all examples'
  }

  run(kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]): readonly Value[] {
    return this.around === null ? this.backend.runAll(kernel, inputs, outs) : this.around.run(kernel, inputs, outs)
  }

  valueOf(holder: Holder): Value {
    if (this.around !== null) return this.around.valueOf(holder)
    return holder.stored ?? withTracer(null, () => holder.value)
  }

  replaceValue(holder: Holder, value: Value): void {
    this.requireInside(holder, 'assign: a tensor is given another value', 'return the value, and assign it outside')
    settle(holder, value)
  }

  beginLeaf(holder: Holder): void {
    this.requireInside(holder, 'requiresGrad: a tensor is made to require a gradient', 'set it outside')
    settle(holder, atLevel(holder, this.level).value)
  }

  gradientOf(holder: Holder): Holder | null {
    return this.around === null ? holder.collected : this.around.gradientOf(holder)
  }

  replaceGradient(holder: Holder, gradient: Holder | null): void {
    this.requireInside(
      holder,
      gradient === null
        ? 'zeroGrad: the gradient of a tensor is taken away'
        : 'backward: a tensor collects a gradient (or is given one)',
      'differentiate by what the function is given, with grad(), or call backward() outside',
    )
    holder.collected = gradient
  }

  /** The function runs once for all examples: what it does to a tensor that was there before, no loop would do. */
  private requireInside(holder: Holder, what: string, remedy: string): void {
    if (holder.id > this.start) return
    throw new EffectError(
      `${what} in a function that vmap runs for ${this.level.size} examples at once, and it is one tensor from outside; ${remedy}.`,
    )
  }

  draw(generator: Generator, numbers: number): readonly [key: Value, counter: Value] {
    requireSize('vmap', [this.level.size, numbers])
    const [key, counter] = drawFrom(this.around, generator, this.draws === 'same' ? numbers : numbers * this.level.size)
    if (this.draws === 'same') return [key, counter]
    const { size } = this.level
    const steps = denseValue(allocate('float64', size), [size], 'float64')
    for (let i = 0; i < size; i++) steps.data[i] = i * numbers
    const counters = countersFrom(this.backend, counter, steps)
    return [key, new BatchedValue({ shape: [], dtype: 'float64' }, this.level, counters, false)]
  }

  guard(read: () => unknown, value: unknown): void {
    this.around?.guard(read, value)
  }

  call(inputs: readonly Value[], f: Look, like?: readonly Spec[]): readonly (Value | null)[] {
    const given = inputs.map((value) => this.level.inputOf(value))
    const all = given.map(({ value }) => value)
    const { size } = this.level
    const outside = (g: Look, results: typeof like) =>
      this.around === null ? withTracer(null, () => g(all)) : this.around.call(all, g, results)
    // at the level as well, or what flows back to it would be added up over the examples
    if (given.every(({ areEqual }) => areEqual)) {
      return outside(f, like).map((value) => value && this.level.lift(value))
    }
    const results = outside(
      forExamples(size, given, f, like),
      like?.map(({ shape, dtype }) => ({ shape: [size, ...shape], dtype })),
    )
    return results.map((value) => {
      if (value === null) return null
      return new BatchedValue({ shape: value.shape.slice(1), dtype: value.dtype }, this.level, value, false)
    })
  }

  verify(value: Value, look: (value: Value) => void): void {
    const { value: all, areEqual } = this.level.inputOf(value)
    const each = areEqual
      ? look
      : (whole: Value) => {
          for (let i = 0; i < this.level.size; i++) look(rowOf(whole, i))
        }
    verifyBy(this.around, all, each)
  }
}

/** A level for so many examples inside that at which this is called; `backend` runs what no tracer does. */
export const openLevel = (size: number, backend: Runner, draws: Draws): BatchLevel =>
  new BatchLevel(size, tracer?.level ?? null, (here) => new BatchScope(here, backend, draws))
