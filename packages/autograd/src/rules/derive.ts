import type { Apply, Expression } from './expression.js'
import type { Rule } from './rule.js'
import { constant, inputs, lift, symbols } from './symbols.js'
import { inOrder, interpret } from './traverse.js'

const zero = constant(0)
const one = constant(1)

/** The value over inputs 0..arity-1. */
export const toExpression = (rule: Rule): Expression => lift(rule.value(symbols, ...inputs(rule.arity)))

const knownPartials = new WeakMap<Rule, readonly Expression[]>()

/** The partial derivatives, over inputs 0..arity-1 and the result as input `arity`. */
export const partialsOf = (rule: Rule): readonly Expression[] => {
  let partials = knownPartials.get(rule)
  if (partials === undefined) {
    partials = newPartialsOf(rule)
    knownPartials.set(rule, partials)
  }
  return partials
}

const newPartialsOf = (rule: Rule): Expression[] => {
  const { arity, conditions } = rule
  const operandsAndResult = inputs(arity + 1)
  const given = rule.partials
  if (given === 'none') return Array.from({ length: arity }, () => zero)
  const partials = given?.map((partial) => lift(partial(symbols, ...operandsAndResult)))
  return (partials ?? differentiate(toExpression(rule), arity)).map((partial, index) =>
    conditions.includes(index) ? zero : partial,
  )
}

/**
 * The partial derivatives of an expression with respect to inputs 0..arity-1, by reverse accumulation: linear in the
 * size of the expression. Each node's derivative is that of its rule, also where that is no primitive.
 */
export const differentiate = (expression: Expression, arity: number): Expression[] => {
  const nodes = inOrder([expression])
  const varying = new Set<Expression>()
  for (const node of nodes) {
    const varies = node.kind === 'input' ? node.index < arity : node.kind === 'apply' && node.args.some(isIn(varying))
    if (varies) varying.add(node)
  }
  const cotangents = new Map<Expression, Expression>([[expression, one]])
  const result = Array.from({ length: arity }, () => zero)
  for (const node of nodes.reverse()) {
    const cotangent = cotangents.get(node)
    if (cotangent === undefined || !varying.has(node)) continue
    if (node.kind === 'input') result[node.index] = symbols.add(result[node.index]!, cotangent)
    if (node.kind !== 'apply') continue
    const wanted = node.args.flatMap((arg, index) => (varying.has(arg) ? [index] : []))
    partialsAt(node, wanted).forEach((partial, i) => {
      const contribution = symbols.scale(cotangent, partial)
      const arg = node.args[wanted[i]!]!
      const sum = cotangents.get(arg)
      cotangents.set(arg, sum === undefined ? contribution : symbols.add(sum, contribution))
    })
  }
  return result
}

const isIn =
  <T>(set: ReadonlySet<T>) =>
  (thing: T): boolean =>
    set.has(thing)

/** The partials of a node with respect to some of its arguments, in terms of its arguments and itself. */
const partialsAt = (node: Apply, wanted: readonly number[]): Expression[] => {
  const partials = partialsOf(node.rule)
  return interpret(
    wanted.map((index) => partials[index]!),
    symbols,
    (index) => node.args[index] ?? node,
  )
}
