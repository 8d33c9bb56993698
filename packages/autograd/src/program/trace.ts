import { allocate } from '../graph/dtype.js'
import { CompileError } from '../graph/errors.js'
import type { Kernel } from '../graph/kernel.js'
import { latestId, type Node } from '../graph/node.js'
import { formatShape, sameShape, sizeOf } from '../graph/shape.js'
import { type Drawing, type Holder, type Tracer, withTracer } from '../graph/tracer.js'
import { activeTracking, parameterBit, requireSync, withTracking } from '../graph/tracking.js'
import { mapTree } from '../graph/tree.js'
import { denseValue, type Spec, share, specOf, type Value } from '../graph/value.js'
import { result, withHiddenPast } from './past.js'
import {
  type Check,
  type Constant,
  type Input,
  type Output,
  type Place,
  type Source,
  type Term,
  TracedValue,
} from './term.js'

/** Whether a leaf has a gradient, and one that could be differentiated. */
export type GradientState = 'none' | 'plain' | 'with a past'
export const gradientState = ({ collected }: Holder): GradientState =>
  collected === null ? 'none' : (collected.tracking & activeTracking()) === 0 ? 'plain' : 'with a past'

/** A tensor from before the trace: what the function read there, and what it gave it. */
interface Cell extends Place {
  /** What else the trace depends on: which differentiations the tensor took part in, and whether it had a gradient. */
  readonly tracking: number
  found: GradientState | null
  /** To be put back if the function throws. */
  readonly replacedAt: number
  input: Input | null
  /** A value given to it, if it was. */
  written: Value | null
  /** Stands for the gradient that it had. */
  gradient: Holder | null
  /** A gradient given to it; null if it was taken away, undefined if neither. */
  collected: Holder | null | undefined
}

export interface Guard {
  readonly read: () => unknown
  readonly value: unknown
}

/** A tensor that the function returns: one that it computes, that stands in the result already, or was there before. */
export type Returned =
  | { readonly kind: 'output'; readonly index: number }
  | { readonly kind: 'again'; readonly position: number }
  | { readonly kind: 'place'; readonly place: Place }

/** What running a function on stand-ins showed. */
export interface Traced {
  /** What it returned, and what becomes of the tensors in it. */
  readonly tree: unknown
  readonly results: readonly Returned[]
  readonly outputs: readonly Output[]
  /** What is looked at, in this order, before anything changes. */
  readonly checks: readonly Check[]
  /** Leaves whose gradient was taken away. */
  readonly cleared: readonly Place[]
  /** What is drawn at each call, in this order. */
  readonly draws: readonly Drawing[]
  readonly cells: readonly Pick<Cell, 'holder' | 'argument' | 'tracking' | 'found'>[]
  readonly guards: readonly Guard[]
  /** Why the calls cannot be compiled, if so: they then run as if nothing had been asked for. */
  readonly obstacle: string | null
}

/** Runs a function without computing anything. Ops become terms, and so do the tensors that it reads. */
export class Trace implements Tracer {
  private readonly start = latestId()
  private readonly cells = new Map<Holder, Cell>()
  private readonly inputs = new Map<Input, TracedValue>()
  private readonly constants = new Map<Value, Constant>()
  private readonly guards: Guard[] = []
  private readonly checks: Check[] = []
  private readonly draws: Drawing[] = []
  private obstacle: string | null = null

  /** @param standIns what stands for the arguments' tensors, in order; a parameter stands for itself */
  constructor(standIns: readonly Holder[]) {
    standIns.forEach((holder, argument) => {
      if (!this.cells.has(holder)) this.cellOf(holder, argument)
    })
  }

