import type { Algebra, Operand, Rule } from '../rules/algebra.js'
import { rules } from '../rules/table.js'
import { applied, knownOf, Num, type Scalar } from './num.js'

/** Rules over whatever numbers there are: so a derivative, which is an expression, is computed where outer differentiations follow. */
export const nums: Algebra<Scalar> = {
  ...(Object.fromEntries(
    Object.values<Rule>(rules).map((rule) => [rule.name, (...operands: Operand<Scalar>[]) => applied(rule, operands)]),
  ) as unknown as Algebra<Scalar>),
  constant: (value) => value,
  apply: (rule, ...operands) => applied(rule, operands),
}

class Constant extends Num {
  readonly level = 0
  constructor(readonly known: number) {
    super()
  }
  apply(rule: Rule, operands: readonly Scalar[]): Num {
    // constants alone: any other has a greater level
    return new Constant(applied(rule, operands.map(knownOf)) as number)
  }
}

/**
 * A number as a Num that nothing is differentiated by.
 *
 * @example constant(2).pow(3).value   // 8
 */
export const constant = (value: number): Num => new Constant(value)
