import type { Node } from '../graph/node.js'
import { differentiate, lower, partialsOf, toExpression } from '../rules/derive.js'
import type { Expression } from '../rules/expression.js'
import { print } from '../rules/print.js'
import type { Rule } from '../rules/rule.js'
import { rules } from '../rules/table.js'

/** An elementwise op as expressions over its inputs and, as the last, its result. */
export interface Formula {
  /** What it computes; null for a function of the table, whose name says it. */
  readonly value: Expression | null
  readonly partials: readonly Expression[]
}

const table: ReadonlyMap<string, Rule> = new Map(Object.values(rules).map((rule) => [rule.name, rule]))
const text = (expression: Expression): string => print(expression, [])

/** The formula of the op that made a node; null if it is not elementwise. */
export const formulaOf = ({ op, inputs, attrs, value }: Node): Formula | null => {
  if (op === null || op.compute !== undefined) return null
  const kernel = op.kernel(inputs, attrs, value)
  if (kernel.kind !== 'map') return null
  const { expression, arity } = kernel
  const rule = table.get(op.name)
  // someone's own op may have the name of a function of the table
  if (rule !== undefined && text(lower(toExpression(rule))) === text(expression)) {
    return { value: null, partials: partialsOf(rule) }
  }
  return { value: expression, partials: differentiate(expression, arity) }
}
