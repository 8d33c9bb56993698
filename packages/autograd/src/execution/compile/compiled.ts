import { defaultDType } from '../../graph/default-dtype.js'
import type { DType } from '../../graph/dtype.js'
import { CompileError } from '../../graph/errors.js'
import type { Holder } from '../../graph/holder.js'
import type { Node } from '../../graph/node.js'
import { tracer } from '../../graph/tracer.js'
import { activeTracking, requireSync } from '../../graph/tracking.js'
import { rebuild } from '../../graph/tree.js'
import { UnknownValue } from '../../graph/unknown.js'
import { specOf } from '../../graph/value.js'
import { watcher } from '../../graph/watcher.js'
import { gradientState } from '../../program/cell.js'
import { isDeterministic } from '../eager.js'
import { explainPlan } from '../plan/explain.js'
import { atOnce, inSlices, type Work } from '../work.js'
import { type Arguments, argumentsOf, describe, fits, isParameter, type Signature, signatureOf } from './arguments.js'
import { placed, runCall } from './call.js'
import type { Compilation } from './compile.js'
import * as past from './past.js'
import { type Traced, traceCall } from './trace.js'

type Fn = (...args: never[]) => unknown

/** One trace of a function: what it holds for, and what to run instead of the function. */
interface Entry {
  readonly signature: Signature
  readonly tracking: number
  readonly deterministic: boolean
  readonly dtype: DType
  readonly traced: Traced
  /** The tensors that the function refers to. */
  readonly known: ReadonlySet<Holder>
  /** Null where the function runs as it is. */
  readonly compilation: Compilation | null
}

/** So many traces of one function are kept. */
const entryLimit = 16

const known = new WeakMap<object, Compiled>()

/** What a function runs that `compile` gave; undefined for any other. */
export const compiledOf = (call: object): Compiled | undefined => known.get(call)

/** A function that is traced at its first call, and anew whenever a call comes that no trace holds for. */
export class Compiled {
  private readonly entries: Entry[] = []
  private traces = 0
  private isRunning = false

  constructor(
    private readonly f: Fn,
    private readonly compile: (traced: Traced) => Work<Compilation>,
  ) {}

  /** Makes it known what a function runs. */
  runs(call: object): void {
    known.set(call, this)
  }

  call(args: readonly unknown[]): unknown {
    // part of a larger function that is being compiled, or called by what looks at values in the midst of a call
    if (tracer !== null || watcher !== null || this.isRunning)
      return requireSync('compile', this.f(...(args as never[])))
    const given = argumentsOf(args)
    const entry = this.entryFor(given) ?? atOnce(this.trace(args, given))
    if (entry.compilation === null) return requireSync('compile', this.f(...(args as never[])))
    this.isRunning = true
    try {
      return runCall(entry.traced, entry.compilation, given.tensors)
    } finally {
      this.isRunning = false
    }
  }

  /** Traces and compiles for such arguments in slices, between which others run; null if that has been done. */
  prepare(args: readonly unknown[]): Promise<void> | null {
    if (tracer !== null || watcher !== null || this.isRunning) return null
    const given = argumentsOf(args)
    return this.entryFor(given) === undefined ? inSlices(this.trace(args, given)).then(() => {}) : null
  }

  release(): void {
    for (const { compilation } of this.entries) compilation?.executor.release()
    this.entries.length = 0
    this.traces = 0
  }

  explain(): string {
    if (this.entries.length === 0) return 'not traced yet: call it first'
    const parts = this.entries.map(({ traced, compilation, signature }) => {
      const what =
        compilation === null
          ? `  runs uncompiled: ${traced.obstacle}`
          : explainPlan(compilation.plan, compilation.executor.running)
      return `(${describe(signature)})\n${what}`
    })
    const forgotten = this.traces - this.entries.length
    if (forgotten > 0) {
      parts.push(
        `${forgotten} of ${this.traces} traces were dropped: pass what changes often as tensors, not as numbers`,
      )
    }
    return parts.join('\n\n')
  }

  /** The programs that it has, the latest used first. */
  programs(): readonly { readonly traced: Traced; readonly compilation: Compilation | null }[] {
    return this.entries
  }

