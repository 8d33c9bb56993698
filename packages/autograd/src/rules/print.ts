import type { Apply, Expression } from './expression.js'
import { inOrder, shareEqual } from './traverse.js'

/** How tightly a piece of text holds together; operands looser than their place are put in parentheses. */
const tightness = {
  choice: 0,
  or: 1,
  and: 2,
  not: 3,
  comparison: 4,
  sum: 5,
  quotient: 6,
  product: 7,
  sign: 8,
  power: 9,
  atom: 10,
}

interface Text {
  readonly text: string
  readonly tightness: number
}

interface Infix {
  readonly symbol: string
  readonly tightness: number
  /** The least tightness of the operands. */
  readonly left: number
  readonly right: number
}
const infix = (symbol: string, own: number, left = own, right = own + 1): Infix => ({
  symbol,
  tightness: own,
  left,
  right,
})

const { or, and, comparison, sum, quotient, product, sign, power } = tightness

const infixes: { readonly [name: string]: Infix } = {
  add: infix('+', sum, sum, sum),
  sub: infix('-', sum),
  mul: infix('*', product, quotient, product),
  scale: infix('*', product, quotient, product),
  integerMul: infix('*', product, quotient, product),
  div: infix('/', quotient, quotient, sign),
  pow: infix('**', power, power + 1, sign),
  integerPow: infix('**', power, power + 1, sign),
  equal: infix('==', comparison, comparison + 1),
  notEqual: infix('!=', comparison, comparison + 1),
  less: infix('<', comparison, comparison + 1),
  lessEqual: infix('<=', comparison, comparison + 1),
  greater: infix('>', comparison, comparison + 1),
  greaterEqual: infix('>=', comparison, comparison + 1),
  logicalAnd: infix('and', and, and, and),
  logicalOr: infix('or', or, or, or),
}

/** An expression of more nodes than this, written out, gets names for the parts that occur more than once. */
const inlineLimit = 40

/**
 * An expression as a line of text, with `names[i]` for input i: `1 - y * y`. Repeated parts of a large one get names:
 * `t1 * t1 where t1 = exp(x)`.
 */
export const print = (expression: Expression, names: readonly string[]): string => {
  const shared = shareEqual(expression)
  const nodes = inOrder([shared])
  const repeated = sizeWrittenOut(nodes) > inlineLimit ? repeatedIn(nodes) : new Set<Expression>()
  const texts = new Map<Expression, Text>()
  const definitions: string[] = []
  let count = 0
  for (const node of nodes) {
    let text = textOf(node, names, texts)
    if (repeated.has(node)) {
      let name: string
      do name = `t${++count}`
      while (names.includes(name))
      definitions.push(`${name} = ${text.text}`)
      text = { text: name, tightness: tightness.atom }
    }
    texts.set(node, text)
  }
  const { text } = texts.get(shared)!
  return definitions.length === 0 ? text : `${text} where ${definitions.join(', ')}`
}

const textOf = (node: Expression, names: readonly string[], texts: ReadonlyMap<Expression, Text>): Text => {
  if (node.kind === 'input') return { text: names[node.index] ?? `x${node.index}`, tightness: tightness.atom }
  if (node.kind === 'constant') {
    const negative = node.value < 0 || Object.is(node.value, -0)
    return {
      text: Object.is(node.value, -0) ? '-0' : String(node.value),
      tightness: negative ? tightness.sign : tightness.atom,
    }
  }
  return textOfApply(node, (index, least) => {
    const operand = texts.get(node.args[index]!)!
    return operand.tightness < least ? `(${operand.text})` : operand.text
  })
}

const textOfApply = ({ rule, args }: Apply, operand: (index: number, least: number) => string): Text => {
  const form = infixes[rule.name]
  if (form !== undefined) {
    const text = `${operand(0, form.left)} ${form.symbol} ${operand(1, form.right)}`
    return { text, tightness: form.tightness }
  }
  switch (rule.name) {
    case 'neg':
      return { text: `-${operand(0, power + 1)}`, tightness: sign }
    case 'logicalNot':
      return { text: `not ${operand(0, tightness.not)}`, tightness: tightness.not }
    case 'select':
    case 'where':
      return { text: `${operand(0, or)} ? ${operand(1, or)} : ${operand(2, tightness.choice)}`, tightness: 0 }
  }
  return { text: `${rule.name}(${args.map((_, index) => operand(index, 0)).join(', ')})`, tightness: tightness.atom }
}

export const sizeWrittenOut = (nodes: readonly Expression[]): number => {
  const sizes = new Map<Expression, number>()
  let size = 0
  for (const node of nodes) {
    size = node.kind === 'apply' ? node.args.reduce((total, arg) => total + sizes.get(arg)!, 1) : 1
    sizes.set(node, size)
  }
  return size
}

/** The applications that are an argument more than once. */
export const repeatedIn = (nodes: readonly Expression[]): Set<Expression> => {
  const seen = new Set<Expression>()
  const repeated = new Set<Expression>()
  for (const node of nodes) {
    if (node.kind !== 'apply') continue
    for (const arg of node.args) {
      if (arg.kind !== 'apply') continue
      if (seen.has(arg)) repeated.add(arg)
      seen.add(arg)
    }
  }
  return repeated
}
