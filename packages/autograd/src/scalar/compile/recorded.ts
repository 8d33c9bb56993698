import { GradientError } from '../../graph/errors.js'
import { expand, type Rule } from '../../rules/algebra.js'
import { Num, nextLevel, outOfPlace, type Scalar } from '../num.js'
import { nums } from '../nums.js'
import { codeOf, none, Recording } from './recording.js'
import { simplified } from './simplify.js'

/** A function being run to see what it computes, for such numbers. */
export class Tracing {
  readonly level = nextLevel()
  readonly recording = new Recording()
  private isOpen = true

  run<T>(given: readonly number[], f: (inputs: readonly Num[]) => T): T {
    try {
      return f(given.map((value, i) => new Recorded(this, this.recording.input(i, value))))
    } finally {
      this.isOpen = false
    }
  }

  constant(value: number): Num {
    return new Recorded(this, this.recording.constant(value))
  }

  /** The node of an operand or of a result. */
  nodeOf(operand: Scalar, method: string): number {
    if (typeof operand === 'number') return this.recording.constant(operand)
    if (operand instanceof Recorded && operand.scope === this) return operand.node
    if (operand.level === 0) return this.recording.constant(operand.known)
    throw new GradientError(
      `scalar.compile: ${method} is given a Num of an outer differentiation, which a program of numbers cannot follow. Pass it to the ` +
        'compiled function as an argument.',
    )
  }

  apply(rule: Rule, operands: readonly Scalar[]): Recorded {
    if (!this.isOpen) throw outOfPlace(rule.name, false)
    const { name } = rule
    const a = this.nodeOf(operands[0]!, name)
    const b = operands.length > 1 ? this.nodeOf(operands[1]!, name) : none
    const c = operands.length > 2 ? this.nodeOf(operands[2]!, name) : none
    return new Recorded(this, simplified(this.recording, codeOf(rule), a, b, c))
  }
}

/** A Num that is a node of what is being recorded. */
class Recorded extends Num {
  constructor(
    readonly scope: Tracing,
    readonly node: number,
  ) {
    super()
  }

  get level(): number {
    return this.scope.level
  }

  get known(): number {
    return this.scope.recording.value[this.node]!
  }

  override get value(): number {
    throw new GradientError(
      'scalar.compile: .value was read as the function was traced, and the program would have this one number for ever. Compute with ' +
        'Nums, branch by x.lt(y) and its like, or return what you want to see.',
    )
  }

  apply(rule: Rule, operands: readonly Scalar[]): Num {
    if (rule.primitive) return this.scope.apply(rule, operands)
    const result = expand(nums, rule, operands)
    return typeof result === 'number' ? this.scope.constant(result) : result
  }

  override decide(rule: Rule, operands: readonly Scalar[]): boolean {
    return this.scope.recording.decided(this.scope.nodeOf(this.apply(rule, operands), rule.name))
  }
}
