import type { Rule } from '../rules/algebra.js'
import { numbers } from '../rules/numbers.js'
import { rules } from '../rules/table.js'
import { type Context, type Rounds, within } from './context.js'
import { general, innermost, knownOf, Num, nextLevel, outOfPlace, type Scalar, settled } from './num.js'
import { nums } from './nums.js'
import { codeOf, inputCode, none, ruleOf } from './recording/codes.js'
import { Copier } from './recording/copy.js'
import { noted } from './recording/formula.js'
import { addLoop } from './recording/loop.js'
import { type LoopInput, Recording } from './recording/recording.js'
import { Rerun } from './recording/rerun.js'

/**
 * A function that is run once to see what it computes: nodes of its inputs, and of whatever Nums of outer differentiations it
 * refers to.
 */
export class Trace {
  readonly level = nextLevel()
  readonly recording: Recording
  /** What stands for each input: the arguments, then what was referred to. */
  readonly sources: Scalar[] = []
  private readonly captured = new Map<Num, number>()
  /** The innermost differentiation that one of them belongs to. */
  private inner: Num | null = null
  private isOpen = true

  /** @param primitivesOnly see Recording */
  constructor(primitivesOnly = false) {
    this.recording = new Recording(primitivesOnly)
  }

  /** Runs the function on Nums that stand for the arguments. */
  run<T>(args: readonly Scalar[], f: (symbols: readonly Num[]) => T): T {
    try {
      const symbols = args.map((arg) => new Sym(this, this.input(settled(arg))))
      return within(this.context(), () => f(symbols))
    } finally {
      this.isOpen = false
    }
  }

  protected context(): Context {
    const lift = (value: number): Num => new Sym(this, this.recording.constant(value))
    return { lift, rounds: isInRound ? null : (...rounds) => looped(this, ...rounds) }
  }

  private input(source: Scalar): number {
    if (this.isOpen && typeof source !== 'number') this.inner = innermost([source, this.inner ?? 0])
    return this.recording.input(this.sources.push(source) - 1, knownOf(source))
  }

  /** The node of an operand or of a result of a method. */
  nodeOf(given: Scalar, method: string): number {
    if (typeof given === 'number') return this.recording.constant(given)
    if (given instanceof Sym && given.trace === this) return given.node
    return given.level === 0 ? this.recording.constant(given.known) : this.outer(given, method)
  }

  /** The nodes of what a function returned, or of what is to be computed with it. */
  nodesOf(results: readonly Scalar[]): number[] {
    return results.map((result) => this.nodeOf(result, 'return'))
  }

  /** The node that stands for a Num of an outer differentiation. */
  protected outer(given: Num, _method: string): number {
    let node = this.captured.get(given)
    if (node === undefined) {
      node = this.input(given)
      this.captured.set(given, node)
    }
    return node
  }

  /** Throws if a number may not be read, because what it is will be known only when the program is run. */
  refuseReading(): void {
    for (const source of this.sources) if (typeof source !== 'number') void source.value
  }

  private requireOpen(method: string): void {
    if (!this.isOpen) throw outOfPlace(method, false)
  }

  apply(rule: Rule, operands: readonly Scalar[]): Sym {
    const { name } = rule
    const a = this.nodeOf(operands[0]!, name)
    const b = operands.length > 1 ? this.nodeOf(operands[1]!, name) : none
    const c = operands.length > 2 ? this.nodeOf(operands[2]!, name) : none
    return this.noted(rule, codeOf(rule), a, b, c)
  }

  noted(rule: Rule, code: number, a: number, b: number, c: number): Sym {
    this.requireOpen(rule.name)
    return new Sym(this, noted(this.recording, code, a, b, c))
  }

  /** A comparison that the program goes by: what it says. */
  decide(rule: Rule, operands: readonly Scalar[]): boolean {
    const { node } = this.apply(rule, operands)
    // at once: what goes by unknown numbers might never end
    if (operands.some((operand) => Number.isNaN(knownOf(operand)))) this.passGuard(node)
    return this.recording.decided(node)
  }

  /** What comparisons have said is told to the outer differentiations that rely on it. */
  passGuards(): void {
    for (const { node } of this.recording.guards) this.passGuard(node)
  }

  private passGuard(node: number): void {
    if (this.recording.isConstant(node)) return
    const { a, b, c, code } = this.recording
    const operands = this.computed([a[node]!, b[node]!, c[node]!].filter((operand) => operand !== none))
    innermost(operands)?.decide(ruleOf(code[node]!), operands)
  }

  private target: { readonly trace: Trace | null; readonly computed: (nodes: ArrayLike<number>) => Scalar[] } | null =
    null

  /**
   * Nodes as Nums of the outer differentiations, which so follow what is computed.
   *
   * @param more Nums that they depend on besides those that the function was given or referred to
   */
  computed(nodes: ArrayLike<number>, more: readonly Scalar[] = []): Scalar[] {
    const inner = innermost([this.inner ?? 0, ...more])
    const trace = inner instanceof Sym ? inner.trace : null
    trace?.requireOpen('a derivative')
    if (this.target === null || this.target.trace !== trace) {
      this.target = { trace, computed: trace === null ? this.rerun() : this.copied(trace) }
    }
    return this.target.computed(nodes)
  }

