import { evaluate } from '../../graph/batched.js'
import type { Holder } from '../../graph/holder.js'
import type { Kernel } from '../../graph/kernel.js'
import type { Node } from '../../graph/node.js'
import type { Generator, Tracer } from '../../graph/tracer.js'
import { withTracer } from '../../graph/tracer.js'
import type { Spec, Value } from '../../graph/value.js'
import { input, symbols } from '../../rules/symbols.js'

/** The random numbers that a function drew when it ran first. */
export interface Drawn {
  readonly generator: Generator
  readonly key: Node
  /** That of the first number. */
  readonly counter: Node
}

let isKeeping = true

/** Runs `f`, of which nothing is kept for the derivative of a loop around it. */
export const keepingNothing = <R>(f: () => R): R => keeping(false, f)

const keeping = <R>(is: boolean, f: () => R): R => {
  const before = isKeeping
  isKeeping = is
  try {
    return f()
  } finally {
    isKeeping = before
  }
}

/** What is dear to compute, and kept for the derivative instead. */
const isDear = ({ kind }: Kernel): boolean => isKeeping && (kind === 'contract' || kind === 'loop')

/** Runs `f` within a trace, and tells what in it was dear to compute, in order. */
export const noting = <R>(around: Tracer, f: () => R): { readonly result: R; readonly dear: readonly Value[] } => {
  const dear: Value[] = []
  const result = withTracer(new Noting(around, dear), () => keeping(true, f))
  return { result, dear }
}

/** Runs `f` within a trace again: it draws the same numbers and none anew, and what was dear is not computed again. */
export const replaying = <R>(around: Tracer, drawn: readonly Drawn[], dear: readonly Value[] | null, f: () => R): R =>
  withTracer(new Replay(around, drawn, dear), f)

/** Hands everything on. */
export class Within implements Tracer {
  readonly level
  readonly isCompiling
  readonly otherwise

  constructor(readonly around: Tracer) {
    this.level = around.level
    this.isCompiling = around.isCompiling
    this.otherwise = around.otherwise
  }

  draw(generator: Generator, numbers: number): readonly [key: Value, counter: Value] {
    return this.around.draw(generator, numbers)
  }
  run(kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]): readonly Value[] {
    return this.around.run(kernel, inputs, outs)
  }
  valueOf(holder: Holder): Value {
    return this.around.valueOf(holder)
  }
  replaceValue(holder: Holder, value: Value): void {
    this.around.replaceValue(holder, value)
  }
  beginLeaf(holder: Holder): void {
    this.around.beginLeaf(holder)
  }
  gradientOf(holder: Holder): Holder | null {
    return this.around.gradientOf(holder)
  }
  replaceGradient(holder: Holder, gradient: Holder | null): void {
    this.around.replaceGradient(holder, gradient)
  }
  guard(read: () => unknown, value: unknown): void {
    this.around.guard(read, value)
  }
  call(...args: Parameters<Tracer['call']>): readonly (Value | null)[] {
    return this.around.call(...args)
  }
  verify(value: Value, look: (value: Value) => void): void {
    this.around.verify(value, look)
  }
}

class Noting extends Within {
  constructor(
    around: Tracer,
    private readonly dear: Value[],
  ) {
    super(around)
  }

  override run(kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]): readonly Value[] {
    const results = super.run(kernel, inputs, outs)
    if (isDear(kernel)) this.dear.push(...results)
    return results
  }
}

class Replay extends Within {
  private readonly taken = new Map<Generator, number>()

  private next = 0

  constructor(
    around: Tracer,
    private readonly drawn: readonly Drawn[],
    private readonly dear: readonly Value[] | null,
  ) {
    super(around)
  }

  override run(kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]): readonly Value[] {
    if (this.dear === null || !isDear(kernel)) return super.run(kernel, inputs, outs)
    const first = this.next
    this.next += outs.length
    return this.dear.slice(first, this.next)
  }

  override draw(generator: Generator, numbers: number): readonly [key: Value, counter: Value] {
    const found = this.drawn.find((drawn) => drawn.generator === generator)
    if (found === undefined) return this.around.draw(generator, numbers)
    const before = this.taken.get(generator) ?? 0
    this.taken.set(generator, before + numbers)
    const { key, counter } = found
    if (before === 0) return [key.value, counter.value]
    const kernel: Kernel = { kind: 'map', expression: symbols.add(input(0), before), arity: 1 }
    return [key.value, evaluate(counter, kernel, [counter.value], [{ shape: [], dtype: 'float64' }])[0]!]
  }
}
