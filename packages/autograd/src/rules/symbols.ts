import type { Algebra, Operand, Primitive } from './algebra.js'
import { everyday } from './everyday.js'
import type { Expression } from './expression.js'
import { numbers } from './numbers.js'
import type { Rule } from './rule.js'

export const input = (index: number): Expression => ({ kind: 'input', index })
/** The inputs of so many numbers, in order. */
export const inputs = (count: number, first = 0): Expression[] =>
  Array.from({ length: count }, (_, i) => input(first + i))
export const constant = (value: number): Expression => ({ kind: 'constant', value })

/** An operand as an expression. */
export const lift = (operand: Operand<Expression>): Expression =>
  typeof operand === 'number' ? constant(operand) : operand

/** How far the rewriting of nested selects goes: each constructor stays of constant cost. */
const depthLimit = 3

const isConstant = (e: Expression, value: number): boolean => e.kind === 'constant' && e.value === value

/** x of an expression `-x`. */
const negated = (e: Expression): Expression | undefined =>
  e.kind === 'apply' && e.rule === everyday.neg ? e.args[0] : undefined

/** The operands of a select. */
const choice = (e: Expression): readonly [Expression, Expression, Expression] | undefined =>
  e.kind === 'apply' && e.rule === everyday.select ? [e.args[0]!, e.args[1]!, e.args[2]!] : undefined

/** Whether two expressions are seen to be the same by a look at most `depthLimit` deep. */
const same = (a: Expression, b: Expression, depth = 0): boolean => {
  if (a === b) return true
  if (a.kind === 'input') return b.kind === 'input' && a.index === b.index
  if (a.kind === 'constant') return b.kind === 'constant' && Object.is(a.value, b.value)
  if (b.kind !== 'apply' || a.rule !== b.rule || depth === depthLimit) return false
  return a.args.every((arg, k) => same(arg, b.args[k]!, depth + 1))
}

/** The rule as a node, or its value if every operand is a constant. */
const node = (rule: Rule, ...args: Expression[]): Expression => {
  const values: number[] = []
  for (const arg of args) if (arg.kind === 'constant') values.push(arg.value)
  return values.length === args.length ? constant(rule.value(numbers, ...values)) : { kind: 'apply', rule, args }
}

/** A function of one operand, moved into the branches of a select if one of them is a constant, which then folds. */
const intoBranches = (x: Expression, f: (x: Expression, depth: number) => Expression, depth: number) => {
  const [condition, a, b] = choice(x) ?? []
  if (!condition || !a || !b || depth === depthLimit) return undefined
  return a.kind === 'constant' || b.kind === 'constant'
    ? select(condition, f(a, depth + 1), f(b, depth + 1))
    : undefined
}

const neg = (x: Expression, depth = 0): Expression =>
  negated(x) ??
  intoBranches(x, (branch, deeper) => (isConstant(branch, 0) ? branch : neg(branch, deeper)), depth) ??
  node(everyday.neg, x)

const abs = (x: Expression): Expression => node(everyday.abs, negated(x) ?? x)

const add = (a: Expression, b: Expression, depth = 0): Expression => {
  if (isConstant(a, 0)) return b
  if (isConstant(b, 0)) return a
  const minusA = negated(a)
  const minusB = negated(b)
  if (minusB) return sub(a, minusB)
  if (minusA) return sub(b, minusA)
  const choiceA = choice(a)
  const choiceB = choice(b)
  if (choiceA && choiceB && depth < depthLimit && same(choiceA[0], choiceB[0])) {
    return select(choiceA[0], add(choiceA[1], choiceB[1], depth + 1), add(choiceA[2], choiceB[2], depth + 1))
  }
  return node(everyday.add, a, b)
}

const sub = (a: Expression, b: Expression): Expression => {
  if (isConstant(b, 0)) return a
  if (isConstant(a, 0)) return neg(b)
  const minusB = negated(b)
  return minusB ? add(a, minusB) : node(everyday.sub, a, b)
}

