import { checked } from '../graph/arguments.js'
import { isFloat } from '../graph/dtype.js'
import { AdjointError } from '../graph/errors.js'
import type { Kernel, Loop } from '../graph/kernel.js'
import * as kinds from '../graph/kinds.js'
import { formatShape, sizeOf, unravel } from '../graph/shape.js'
import { refuseInCompiled } from '../graph/tracer.js'
import { requireSync } from '../graph/tracking.js'
import { leavesOf } from '../graph/tree.js'
import { UnknownValue } from '../graph/unknown.js'
import { denseData, type Spec, type Value } from '../graph/value.js'
import { type Watched, type WatchedOp, type Watcher, withWatcher } from '../graph/watcher.js'
import type { Backend } from './backend.js'
import { eagerBackends, withBackends } from './eager.js'
import { runKernel } from './engine.js'
import { runRounds } from './rounds.js'
import { userFrames } from './stack.js'

/** Numbers that are not finite, where all numbers that they were made of were: what `detectAnomaly` found. */
export class AnomalyError extends AdjointError {
  override readonly name = 'AnomalyError'
}

/** What was running. */
interface Context {
  readonly op: string
  /** Whether it was the derivative of the op. */
  readonly isRule: boolean
  /** Made where the op was called. */
  readonly trace: Error
}

/** Where numbers that are not finite come from. */
interface Origin {
  /** The first one has the least. */
  readonly order: number
  readonly context: Context
  /** What there is: `-Infinity at [1] of float32[3]`, or `-Infinity`. */
  readonly what: string
  /** What that element was made of, if each is made of those at its place; null for numbers that were there before. */
  readonly made: readonly number[] | null
}

/**
 * Runs `f`, and throws if its result, a loss that it differentiates or a gradient that it collects is not finite: naming the
 * first op that made such numbers of finite ones, forwards or backwards, what it was given there, and the line that called it.
 * What comes to nothing on the way (a branch that `where` does not choose, a mask) is no anomaly. Compiled functions run
 * uncompiled inside. All elements are looked at, so it is slow: for debugging.
 *
 * @returns what `f` gives
 * @throws AnomalyError; GradientError for an async function or a generator
 * @example
 * const x = tensor([4, 0])
 * detectAnomaly(() => where(x.greater(0), x.log(), 0).sum())   // Math.log(4)
 * // of x.log().sum(): the first op that made such numbers of finite ones is log: it gave -Infinity at [1] of float32[2], of 0
 */
export const detectAnomaly = /* @__PURE__ */ checked('detectAnomaly', { f: kinds.function }, <R>(f: () => R): R => {
  refuseInCompiled('detectAnomaly', 'put it around the compiled function, which then runs uncompiled')
  const provenance = new Provenance(eagerBackends())
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 64
  try {
    return withWatcher(provenance, () =>
      withBackends([provenance], () => {
        const result = requireSync('detectAnomaly', f())
        provenance.results(result)
        return result
      }),
    )
  } finally {
    Error.stackTraceLimit = limit
  }
})

/** Runs kernels by others, and remembers of numbers that are not finite where they come from. */
class Provenance implements Backend, Watcher {
  readonly name = 'detectAnomaly'
  private context: Context | null = null
  private order = 0
  /** By the array that has the numbers and the place in it where they begin: values are wrapped anew on the way. */
  private readonly origins = new WeakMap<object, Map<number, Origin>>()
  private readonly makers = new WeakMap<Value, Context>()

  constructor(private readonly others: readonly Backend[]) {}

  op<R>({ name }: WatchedOp, f: () => R): R {
    return this.context === null ? this.within({ op: name, isRule: false, trace: new Error() }, f) : f()
  }

  rule<R>({ op, stored }: Watched, f: () => R): R {
    const trace = (stored && this.makers.get(stored)?.trace) ?? new Error()
    return this.within({ op: op!.name, isRule: true, trace }, f)
  }

  private within<R>(context: Context, f: () => R): R {
    const before = this.context
    this.context = context
    try {
      return f()
    } finally {
      this.context = before
    }
  }

