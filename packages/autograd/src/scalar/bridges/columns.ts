import { type ElementwiseFunction, fromRule, type Operand } from '../../ops/elementwise.js'
import type { Algebra, Rule } from '../../rules/algebra.js'
import { byApply } from '../../rules/by-apply.js'

const ops = new WeakMap<Rule, ElementwiseFunction>()

/** The op of a rule over floats alone: truth values are 0 and 1, as they are to Nums. */
export const opOf = (rule: Rule): ElementwiseFunction => {
  let op = ops.get(rule)
  if (op === undefined) {
    op = fromRule<Rule>({ ...rule, result: 'float', conditions: [] }, true)
    ops.set(rule, op)
  }
  return op
}

/** Rules over whole tensors of one element of each row. */
export const columns: Algebra<Operand> = byApply((rule, operands) => opOf(rule)(...operands))
