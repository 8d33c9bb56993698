import { type Algebra, expand } from './algebra.js'
import { everyday } from './everyday.js'
import type { Expression } from './expression.js'
import type { Rule } from './rule.js'
import { inputs, symbols } from './symbols.js'

/** The algebra of expressions over int32 elements: products and powers keep their last 32 bits, however large they are. */
const integers: Algebra<Expression> = {
  ...symbols,
  mul: (a, b) => symbols.apply(everyday.integerMul, a, b),
  pow: (a, b) => symbols.apply(everyday.integerPow, a, b),
  apply: (rule, ...operands) =>
    rule.numeric === undefined ? expand(integers, rule, operands) : symbols.apply(rule, ...operands),
}

/** What a rule is between int32 elements, over inputs 0..arity-1. */
export const toIntegerExpression = (rule: Rule): Expression => rule.value(integers, ...inputs(rule.arity))