  run(kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]): readonly Value[] {
    const context = this.context ?? {
      op: kernel.kind === 'loop' ? 'scan' : kernel.kind,
      isRule: false,
      trace: new Error(),
    }
    return this.within(context, () =>
      kernel.kind === 'loop' ? this.runLoop(kernel, inputs, outs) : this.runOne(kernel, inputs, outs, context),
    )
  }

  /** Kernel by kernel, each looked at. */
  private runLoop(loop: Loop, inputs: readonly Value[], outs: readonly Spec[]): readonly Value[] {
    const results = runRounds(loop, inputs, outs, (kernel, given, specs) => this.run(kernel, given, specs))
    // rows are copied into their sequence
    for (const result of results) if (this.known(result) === undefined) this.inherit(result, this.latest)
    return results
  }
  private latest: Origin | null = null

  private runOne(kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[], context: Context): readonly Value[] {
    const results = runKernel(this.others, kernel, inputs, outs)
    let origin: Origin | null | undefined
    for (const result of results) {
      this.makers.set(result, context)
      const at = firstNotFinite(result)
      if (at < 0) continue
      origin ??= this.originOf(inputs, context)
      this.inherit(result, origin ?? this.begin(context, ...madeAt(kernel, inputs, result, at)))
    }
    return results
  }

  /** The first of those that inputs have; null where all are finite. */
  private originOf(inputs: readonly Value[], context: Context): Origin | null {
    let first: Origin | null = null
    for (const input of inputs) {
      const at = firstNotFinite(input)
      if (at < 0) continue
      const known = this.known(input)
      if (known === undefined) this.inherit(input, this.begin(context, place(input, at), null))
      const origin = this.known(input)!
      if (first === null || origin.order < first.order) first = origin
    }
    return first
  }

  private begin(context: Context, what: string, made: readonly number[] | null): Origin {
    return { order: this.order++, context, what, made }
  }

  private known({ data, offset }: Value): Origin | undefined {
    return this.origins.get(data)?.get(offset)
  }

  private inherit(value: Value, origin: Origin | null): void {
    if (origin === null || firstNotFinite(value) < 0) return
    this.latest = origin
    let places = this.origins.get(value.data)
    if (places === undefined) {
      places = new Map()
      this.origins.set(value.data, places)
    }
    places.set(value.offset, origin)
  }

  found(what: () => string, value: Value): void {
    const at = firstNotFinite(value)
    if (at < 0) return
    const origin = this.known(value)
    throw new AnomalyError(
      `detectAnomaly: ${what()} is ${place(value, at)}. ${origin === undefined ? unknown : told(origin)}`,
    )
  }

  results(result: unknown): void {
    for (const { node, path } of leavesOf(result, 'detectAnomaly: the result', { other: () => undefined })) {
      this.found(() => `the result${path}`, node.value)
    }
  }
}

const unknown = 'It was there before, and none of the ops inside made it: look at what the function is given.'

const told = ({ context: { op, isRule, trace }, what, made }: Origin): string => {
  const who = isRule ? `the derivative of ${op}` : op
  const frames = userFrames(trace)
  const where =
    frames.length === 0 ? '' : `\n${isRule ? `${op} was called here` : 'It was called here'}:\n${frames.join('\n')}`
  if (made === null) {
    return `The first op that met numbers that are not finite is ${who}: it was given ${what}, which no op inside made.${where}`
  }
  const of = made.length === 0 ? '' : `, of ${made.join(' and ')}`
  return `The first op that made such numbers of finite ones is ${who}: it gave ${what}${of}.${where}`
}

/** The first place, in row-major order, that is infinite or NaN; -1 if all are finite, or none is known. */
const firstNotFinite = (value: Value): number => {
  if (value instanceof UnknownValue || !isFloat(value.dtype)) return -1
  const data = denseData(value)
  const end = sizeOf(value.shape)
  for (let i = 0; i < end; i++) if (!Number.isFinite(data[i])) return i
  return -1
}

/** What there is at a place, and of what: where each element is made of those at its place. The shape may be known to the op alone. */
const madeAt = (
  { kind }: Kernel,
  inputs: readonly Value[],
  result: Value,
  at: number,
): readonly [what: string, made: readonly number[]] =>
  kind === 'map'
    ? [place(result, at), inputs.map((input) => elementAt(input, at))]
    : [String(elementAt(result, at)), []]

const elementAt = (value: Value, at: number): number => denseData(value)[at]!

const place = (value: Value, at: number): string => {
  const { shape, dtype } = value
  const where = shape.length === 0 ? '' : ` at ${formatShape(unravel(at, shape))}`
  return `${elementAt(value, at)}${where} of ${dtype}${formatShape(shape)}`
}
