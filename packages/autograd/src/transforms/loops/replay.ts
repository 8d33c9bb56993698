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

/** What of a round is kept for its derivative beside the carries that it took: all results, those of products and loops, or none. */
export type Kept = 'all' | 'dear' | 'none'

let kept: Kept = 'dear'

/** Runs `f`, of which nothing is kept for the derivative of a loop around it. */
export const keepingNothing = <R>(f: () => R): R => keeping('none', f)

const keeping = <R>(what: Kept, f: () => R): R => {
  const before = kept
  kept = what
  try {
    return f()
  } finally {
    kept = before
  }
}

/** What is dear to compute, and kept for the derivative instead. */
const isDear = ({ kind }: Kernel): boolean =>
  kept === 'dear' ? kind === 'contract' || kind === 'loop' : kept === 'all' && kind !== 'layout' && kind !== 'reshape'

/** What was dear to compute, in order. */
export interface Dear {
  readonly values: readonly Value[]
  /** What the kernels were that gave them. */
  readonly kernels: readonly string[]
}

const told = ({ kind }: Kernel, inputs: readonly Spec[], outs: readonly Spec[]): string => {
  const specs = (all: readonly Spec[]) => all.map(({ dtype, shape }) => `${dtype}[${shape}]`).join(' ')
  return `${kind} ${specs(inputs)} to ${specs(outs)}`
}

let isInBody = false

/** Whether the body of a loop is being traced: loops in it give what derivatives need in each trace, or in none. */
export const isWithinBody = (): boolean => isInBody

const inBody = <R>(f: () => R): R => {
  const before = isInBody
  isInBody = true
  try {
    return f()
  } finally {
    isInBody = before
  }
}

/** Runs `f` within a trace, and tells what in it was dear to compute. */
export const noting = <R>(around: Tracer, keep: Kept, f: () => R): { readonly result: R; readonly dear: Dear } => {
  const [values, kernels]: [Value[], string[]] = [[], []]
  const result = inBody(() => withTracer(new Noting(around, values, kernels), () => keeping(keep, f)))
  return { result, dear: { values, kernels } }
}

/**
 * Runs `f` within a trace again: it draws the same numbers and none anew, and what was dear is not computed again. Where
 * other things are dear this time, because a transform inside takes another way, all is computed.
 */
export const replaying = <R>(around: Tracer, drawn: readonly Drawn[], dear: Dear | null, keep: Kept, f: () => R): R => {
  const by = (replay: Replay): R => inBody(() => withTracer(replay, () => keeping(keep, f)))
  const replay = new Replay(around, drawn, dear)
  const result = by(replay)
  return replay.isAsBefore ? result : by(new Replay(around, drawn, null))
}

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
    private readonly values: Value[],
    private readonly kernels: string[],
  ) {
    super(around)
  }

  override run(kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]): readonly Value[] {
    const results = super.run(kernel, inputs, outs)
    if (isDear(kernel)) {
      this.values.push(...results)
      this.kernels.push(told(kernel, inputs, outs))
    }
    return results
  }
}

class Replay extends Within {
  private readonly taken = new Map<Generator, number>()

  private next = 0
  private seen = 0
  private isOther = false

  constructor(
    around: Tracer,
    private readonly drawn: readonly Drawn[],
    private readonly dear: Dear | null,
  ) {
    super(around)
  }

  override run(kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]): readonly Value[] {
    if (this.dear === null || !isDear(kernel)) return super.run(kernel, inputs, outs)
    if (this.dear.kernels[this.seen++] !== told(kernel, inputs, outs)) this.isOther = true
    if (this.isOther) return super.run(kernel, inputs, outs)
    const first = this.next
    this.next += outs.length
    return this.dear.values.slice(first, this.next)
  }

  /** Whether the same was dear as before. */
  get isAsBefore(): boolean {
    return this.dear === null || (!this.isOther && this.seen === this.dear.kernels.length)
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
  /** It has been looked at. */
  override verify(): void {}
}