const mul = (a: Expression, b: Expression, depth = 0): Expression => {
  if (isConstant(a, 1)) return b
  if (isConstant(b, 1)) return a
  if (isConstant(a, -1)) return neg(b)
  if (isConstant(b, -1)) return neg(a)
  const inner =
    a.kind === 'constant'
      ? intoBranches(b, (branch, deeper) => mul(a, branch, deeper), depth)
      : b.kind === 'constant' && intoBranches(a, (branch, deeper) => mul(branch, b, deeper), depth)
  if (inner) return inner
  const minusA = negated(a)
  const minusB = negated(b)
  return minusA && minusB ? mul(minusA, minusB) : node(everyday.mul, a, b)
}

const div = (a: Expression, b: Expression): Expression => {
  if (isConstant(b, 1)) return a
  return isConstant(b, -1) ? neg(a) : node(everyday.div, a, b)
}

const pow = (a: Expression, b: Expression): Expression => {
  if (isConstant(b, 0)) return constant(1)
  if (isConstant(b, 1)) return a
  return isConstant(b, 2) ? mul(a, a) : node(everyday.pow, a, b)
}

const select = (condition: Expression, a: Expression, b: Expression): Expression => {
  if (condition.kind === 'constant') return condition.value !== 0 ? a : b
  const choiceA = choice(a)
  const choiceB = choice(b)
  if (choiceA && same(choiceA[0], condition)) return select(condition, choiceA[1], b)
  if (choiceB && same(choiceB[0], condition)) return select(condition, a, choiceB[2])
  return same(a, b) ? a : node(everyday.select, condition, a, b)
}

const scale = (g: Expression, p: Expression, depth = 0): Expression => {
  if (isConstant(g, 0) || isConstant(p, 0)) return constant(0)
  if (g.kind === 'constant') return mul(g, p)
  if (p.kind === 'constant' && Number.isFinite(p.value)) return mul(g, p)
  const choiceG = choice(g)
  const choiceP = choice(p)
  if (choiceP && depth < depthLimit) {
    return select(choiceP[0], scale(g, choiceP[1], depth + 1), scale(g, choiceP[2], depth + 1))
  }
  if (choiceG && depth < depthLimit && (isConstant(choiceG[1], 0) || isConstant(choiceG[2], 0))) {
    return select(choiceG[0], scale(choiceG[1], p, depth + 1), scale(choiceG[2], p, depth + 1))
  }
  return node(everyday.scale, g, p)
}

type Builder = (...args: Expression[]) => Expression

/** Only what IEEE arithmetic allows is simplified, save that x + 0, 0 - x and the minus of a select lose the sign of a zero. */
const simplifying = new Map<Rule, Builder>([
  [everyday.neg, (x) => neg(x)],
  [everyday.abs, abs],
  [everyday.add, (a, b) => add(a, b)],
  [everyday.sub, sub],
  [everyday.mul, (a, b) => mul(a, b)],
  [everyday.div, div],
  [everyday.pow, pow],
  [everyday.select, select],
  [everyday.scale, (g, p) => scale(g, p)],
])

const apply = (rule: Rule, ...operands: Operand<Expression>[]): Expression => {
  const args = operands.map(lift)
  return simplifying.get(rule)?.(...args) ?? node(rule, ...args)
}

const functions = Object.fromEntries(
  Object.values<Rule>(everyday)
    .filter((rule) => rule.primitive)
    .map((rule) => [rule.name, (...operands: Operand<Expression>[]) => apply(rule, ...operands)]),
) as unknown as { readonly [K in Primitive]: Algebra<Expression>[K] }

/**
 * The algebra of expressions. An applied rule that is no primitive stays one node, so that its own partials are used;
 * `lower` expands it.
 */
export const symbols: Algebra<Expression> = { ...functions, constant, apply }
