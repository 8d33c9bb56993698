import type { Expression } from '../rules/expression.js'
import type { Rule } from '../rules/rule.js'

/** What an elementwise op computes of each element, as expressions for a reader. */
export interface Formula {
  /** Over the inputs; null for a function of the table, whose name says it. */
  readonly value: Expression | null
  /** That function. */
  readonly rule?: Rule | undefined
  /** One for each input, over the inputs and, as the last, the result. */
  readonly partials: () => readonly Expression[]
}
