import type { Rule } from '../rules/algebra.js'
import { rules } from '../rules/table.js'
import { general, innermost, knownOf, Num, nextLevel, outOfPlace, type Scalar, settled } from './num.js'
import { nums } from './nums.js'
import { codeOf, none, ruleOf } from './recording/codes.js'
import { Copier } from './recording/copy.js'
import { noted } from './recording/formula.js'
import { Recording } from './recording/recording.js'
import { Replay } from './recording/replay.js'

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
      return f(args.map((arg) => new Sym(this, this.input(settled(arg)))))
    } finally {
      this.isOpen = false
    }
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

  private around: { readonly trace: Trace | null; readonly computed: (nodes: ArrayLike<number>) => Scalar[] } | null =
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
    if (this.around === null || this.around.trace !== trace) {
      this.around = { trace, computed: trace === null ? this.replayed() : this.copied(trace) }
    }
    return this.around.computed(nodes)
  }

  private copied(into: Trace): (nodes: ArrayLike<number>) => Scalar[] {
    const inputAt = (index: number) => into.nodeOf(this.sources[index]!, 'a derivative')
    const copier = new Copier(this.recording, into.recording, inputAt)
    return (nodes) => Array.from(copier.nodesOf(nodes), (node) => new Sym(into, node))
  }

  private replayed(): (nodes: ArrayLike<number>) => Scalar[] {
    const replay = new Replay(this.recording, nums, (index) => this.sources[index]!)
    return (nodes) => replay.resultsOf(nodes)
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
