import type { Rule } from '../rules/algebra.js'
import type { Expression } from '../rules/expression.js'
import { numbers } from '../rules/numbers.js'
import { input, lift, symbols } from '../rules/symbols.js'
import { type Prepared, prepared } from '../rules/traverse.js'
import { innermost, knownOf, Num, nextLevel, outOfPlace, type Scalar, settled } from './num.js'
import { nums } from './nums.js'

/** What a comparison was found to say. */
interface Guard {
  readonly rule: Rule
  readonly operands: readonly Expression[]
}

/**
 * A function that is run once to see what it computes: expressions of its inputs, and of whatever Nums of outer differentiations it
 * refers to.
 */
export class Trace {
  readonly level = nextLevel()
  readonly guards: Guard[] = []
  /** What stands for each input: the arguments, then what was referred to. */
  readonly sources: Scalar[]
  private readonly captured = new Map<Num, Sym>()
  private isOpen = true

  constructor(args: readonly Scalar[]) {
    this.sources = args.map(settled)
  }

  /** Runs the function on symbols of the arguments. */
  run<T>(f: (symbols: readonly Num[]) => T): T {
    try {
      return f(this.sources.map((source, i) => new Sym(input(i), knownOf(source), this)))
    } finally {
      this.isOpen = false
    }
  }

  requireOpen(method: string): void {
    if (!this.isOpen) throw outOfPlace(method, false)
  }

  /** An operand or a result as an expression of the inputs. */
  expressionOf(given: Scalar): Expression {
    const operand = settled(given)
    if (typeof operand === 'number') return lift(operand)
    if (operand instanceof Sym && operand.trace === this) return operand.expression
    let symbol = this.captured.get(operand)
    if (symbol === undefined) {
      symbol = new Sym(input(this.sources.push(operand) - 1), operand.known, this)
      this.captured.set(operand, symbol)
    }
    return symbol.expression
  }

  /** Throws if a number may not be read, because what it is will be known only when the program is run. */
  refuseReading(): void {
    for (const source of this.sources) if (typeof source !== 'number') void source.value
  }

  /** Expressions of the inputs, and of what comes after them, where outer differentiations follow what is computed. */
  computed(expressions: Prepared, more: readonly Scalar[] = []): Scalar[] {
    const places = [...this.sources, ...more]
    return expressions(nums, (index) => places[index]!)
  }

  /** What comparisons have said is told to the outer differentiations that rely on it. */
  passGuards(guards: readonly Guard[] = this.guards): void {
    if (guards.length === 0) return
    const operands = this.computed(prepared(guards.flatMap((guard) => guard.operands)))
    let at = 0
    for (const guard of guards) {
      const own = operands.slice(at, at + guard.operands.length)
      at += own.length
      innermost(own)?.decide(guard.rule, own)
    }
  }

  /** A comparison that the program goes by. */
  branchOn(guard: Guard, isKnown: boolean): void {
    this.guards.push(guard)
    // at once: what goes by unknown numbers might never end
    if (!isKnown) this.passGuards([guard])
  }
}

/** A Num that is an expression. */
export class Sym extends Num {
  constructor(
    readonly expression: Expression,
    readonly known: number,
    readonly trace: Trace,
  ) {
    super()
  }

  get level(): number {
    return this.trace.level
  }

  override get value(): number {
    this.trace.refuseReading()
    return this.known
  }

  apply(rule: Rule, operands: readonly Scalar[]): Num {
    this.trace.requireOpen(rule.name)
    const expression = symbols.apply(rule, ...operands.map((operand) => this.trace.expressionOf(operand)))
    return new Sym(expression, rule.value(numbers, ...operands.map(knownOf)), this.trace)
  }

  override decide(rule: Rule, operands: readonly Scalar[]): boolean {
    const expressions = operands.map((operand) => this.trace.expressionOf(operand))
    this.trace.branchOn({ rule, operands: expressions }, !operands.some((operand) => Number.isNaN(knownOf(operand))))
    return super.decide(rule, operands)
  }
}
