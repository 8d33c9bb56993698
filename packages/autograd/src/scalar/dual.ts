import type { Rule } from '../rules/algebra.js'
import { partialOf, partialsOf } from '../rules/derive.js'
import type { Expression } from '../rules/expression.js'
import { numbers } from '../rules/numbers.js'
import { applied, innermost, knownOf, Num, type Scalar } from './num.js'
import { nums } from './nums.js'

/**
 * A number with its derivatives along some directions, carried along as it is computed (forward mode). Its parts may be numbers
 * that outer differentiations follow.
 */
export class Dual extends Num {
  constructor(
    readonly primal: Scalar,
    /** One for each direction. */
    readonly tangents: readonly Scalar[],
    readonly level: number,
  ) {
    super()
  }

  get known(): number {
    return knownOf(this.primal)
  }

  override get value(): number {
    return typeof this.primal === 'number' ? this.primal : this.primal.value
  }

  apply(rule: Rule, operands: readonly Scalar[]): Num {
    const places = operands.map((operand) => (this.isBeside(operand) ? operand.primal : operand))
    const result = applied(rule, places)
    places.push(result)
    const partials = partialsOf(rule)
    const tangents: Scalar[] = this.tangents.map(() => 0)
    operands.forEach((operand, i) => {
      if (!this.isBeside(operand)) return
      const partial = valueOf(partials[i]!, rule, i, places)
      if (partial === 0) return
      for (let k = 0; k < tangents.length; k++) tangents[k] = plus(tangents[k]!, times(operand.tangents[k]!, partial))
    })
    return new Dual(result, tangents, this.level)
  }

  /** Outer differentiations, and programs, rely on what is said of the primals. */
  override decide(rule: Rule, operands: readonly Scalar[]): boolean {
    const primals = operands.map((operand) => (this.isBeside(operand) ? operand.primal : operand))
    return innermost(primals)?.decide(rule, primals) ?? super.decide(rule, primals)
  }

  /** Whether an operand is a dual number of the same differentiation. */
  private isBeside(operand: Scalar): operand is Dual {
    return operand instanceof Dual && operand.level === this.level
  }
}

/** A partial derivative at operands and the result; most are a number or one of those. */
const valueOf = (partial: Expression, rule: Rule, operand: number, places: readonly Scalar[]): Scalar => {
  if (partial.kind === 'constant') return partial.value
  if (partial.kind === 'input') return places[partial.index]!
  return partialOf(rule, operand)(nums, (index) => places[index]!)[0]!
}

// as the algebra has them, without looking for who follows what is a number
const times = (tangent: Scalar, partial: Scalar): Scalar => {
  if (typeof tangent === 'number' && typeof partial === 'number') return numbers.scale(tangent, partial)
  return partial === 1 ? tangent : tangent === 0 ? 0 : nums.scale(tangent, partial)
}
const plus = (a: Scalar, b: Scalar): Scalar => {
  if (typeof a === 'number' && typeof b === 'number') return a + b
  return a === 0 ? b : b === 0 ? a : nums.add(a, b)
}
