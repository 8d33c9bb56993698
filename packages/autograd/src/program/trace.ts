import { isOpen } from '../graph/batched.js'
import { CompileError, GradientError } from '../graph/errors.js'
import { type Holder, settle, withValues } from '../graph/holder.js'
import type { Kernel, Look } from '../graph/kernel.js'
import { BatchedValue, escaped } from '../graph/level.js'
import { latestId, type Node } from '../graph/node.js'
import { formatShape, sameShape } from '../graph/shape.js'
import { counterValue, type Generator, refuseInCompiled, type Tracer, tracer, withTracer } from '../graph/tracer.js'
import { activeTracking, requireSync, withTracking } from '../graph/tracking.js'
import { mapTree } from '../graph/tree.js'
import { onesLike, type Spec, share, specOf, type Value } from '../graph/value.js'
import { input, symbols } from '../rules/symbols.js'
import { type Cell, type GradientState, gradientState } from './cell.js'
import type { Change, Check, Draws, Guard, Program } from './program.js'
import { type ConstantTerm, type InputTerm, type Source, type Term, TracedValue } from './term.js'

/**
 * A function as data. It runs once, without computing anything: ops become terms. Of a tensor that was there before it
 * reads an input, be it one of `inputs` or one that it refers to; what it does to such a tensor is an effect of the program,
 * and does not happen. What it makes is recorded for the differentiations that are active, as eagerly.
 *
 * Traces nest: within another one, a tensor of that is one from before.
 *
 * See docs/decisions/program-below-transforms.md.
 *
 * @param what whose function it is, for messages
 * @param inputs what `f` gets: nodes that stand for tensors of each call, or a tensor that is meant itself
 * @throws CompileError where `f` asks for elements, or gives a tree that holds itself
 */
export const traceProgram = (
  what: string,
  f: (inputs: readonly Node[]) => unknown,
  inputs: readonly Node[],
): Program => {
  const trace = new ProgramTracer(what, inputs as readonly Holder[])
  try {
    // a program of its own, that is computed again as a whole if at all
    const tree = withTime(null, () => withTracer(trace, () => f(inputs)))
    const tensors: Node[] = []
    const collect = (tensor: Node): Node => {
      tensors.push(tensor)
      return tensor
    }
    const other = (thing: unknown) => requireSync(what, thing)
    mapTree(tree, `${what}: the result`, collect, { other, buffer: collect, Failure: CompileError })
    return trace.program(tree, tensors as readonly Node[] as readonly Holder[])
  } finally {
    trace.end()
  }
}

let time = 0
let times = 0
let again: number | null = null

/** Runs `f`: what is traced meanwhile is computed again when it is needed, and not kept from when it was computed first. */
export const computedAgain = <R>(f: () => R): R => withTime(++times, f)

const withTime = <R>(next: number | null, f: () => R): R => {
  const before = again
  again = next
  try {
    return f()
  } finally {
    again = before
  }
}

/** What is known of a tensor from before while the trace is made. */
interface OpenCell extends Cell {
  found: GradientState | null
  /** To be put back. */
  readonly replacedAt: number
  input: InputTerm | null
  /** A value given to it, if it was. */
  written: Value | null
  /** Stands for the gradient that it had. */
  gradient: Holder | null
  /** A gradient given to it; null if it was taken away, undefined if neither. */
  collected: Holder | null | undefined
}

interface OpenDraws extends Draws {
  numbers: number
  readonly key: TracedValue
  /** That of the first number. */
  readonly counter: TracedValue
}

class ProgramTracer implements Tracer {
  readonly level = null
  readonly isCompiling = true
  readonly otherwise = 'compile() this would happen once, and not at each call'
  private readonly start = latestId()
  readonly around = tracer
  private readonly cells = new Map<Holder, OpenCell>()
  private readonly inputs = new Map<InputTerm, TracedValue>()
  private readonly constants = new Map<Value, ConstantTerm>()
  private readonly kept = new Map<BatchedValue, BatchedValue>()
  private readonly guards: Guard[] = []
  private readonly checks: Check[] = []
  private readonly draws: OpenDraws[] = []

  constructor(
    private readonly what: string,
    private readonly given: readonly Holder[],
  ) {
    given.forEach((holder, argument) => {
      if (!this.cells.has(holder)) this.meet(holder, argument)
    })
  }