  /** Runs the function. Nothing is changed by it, whether it returns or throws. */
  record(f: () => unknown): Traced {
    // an argument stands in the way already
    if (this.obstacle !== null) return this.traced(null, [], [])
    try {
      const tree = withTracer(this, f)
      const leaves: Node[] = []
      const isThere = (thing: unknown) => requireSync('compile', thing)
      mapTree(tree, 'compile: the result', (leaf) => leaves.push(leaf), isThere, CompileError)
      const outputs = this.outputs()
      // what a mere function returns may be differentiated yet
      if (!this.isStep()) this.requireOwn(leaves as Holder[])
      const results = leaves.map((leaf, i): Returned => {
        const position = leaves.indexOf(leaf)
        if (position < i) return { kind: 'again', position }
        const cell = this.cellOf(leaf as Holder)
        if (cell !== null) return { kind: 'place', place: cell }
        const isTracked = (leaf.tracking & activeTracking()) !== 0
        const make = (value: Value) => (isTracked ? withHiddenPast(leaf, value, result) : leaf.make(value)) as Holder
        const term = this.termOf(this.valueOf(leaf as Holder))
        return { kind: 'output', index: outputs.push({ term, target: { kind: 'result', make } }) - 1 }
      })
      return this.traced(tree, results, outputs)
    } finally {
      for (const { holder, replacedAt } of this.cells.values()) holder.replacedAt = replacedAt
    }
  }

  private traced(tree: unknown, results: readonly Returned[], outputs: readonly Output[]): Traced {
    const cells = [...this.cells.values()]
    const cleared = cells.filter(({ collected }) => collected === null)
    const { checks, draws, guards, obstacle } = this
    return { tree, results, outputs, checks, cleared, draws, cells, guards, obstacle }
  }

  run(kernel: Kernel, inputs: readonly Value[], { shape, dtype }: Spec): Value {
    const args = inputs.map((input) => this.termOf(input))
    return new TracedValue({ kind: 'apply', spec: { shape, dtype }, kernel, args })
  }

  valueOf(holder: Holder): Value {
    const cell = this.cellOf(holder)
    // one that was made here, and perhaps lent to a user's JavaScript
    if (cell === null) return holder.stored ?? withTracer(null, () => holder.value)
    if (cell.written !== null) return cell.written
    cell.input ??= inputOf(specOf(holder), { kind: 'value', of: cell })
    return this.valueOfInput(cell.input)
  }

  replaceValue(holder: Holder, value: Value): void {
    const cell = this.cellOf(holder)
    if (cell === null) holder.stored = value
    else cell.written = value
  }

  gradientOf(holder: Holder): Holder | null {
    const cell = this.cellOf(holder)
    if (cell === null) return holder.collected
    if (cell.collected !== undefined) return cell.collected
    cell.found = gradientState(holder)
    if (cell.found === 'with a past') {
      this.obstacle ??= `the gradient of ${holder} was computed with createGraph outside, and may be differentiated`
    }
    if (cell.found === 'none') return null
    cell.gradient ??= holder.make(this.valueOfInput(inputOf(specOf(holder), { kind: 'gradient', of: cell })))
    return cell.gradient
  }

  replaceGradient(holder: Holder, gradient: Holder | null): void {
    const cell = this.cellOf(holder)
    if (cell === null) holder.collected = gradient
    else cell.collected = gradient
  }

  draw(spec: Spec, source: Drawing): Value {
    return this.valueOfInput(inputOf(spec, { kind: 'draw', index: this.draws.push(source) - 1 }))
  }

  guard(read: () => unknown, value: unknown): void {
    this.guards.push({ read, value })
  }

  call(
    inputs: readonly Value[],
    f: (inputs: readonly Value[]) => readonly (Value | null)[],
  ): readonly (Value | null)[] {
    const untraced = (given: readonly Value[]) => withTracer(null, () => withTracking(0, () => f(given)))
    // its results have the shapes that they have for other elements
    const sample = untraced(inputs.map(onesLike))
    // it may refer to what the program has changed by then
    const changed = [...this.cells.values()].filter(({ written }) => written !== null)
    const args = [...inputs, ...changed.map(({ written }) => written!)].map((value) => this.termOf(value))
    const called = (given: readonly Value[]) =>
      withStored(changed, given.slice(inputs.length), () => untraced(given.slice(0, inputs.length)))
    return sample.map((like, i) => {
      if (like === null) return null
      const spec = { shape: like.shape, dtype: like.dtype }
      const run = (given: readonly Value[]) => requireSpec(called(given)[i], spec)
      return new TracedValue({ kind: 'apply', spec, kernel: { kind: 'call', run }, args })
    })
  }

