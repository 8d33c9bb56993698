import type { Algebra, Operand } from './algebra.js'
import type { BinaryRule, ParametricRule, Rule, TernaryRule, UnaryRule } from './rule.js'
import { rules } from './table.js'

type Method<T, R> = R extends UnaryRule
  ? (x: Operand<T>) => T
  : R extends BinaryRule | ParametricRule
    ? (a: Operand<T>, b: Operand<T>) => T
    : R extends TernaryRule
      ? (a: Operand<T>, b: Operand<T>, c: Operand<T>) => T
      : never

/** An algebra with every rule of the table as a method, not only the primitives. */
export type FullAlgebra<T> = Algebra<T> & {
  readonly [Name in keyof typeof rules]: Method<T, (typeof rules)[Name]>
}

const known = new WeakMap<object, unknown>()

/** The algebra that functions of users are written over. */
export const complete = <T>(m: Algebra<T>): FullAlgebra<T> => {
  let full = known.get(m) as FullAlgebra<T> | undefined
  if (full === undefined) {
    const applied = Object.values<Rule>(rules).map(
      (rule) => [rule.name, (...operands: Operand<T>[]) => m.apply(rule, ...operands)] as const,
    )
    full = { ...Object.fromEntries(applied), ...m } as FullAlgebra<T>
    known.set(m, full)
  }
  return full
}
