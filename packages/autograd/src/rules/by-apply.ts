import type { Algebra, Operand, Rule } from './algebra.js'
import { rules } from './table.js'

/** The algebra in which every rule of the table is what one function makes of it, and a constant is the number. */
export const byApply = <T>(apply: (rule: Rule, operands: Operand<T>[]) => T | number): Algebra<T | number> => ({
  ...(Object.fromEntries(
    Object.values<Rule>(rules).map((rule) => [rule.name, (...operands: Operand<T>[]) => apply(rule, operands)]),
  ) as unknown as Algebra<T | number>),
  constant: (value) => value,
  apply: (rule, ...operands) => apply(rule, operands as Operand<T>[]),
})
