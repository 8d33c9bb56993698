import type { Rule } from '../rules/algebra.js'
import { partialOf } from '../rules/derive.js'
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
    const duals = operands.map((operand) => (this.isBeside(operand) ? operand : null))
    const primals = operands.map((operand, i) => duals[i]?.primal ?? operand)
    const result = applied(rule, primals)
    const places = [...primals, result]
    const tangents: Scalar[] = this.tangents.map(() => 0)
    duals.forEach((dual, i) => {
      if (dual === null) return
      const [partial] = partialOf(rule, i)(nums, (index) => places[index]!)
      dual.tangents.forEach((tangent, direction) => {
        const part = nums.scale(tangent, partial!)
        tangents[direction] = part === 0 ? tangents[direction]! : nums.add(tangents[direction]!, part)
      })
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