  private copied(into: Trace): (nodes: ArrayLike<number>) => Scalar[] {
    const inputAt = (index: number) => into.nodeOf(this.sources[index]!, 'a derivative')
    const copier = new Copier(this.recording, into.recording, inputAt)
    return (nodes) => Array.from(copier.nodesOf(nodes), (node) => new Sym(into, node))
  }

  private rerun(): (nodes: ArrayLike<number>) => Scalar[] {
    const rerun = new Rerun(this.recording, nums, (index) => this.sources[index]!)
    return (nodes) => rerun.resultsOf(nodes)
  }
}

/** Loops do not stand in loops: those inside are run round by round. */
let isInRound = false

/** What a round depends on, and not only its result: it is run for each. */
class Unforeseen extends Error {}

/** One round of a loop, with Nums for what changes from round to round. */
class Round extends Trace {
  isForeseen = true

  constructor(
    private readonly around: Trace,
    /** So many inputs change; what else it refers to does not. */
    private readonly changing: number,
  ) {
    super()
  }

  override run<T>(args: readonly Scalar[], f: (symbols: readonly Num[]) => T): T {
    isInRound = true
    try {
      return super.run(args, f)
    } finally {
      isInRound = false
    }
  }

  protected override outer(given: Num, method: string): number {
    const { recording } = this.around
    const isConstant = given instanceof Sym && given.trace === this.around && recording.isConstant(given.node)
    return isConstant ? this.recording.constant(given.known) : super.outer(given, method)
  }

  override decide(rule: Rule, operands: readonly Scalar[]): boolean {
    const nodes = operands.map((operand) => this.nodeOf(operand, rule.name))
    const { code, a } = this.recording
    const changes = (node: number): boolean => code[node] === inputCode && a[node]! < this.changing
    if (this.recording.needed(nodes).some(changes)) throw this.unforeseen()
    const outside = this.computed(nodes)
    return innermost(outside)?.decide(rule, outside) ?? rule.value(numbers, ...outside.map(knownOf)) !== 0
  }

  override refuseReading(): void {
    throw this.unforeseen()
  }

  private unforeseen(): Unforeseen {
    this.isForeseen = false
    return new Unforeseen()
  }
}

/** Rounds as a loop of a recording, or null where they are to be run one by one. */
const looped = (around: Trace, ...[count, state, columns, round]: Parameters<Rounds>): ReturnType<Rounds> => {
  const body = new Round(around, state.length + columns.length)
  const first = [...state, ...columns.map((column) => column[0]!)].map(knownOf)
  let next: readonly number[]
  let outputs: readonly number[]
  try {
    ;[next, outputs] = body.run(first, (symbols) => {
      const found = round(symbols.slice(0, state.length), symbols.slice(state.length))
      return [body.nodesOf(found.state), body.nodesOf(found.outputs)]
    })
  } catch (error) {
    if (error instanceof Unforeseen) return null
    throw error
  }
  // also where the function has caught what was to end it
  if (!body.isForeseen) return null
  const nodeOf = (given: Scalar): number => around.nodeOf(given, 'a loop')
  const inputs: LoopInput[] = [
    ...state.map((each, i) => ({ kind: 'carry' as const, initial: nodeOf(each), next: next[i]! })),
    ...columns.map((column) => ({ kind: 'column' as const, nodes: Int32Array.from(column, nodeOf) })),
    ...body.sources.slice(first.length).map((source) => ({ kind: 'invariant' as const, node: nodeOf(source) })),
  ]
  const { recording } = around
  const loop = addLoop(recording, { body: body.recording, inputs, outputs, count, isReversed: false })
  const resultOf = (number: number, at: number): Num => new Sym(around, recording.resultOf(loop, number, at))
  return {
    state: state.map((_, i) => resultOf(i, none)),
    outputs: Array.from({ length: count }, (_, at) => outputs.map((_, k) => resultOf(k, at))),
  }
}

/** A Num that is a node of what a function computes. */
export class Sym extends Num {
  constructor(
    readonly trace: Trace,
    readonly node: number,
  ) {
    super()
  }

  get level(): number {
    return this.trace.level
  }

  get known(): number {
    return this.trace.recording.value[this.node]!
  }

  override get value(): number {
    this.trace.refuseReading()
    return this.known
  }

  apply(rule: Rule, operands: readonly Scalar[]): Num {
    return this.trace.apply(rule, operands)
  }

  override decide(rule: Rule, operands: readonly Scalar[]): boolean {
    return this.trace.decide(rule, operands)
  }
}

/** The methods of a rule of so many operands, where all are of one trace. */
const methods: readonly ((rule: Rule) => (this: Sym, ...rest: readonly Scalar[]) => Num)[] = [
  general,
  (rule) => {
    const code = codeOf(rule)
    const otherwise = general(rule)
    return function (...rest) {
      return rest.length === 0 ? this.trace.noted(rule, code, this.node, none, none) : otherwise.call(this, ...rest)
    }
  },
  (rule) => {
    const code = codeOf(rule)
    const otherwise = general(rule)
    return function (...rest) {
      const other = rest[0]
      if (rest.length === 1 && (typeof other === 'number' || (other instanceof Sym && other.trace === this.trace))) {
        return this.trace.noted(rule, code, this.node, this.trace.nodeOf(other, rule.name), none)
      }
      return otherwise.call(this, ...rest)
    }
  },
  general,
]

for (const rule of Object.values<Rule>(rules)) {
  const value = methods[rule.arity]!(rule)
  Object.defineProperty(Sym.prototype, rule.name, { value, writable: true, configurable: true })
}