  program(tree: unknown, tensors: readonly Holder[]): Program {
    const outputs = tensors.map((tensor) => ({
      tensor,
      term: this.termOf(this.valueOf(tensor)),
      cell: this.cellOf(tensor),
    }))
    const changes = this.changes()
    const { checks, draws, guards } = this
    const cells = [...this.cells.values()]
    return {
      inputs: this.given.map((holder) => this.cells.get(holder)!.input),
      captured: cells.flatMap(({ holder, argument, input }) =>
        argument === null && input !== null ? [{ tensor: holder, term: input }] : [],
      ),
      tree,
      outputs,
      effects: { changes, draws, checks, guards },
      cells,
    }
  }

  /** The tensors from before are as they were. */
  end(): void {
    for (const { holder, replacedAt } of this.cells.values()) holder.replacedAt = replacedAt
  }

  run(kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]): readonly TracedValue[] {
    const args = inputs.map((input) => this.termOf(input))
    const specs = outs.map(({ shape, dtype }): Spec => ({ shape, dtype }))
    const made = { time: ++time, again }
    if (specs.length === 1) return [new TracedValue({ kind: 'apply', spec: specs[0]!, kernel, args, made }, this)]
    const of = { kernel, args, specs, made }
    return specs.map((spec, index) => new TracedValue({ kind: 'part', spec, of, index }, this))
  }

  valueOf(holder: Holder): Value {
    const cell = this.cellOf(holder)
    // one that was made here, and perhaps lent to a user's JavaScript
    if (cell === null) return holder.stored ?? withTracer(null, () => holder.value)
    if (cell.written !== null) return cell.written
    const { stored } = holder
    if (stored instanceof BatchedValue && !isOpen(stored.level, this.around)) return this.valueOfKept(stored, holder)
    cell.input ??= inputOf(specOf(holder), { kind: 'value', of: cell })
    return this.valueOfInput(cell.input)
  }

  /** Of what is kept of a function that was mapped, as a pullback does: the examples are an input, at their level here as well. */
  private valueOfKept(value: Value, holder: Holder): Value {
    if (!(value instanceof BatchedValue) || isOpen(value.level, this.around)) {
      const { holder: of } = this.meet(holder.make(value), null)
      return this.valueOf(of)
    }
    if ((holder.tracking & activeTracking()) !== 0) {
      throw new GradientError(
        `${escaped(value).message} If what vjp or linearize made keeps it, call these inside of ${this.what} as well, for here it ` +
          'may be differentiated.',
      )
    }
    let known = this.kept.get(value)
    if (known === undefined) {
      known = new BatchedValue(value, value.level, this.valueOfKept(value.all, holder), value.areEqual)
      this.kept.set(value, known)
    }
    return known
  }

  replaceValue(holder: Holder, value: Value): void {
    const cell = this.cellOf(holder)
    if (cell === null) settle(holder, value)
    else cell.written = value
  }

  beginLeaf(): void {
    refuseInCompiled('requiresGrad', 'set it outside')
  }

  gradientOf(holder: Holder): Holder | null {
    const cell = this.cellOf(holder)
    if (cell === null) return holder.collected
    if (cell.collected !== undefined) return cell.collected
    cell.found = gradientState(this.around === null ? holder.collected : this.around.gradientOf(holder))
    if (cell.found === 'none') return null
    cell.gradient ??= holder.make(this.valueOfInput(inputOf(specOf(holder), { kind: 'gradient', of: cell })))
    return cell.gradient
  }

  replaceGradient(holder: Holder, gradient: Holder | null): void {
    const cell = this.cellOf(holder)
    if (cell === null) holder.collected = gradient
    else cell.collected = gradient
  }

  draw(generator: Generator, numbers: number): readonly [key: Value, counter: Value] {
    const draws = this.drawsOf(generator)
    const { key, counter, numbers: before } = draws
    draws.numbers += numbers
    if (before === 0) return [key, counter]
    return [
      key,
      this.run({ kind: 'map', expression: symbols.add(input(0), before), arity: 1 }, [counter], [counter])[0]!,
    ]
  }

  private drawsOf(generator: Generator): OpenDraws {
    const known = this.draws.find((draws) => draws.generator === generator)
    if (known !== undefined) return known
    const key = this.valueOfInput(inputOf(generator.key, { kind: 'key', of: generator }))
    const counter = this.valueOfInput(inputOf(counterValue(generator), { kind: 'counter', of: generator }))
    const draws = { generator, numbers: 0, key, counter }
    this.draws.push(draws)
    return draws
  }

  guard(read: () => unknown, value: unknown): void {
    this.guards.push({ read, value })
    // what holds for a part holds for the whole
    this.around?.guard(read, value)
  }

  call(inputs: readonly Value[], f: Look, like?: readonly Spec[]): readonly (Value | null)[] {
    const { forAll } = f
    const untraced = <R>(g: () => R): R => withTracer(null, () => withTracking(0, g))
    // its results have the shapes that they have for other elements
    const sample: readonly (Spec | null)[] = like ?? untraced(() => f(inputs.map(onesLike)))
    // it may refer to what the program has changed by then
    const changed = forAll ? [] : [...this.cells.values()].filter(({ written }) => written !== null)
    const holders = changed.map(({ holder }) => holder)
    const args = [...inputs, ...changed.map(({ written }) => written!)]
    const called = (given: readonly Value[]) =>
      withValues(holders, given.slice(inputs.length).map(share), () => untraced(() => f(given.slice(0, inputs.length))))
    // what gives nothing is left out
    const places = [...sample.keys()].filter((i) => sample[i] !== null)
    const specs = places.map((i) => sample[i]!)
    const alone = (given: readonly Value[]) => {
      const found = called(given)
      return places.map((place, i) => requireSpec(found[place], specs[i]!))
    }
    const together = (forAll: NonNullable<Look['forAll']>): Look<Value>['forAll'] => {
      return (sizes, given) => {
        const found = untraced(() => forAll(sizes, given))
        return places.map((place) => found[place]!)
      }
    }
    const run: Look<Value> = forAll ? Object.assign(alone, { forAll: together(forAll) }) : alone
    const results = this.run({ kind: 'call', run }, args, specs)
    return sample.map((like, i) => (like === null ? null : results[places.indexOf(i)]!))
  }

  verify(value: Value, look: (value: Value) => void): void {
    if (value instanceof TracedValue) this.checks.push({ term: this.termOf(value), look })
    else look(value)
  }

  /** What the trace knows of a tensor from before; null for one that the function made. */
  private cellOf(holder: Holder): OpenCell | null {
    return this.cells.get(holder) ?? (holder.id > this.start ? null : this.meet(holder, null))
  }

  private meet(holder: Holder, argument: number | null): OpenCell {
    const { tracking, replacedAt } = holder
    const cell: OpenCell = {
      holder,
      argument,
      tracking,
      recorded: tracking & activeTracking(),
      replacedAt,
      found: null,
      input: null,
      written: null,
      gradient: null,
      collected: undefined,
    }
    this.cells.set(holder, cell)
    return cell
  }

  private valueOfInput(input: InputTerm): TracedValue {
    let value = this.inputs.get(input)
    if (value === undefined) {
      value = new TracedValue(input, this)
      this.inputs.set(input, value)
    }
    return value
  }

  private termOf(value: Value): Term {
    if (value instanceof TracedValue) {
      if (value.trace === this) return value.term
      throw new CompileError(
        `${this.what}: a tensor (${value.dtype}${formatShape(value.shape)}) is used that another traced function made for ` +
          'itself, such as the body of a loop: it has no value outside of that. Return it from there.',
      )
    }
    let constant = this.constants.get(value)
    if (constant === undefined) {
      constant = { kind: 'constant', spec: value, value }
      this.constants.set(value, constant)
    }
    return constant
  }

  private changes(): Change[] {
    const changes: Change[] = []
    for (const cell of this.cells.values()) {
      const { written, collected, input, gradient } = cell
      if (written !== null) {
        const term = this.termOf(written)
        if (term !== input) changes.push({ kind: 'value', of: cell, term })
      }
      if (collected === null) changes.push({ kind: 'clear', of: cell })
      else if (collected !== undefined && collected !== gradient) {
        changes.push({ kind: 'gradient', of: cell, term: this.termOf(this.valueOf(collected)), gradient: collected })
      }
    }
    return changes
  }
}

const inputOf = ({ shape, dtype }: Spec, source: Source): InputTerm => ({
  kind: 'input',
  spec: { shape, dtype },
  source,
})

const requireSpec = (value: Value | null | undefined, { shape, dtype }: Spec): Value => {
  if (value != null && value.dtype === dtype && sameShape(value.shape, shape)) return value
  const given = value == null ? 'nothing' : `${value.dtype}${formatShape(value.shape)}`
  throw new CompileError(
    `compile: a custom op that looks at elements gave ${given} where it gave ${dtype}${formatShape(shape)} as it was traced; ` +
      'its result must have a shape that does not depend on elements.',
  )
}
