import { type Algebra, expand } from './algebra.js'
import type { Expression } from './expression.js'
import { numbers } from './numbers.js'
import type { Rule } from './rule.js'
import { input, symbols } from './symbols.js'

/** Every node that the roots need, each once and after its arguments. */
export const inOrder = (roots: readonly Expression[]): Expression[] => {
  const ordered: Expression[] = []
  const done = new Set<Expression>()
  const stack = roots.toReversed()
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!
    if (!done.has(node)) {
      const waiting = node.kind === 'apply' ? node.args.filter((arg) => !done.has(arg)) : []
      if (waiting.length > 0) {
        stack.push(...waiting)
        continue
      }
      done.add(node)
      ordered.push(node)
    }
    stack.pop()
  }
  return ordered
}

/** The expressions computed in an algebra: shared subexpressions once, also between the roots. */
export const interpret = <T>(roots: readonly Expression[], m: Algebra<T>, inputAt: (index: number) => T): T[] => {
  const results = new Map<Expression, T>()
  for (const node of inOrder(roots)) {
    if (node.kind === 'input') results.set(node, inputAt(node.index))
    else if (node.kind === 'constant') results.set(node, m.constant(node.value))
    else {
      const args = node.args.map((arg) => results.get(arg)!)
      results.set(node, node.rule.primitive ? node.rule.value(m, ...args) : m.apply(node.rule, ...args))
    }
  }
  return roots.map((root) => results.get(root)!)
}

const interpretOne = <T>(expression: Expression, m: Algebra<T>, inputAt: (index: number) => T): T =>
  interpret([expression], m, inputAt)[0]!

/** The number that an expression gives. */
export const evaluate = (expression: Expression, inputs: readonly number[]): number =>
  interpretOne(expression, numbers, (index) => inputs[index] ?? NaN)

/** The expression with `replacements[i]` in the place of input i; inputs without one stay. */
export const substitute = (expression: Expression, replacements: readonly (Expression | undefined)[]): Expression =>
  interpretOne(expression, symbols, (index) => replacements[index] ?? input(index))

/** The indices of the inputs that occur, in ascending order. */
export const inputsOf = (expression: Expression): number[] => {
  const indices = new Set<number>()
  for (const node of inOrder([expression])) if (node.kind === 'input') indices.add(node.index)
  return [...indices].sort((a, b) => a - b)
}

const expanding: Algebra<Expression> = {
  ...symbols,
  apply: (rule, ...operands) => (rule.primitive ? symbols.apply(rule, ...operands) : expand(expanding, rule, operands)),
}

/** What backends run: primitives only, and equal subexpressions are one object. */
export const lower = (expression: Expression): Expression => shareEqual(interpretOne(expression, expanding, input))

/** The same expression with equal subexpressions as one object. */
export const shareEqual = (expression: Expression): Expression => {
  const byKey = new Map<string, Expression>()
  const shared = new Map<Expression, Expression>()
  const ids = new Map<Expression | Rule, number>()
  const idOf = (part: Expression | Rule): number => {
    let id = ids.get(part)
    if (id === undefined) {
      id = ids.size
      ids.set(part, id)
    }
    return id
  }
  for (const node of inOrder([expression])) {
    let key: string
    let candidate = node
    if (node.kind === 'input') key = `input ${node.index}`
    else if (node.kind === 'constant') key = Object.is(node.value, -0) ? '-0' : String(node.value)
    else {
      const args = node.args.map((arg) => shared.get(arg)!)
      candidate = { ...node, args }
      key = `${idOf(node.rule)}(${args.map(idOf).join()})`
    }
    const known = byKey.get(key)
    if (known === undefined) byKey.set(key, candidate)
    shared.set(node, known ?? candidate)
  }
  return shared.get(expression)!
}
