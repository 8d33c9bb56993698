import type { Expression } from '../../rules/expression.js'
import { print } from '../../rules/print.js'

/** Texts of expressions as pieces, between which the names of inputs stand, by their indices. */
const texts = new WeakMap<Expression, readonly (string | number)[]>()

/** An expression in these names. An op's is laid out once, for it is printed at each of its nodes. */
export const formulaText = (expression: Expression, names: readonly string[]): string => {
  let pieces = texts.get(expression)
  if (pieces === undefined) {
    const marked = print(
      expression,
      names.map((_, i) => `\u0000${i}\u0000`),
    )
    pieces = marked.split('\u0000').map((piece, i) => (i % 2 === 0 ? piece : Number(piece)))
    texts.set(expression, pieces)
  }
  return pieces.map((piece) => (typeof piece === 'string' ? piece : names[piece])).join('')
}