  verify(value: Value, look: (value: Value) => void): void {
    if (value instanceof TracedValue) this.checks.push({ term: value.term, look })
    else look(value)
  }

  /** What the trace knows of a tensor that is older than it; null for one that the function made. */
  private cellOf(holder: Holder, argument: number | null = null): Cell | null {
    const known = this.cells.get(holder)
    if (known !== undefined) return known
    if (holder.id > this.start) return null
    const { tracking, replacedAt } = holder
    const isResult = (holder as { readonly op?: unknown }).op != null
    if ((tracking & activeTracking() & (isResult ? ~0 : ~parameterBit)) !== 0) {
      this.obstacle ??= `it depends on ${holder}, which is being differentiated around it`
    }
    const cell: Cell = {
      ...{ holder, argument, tracking, replacedAt },
      ...{ found: null, input: null, written: null, gradient: null, collected: undefined },
    }
    this.cells.set(holder, cell)
    return cell
  }

  private valueOfInput(input: Input): TracedValue {
    let value = this.inputs.get(input)
    if (value === undefined) {
      value = new TracedValue(input)
      this.inputs.set(input, value)
    }
    return value
  }

  private termOf(value: Value): Term {
    if (value instanceof TracedValue) return value.term
    let constant = this.constants.get(value)
    if (constant === undefined) {
      constant = { kind: 'constant', spec: value, value }
      this.constants.set(value, constant)
    }
    return constant
  }

  private outputs(): Output[] {
    const outputs: Output[] = []
    for (const cell of this.cells.values()) {
      if (cell.written !== null) {
        const term = this.termOf(cell.written)
        if (term !== cell.input) outputs.push({ term, target: { kind: 'value', of: cell } })
      }
      const { collected } = cell
      if (collected == null || collected === cell.gradient) continue
      this.requireOwn([collected])
      outputs.push({ term: this.termOf(this.valueOf(collected)), target: { kind: 'gradient', of: cell } })
    }
    return outputs
  }

  /** Whether it does with parameters what a step of training does: then it is done with its results. */
  private isStep(): boolean {
    return [...this.cells.values()].some(
      ({ tracking, written, collected }) => collected != null || (written !== null && (tracking & parameterBit) !== 0),
    )
  }

  /** What is made here must have no past that someone outside could differentiate. */
  private requireOwn(holders: readonly Holder[]): void {
    for (const holder of holders) {
      if (holder.id > this.start && (holder.tracking & activeTracking()) !== 0) {
        this.obstacle ??= `its result ${holder} is to be differentiated outside; call backward() or grad() inside, or call it within noGrad()`
      }
    }
  }
}

/** Runs `f` while the tensors of some places have other values. */
const withStored = <R>(places: readonly Place[], values: readonly Value[], f: () => R): R => {
  const before = places.map(({ holder: { stored, keeper } }) => ({ stored, keeper }))
  places.forEach(({ holder }, i) => {
    holder.stored = share(values[i]!)
    holder.keeper = null
  })
  try {
    return f()
  } finally {
    places.forEach(({ holder }, i) => {
      Object.assign(holder, before[i])
    })
  }
}

const onesLike = ({ shape, dtype }: Spec): Value => denseValue(allocate(dtype, sizeOf(shape)).fill(1), shape, dtype)

const requireSpec = (value: Value | null | undefined, { shape, dtype }: Spec): Value => {
  if (value != null && value.dtype === dtype && sameShape(value.shape, shape)) return value
  const given = value == null ? 'nothing' : `${value.dtype}${formatShape(value.shape)}`
  throw new CompileError(
    `compile: a custom op that looks at elements gave ${given} where it gave ${dtype}${formatShape(shape)} as it was traced; ` +
      'its result must have a shape that does not depend on elements.',
  )
}

const inputOf = ({ shape, dtype }: Spec, source: Source): Input => ({ kind: 'input', spec: { shape, dtype }, source })