  private entryFor(given: Arguments): Entry | undefined {
    const { entries } = this
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!
      if (!holds(entry, given)) continue
      if (i > 0) entries.unshift(...entries.splice(i, 1))
      return entry
    }
    return undefined
  }

  private *trace(args: readonly unknown[], given: Arguments): Work<Entry> {
    const bound = new Set(given.tensors.filter(isParameter))
    let { traced, known } = this.traceWith(bound, args, given)
    const alsoKnown = given.tensors.filter((tensor) => known.has(tensor as Holder) && !bound.has(tensor))
    if (alsoKnown.length > 0) {
      // what is done to them through one name is to be seen through the other
      for (const tensor of alsoKnown) bound.add(tensor)
      ;({ traced, known } = this.traceWith(bound, args, given))
    }
    const signature = signatureOf(given, bound)
    const [tracking, deterministic, dtype] = [activeTracking(), isDeterministic(), defaultDType()]
    yield null
    const compilation = traced.obstacle === null ? yield* this.compile(traced) : null
    const entry: Entry = { signature, tracking, deterministic, dtype, traced, known, compilation }
    // between slices the mode may have changed, and some of it be of either; or a call may have made such an entry
    if (isDeterministic() !== deterministic || defaultDType() !== dtype || this.entryFor(given) !== undefined)
      return entry
    this.traces++
    this.entries.unshift(entry)
    if (this.entries.length > entryLimit) this.entries.pop()
    return entry
  }

  /** @param bound the arguments that are traced as the tensors that they are */
  private traceWith(
    bound: ReadonlySet<Node>,
    args: readonly unknown[],
    { tensors }: Arguments,
  ): Pick<Entry, 'traced' | 'known'> {
    const standIns = new Map(tensors.map((tensor) => [tensor, bound.has(tensor) ? tensor : standInFor(tensor)]))
    const given = tensors.map((tensor) => standIns.get(tensor)!)
    const inside = rebuild(args, given, 'kept') as never[]
    const traced = traceCall(() => (given.length === 0 ? withoutTensors(this.f, inside) : this.f(...inside)), given)
    const known = traced.program.cells.filter(({ argument }) => argument === null).map(({ holder }) => holder)
    return { traced, known: new Set(known) }
  }
}

/** What is given numbers alone may be a scalar function, to which they are no Nums. */
const withoutTensors = (f: Fn, args: never[]): unknown => {
  try {
    return f(...args)
  } catch (cause) {
    const isOfNumbers = args.some((arg: unknown) => typeof arg === 'number' || Array.isArray(arg))
    if (!(cause instanceof TypeError) || !isOfNumbers) throw cause
    throw new CompileError(
      `compile: called without any tensor, the function threw '${cause.message}'. compile() is for functions of tensors; ` +
        'scalar.compile of @adjoint/autograd/scalar is for functions of numbers.',
      { cause },
    )
  }
}

const standInFor = (tensor: Node): Node => {
  const value = new UnknownValue(specOf(tensor))
  const standIn =
    tensor.op === null ? tensor.make(value, tensor.tracking) : past.withHiddenPast(tensor, value, past.argument)
  standIn.collected = tensor.collected
  return standIn
}

const holds = ({ signature, tracking, deterministic, dtype, traced, known }: Entry, given: Arguments): boolean => {
  if (tracking !== activeTracking() || !fits(signature, given)) return false
  if (deterministic !== isDeterministic() || dtype !== defaultDType()) return false
  for (let i = 0; i < given.tensors.length; i++) {
    if (signature.tensors[i]!.bound === null && known.has(given.tensors[i] as Holder)) return false
  }
  const { cells, effects } = traced.program
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!
    const holder = placed(cell, given.tensors)
    if (holder.tracking !== cell.tracking) return false
    if (cell.found !== null && gradientState(holder.collected) !== cell.found) return false
  }
  const { guards } = effects
  for (let i = 0; i < guards.length; i++) if (!Object.is(guards[i]!.read(), guards[i]!.value)) return false
  return true
}
