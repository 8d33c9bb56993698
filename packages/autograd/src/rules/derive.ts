import type { Expression } from './expression.js'
import type { Rule } from './rule.js'
import { constant, inputs, lift, symbols } from './symbols.js'
import { listed, type Prepared, prepared } from './traverse.js'

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

const preparedPartials = new WeakMap<Rule, readonly Prepared[]>()

/** The partial derivative by one operand, ready to be computed from the operands and the result in any algebra. */
export const partialOf = (rule: Rule, operand: number): Prepared => {
  let partials = preparedPartials.get(rule)
  if (partials === undefined) {
    partials = partialsOf(rule).map((partial) => prepared([partial]))
    preparedPartials.set(rule, partials)
  }
  return partials[operand]!
}

/**
 * The partial derivatives of an expression with respect to inputs 0..arity-1, by reverse accumulation: linear in the
 * size of the expression. Each node's derivative is that of its rule, also where that is no primitive.
 */
export const differentiate = (expression: Expression, arity: number): Expression[] => {
  const {
    nodes,
    first,
    args,
    roots: [root],
  } = listed([expression])
  const varies = new Uint8Array(nodes.length)
  for (let place = 0; place < nodes.length; place++) {
    const node = nodes[place]!
    if (node.kind === 'input' && node.index < arity) varies[place] = 1
    for (let i = first[place]!; i < first[place + 1]!; i++) if (varies[args[i]!] === 1) varies[place] = 1
  }
  const cotangents: (Expression | undefined)[] = new Array(nodes.length)
  cotangents[root!] = one
  const result = Array.from({ length: arity }, () => zero)
  for (let place = nodes.length - 1; place >= 0; place--) {
    const node = nodes[place]!
    const cotangent = cotangents[place]
    if (cotangent === undefined || varies[place] === 0) continue
    if (node.kind === 'input') result[node.index] = symbols.add(result[node.index]!, cotangent)
    if (node.kind !== 'apply') continue
    for (let i = first[place]!; i < first[place + 1]!; i++) {
      const to = args[i]!
      if (varies[to] === 0) continue
      const [partial] = partialOf(node.rule, i - first[place]!)(symbols, (index) => node.args[index] ?? node)
      const contribution = symbols.scale(cotangent, partial!)
      const sum = cotangents[to]
      cotangents[to] = sum === undefined ? contribution : symbols.add(sum, contribution)
    }
  }
  return result
}
