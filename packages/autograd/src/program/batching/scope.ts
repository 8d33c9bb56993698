import { atLevel, evaluate } from '../../graph/batched.js'
import { allocate } from '../../graph/dtype.js'
import { ShapeError } from '../../graph/errors.js'
import { type Holder, settle } from '../../graph/holder.js'
import type { Kernel } from '../../graph/kernel.js'
import { BatchedValue, EffectError, type Runner } from '../../graph/level.js'
import { latestId } from '../../graph/node.js'
import { formatShape, requireSize, sameShape, sizeOf } from '../../graph/shape.js'
import { counterValue, type Generator, type Tracer, tracer, withTracer } from '../../graph/tracer.js'
import { denseData, denseValue, type Spec, share, type Value } from '../../graph/value.js'
import { input, symbols } from '../../rules/symbols.js'
import { BatchLevel } from './level.js'

/** Whether examples draw different numbers, as a loop over them would, or all the same. */
export type Draws = 'different' | 'same'

/** What stands between a function that is mapped and tensors that were there before it ran. */
class BatchScope implements Tracer {
  readonly isCompiling: boolean
  readonly around = tracer
  private readonly start = latestId()

  constructor(
    readonly level: BatchLevel,
    private readonly backend: Runner,
    private readonly draws: Draws,
  ) {
    this.isCompiling = this.around?.isCompiling ?? false
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
    const [key, counter] = this.drawOutside(generator, this.draws === 'same' ? numbers : numbers * this.level.size)
    if (this.draws === 'same') return [key, counter]
    const { size } = this.level
    const steps = denseValue(allocate('float64', size), [size], 'float64')
    for (let i = 0; i < size; i++) steps.data[i] = i * numbers
    const axes = [{ source: null, start: 0, step: 1 }]
    const run = (kernel: Kernel, inputs: readonly Value[]) => evaluate(this.backend, kernel, inputs, [steps])[0]!
    const first = run({ kind: 'layout', axes }, [counter])
    const counters = run({ kind: 'map', expression: symbols.add(input(0), input(1)), arity: 2 }, [first, steps])
    return [key, new BatchedValue({ shape: [], dtype: 'float64' }, this.level, counters, false)]
  }

  private drawOutside(generator: Generator, numbers: number): readonly [key: Value, counter: Value] {
    if (this.around !== null) return this.around.draw(generator, numbers)
    const counter = counterValue(generator)
    generator.counter += numbers
    return [generator.key, counter]
  }

  guard(read: () => unknown, value: unknown): void {
    this.around?.guard(read, value)
  }

  call(
    inputs: readonly Value[],
    f: (inputs: readonly Value[]) => readonly (Value | null)[],
  ): readonly (Value | null)[] {
    const given = inputs.map((value) => this.level.inputOf(value))
    const all = given.map(({ value }) => value)
    const outside = (g: typeof f) => (this.around === null ? withTracer(null, () => g(all)) : this.around.call(all, g))
    // at the level as well, or what flows back to it would be added up over the examples
    if (given.every(({ areEqual }) => areEqual)) return outside(f).map((value) => value && this.level.lift(value))
    const results = outside((values) => eachExample(this.level.size, values, given, f))
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
          for (let i = 0; i < this.level.size; i++) look(exampleOf(whole, i))
        }
    if (this.around === null) each(all)
    else this.around.verify(all, each)
  }
}

/** A level for so many examples inside that at which this is called; `backend` runs what no tracer does. */
export const openLevel = (size: number, backend: Runner, draws: Draws): BatchLevel =>
  new BatchLevel(size, tracer?.level ?? null, (here) => new BatchScope(here, backend, draws))

const exampleOf = (all: Value, i: number): Value => {
  const { data, dtype, shape, strides, offset } = share(all)
  const start = offset + i * strides[0]!
  return { data, dtype, shape: shape.slice(1), strides: strides.slice(1), offset: start, shared: true }
}

/** What `f` gives for each example in turn, along a first axis. */
const eachExample = (
  size: number,
  values: readonly Value[],
  given: readonly { readonly areEqual: boolean }[],
  f: (inputs: readonly Value[]) => readonly (Value | null)[],
): readonly (Value | null)[] => {
  const at = (i: number) => f(values.map((value, j) => (given[j]!.areEqual ? value : exampleOf(value, i))))
  // without examples, what f gives has the shapes that it has for others
  if (size === 0) {
    const ones = values.map((value, j) =>
      onesLike(given[j]!.areEqual ? value : { ...value, shape: value.shape.slice(1) }),
    )
    return f(ones).map((value) => value && stacked([], value))
  }
  const rows = Array.from({ length: size }, (_, i) => at(i))
  return rows[0]!.map((first, j) => {
    const all = rows.map((row, i) => requireAlike(row[j]!, first, i))
    return first && stacked(all as Value[], first)
  })
}

/** What a custom op gives for an example is like what it gives for the first. */
const requireAlike = (value: Value | null, first: Value | null, example: number): Value | null => {
  if (value === first || (value && first && value.dtype === first.dtype && sameShape(value.shape, first.shape)))
    return value
  const [got, expected] = [value, first].map((each) =>
    each === null ? 'nothing' : each.dtype + formatShape(each.shape),
  )
  throw new ShapeError(
    `vmap: a custom op that looks at elements gave ${got} for example ${example} and ${expected} for example 0; what it ` +
      'gives must have a shape that does not depend on elements.',
  )
}

const onesLike = ({ shape, dtype }: Spec): Value => denseValue(allocate(dtype, sizeOf(shape)).fill(1), shape, dtype)

const stacked = (rows: readonly Value[], { shape, dtype }: Spec): Value => {
  const size = sizeOf(shape)
  const data = allocate(dtype, size * rows.length)
  for (const [i, row] of rows.entries()) data.set(denseData(row), i * size)
  return denseValue(data, [rows.length, ...shape], dtype)
}
