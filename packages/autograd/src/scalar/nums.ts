import type { Algebra, Operand, Rule } from '../rules/algebra.js'
import { rules } from '../rules/table.js'
import { applied, type Scalar } from './num.js'

/** Rules over whatever numbers there are: so a derivative, which is an expression, is computed where outer differentiations follow. */
export const nums: Algebra<Scalar> = {
  ...(Object.fromEntries(
    Object.values<Rule>(rules).map((rule) => [rule.name, (...operands: Operand<Scalar>[]) => applied(rule, operands)]),
  ) as unknown as Algebra<Scalar>),
  constant: (value) => value,
  apply: (rule, ...operands) => applied(rule, operands),
}
