import { GradientError } from '../../graph/errors.js'
import { toExpression } from '../../rules/derive.js'
import { everyday } from '../../rules/everyday.js'
import type { Apply, Expression } from '../../rules/expression.js'
import type { Rule } from '../../rules/rule.js'
import { literal } from '../../rules/straight-line.js'
import { rules } from '../../rules/table.js'
import { inOrder, shareEqual, substitute } from '../../rules/traverse.js'
import { given } from './helpers.js'
import { isFinite, type Range, rangeOf } from './range.js'

/** How tightly JavaScript holds a piece together. */
const [choice, or, and, equality, relation, sum, product, sign, power, atom] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const

interface Piece {
  readonly text: string
  readonly tightness: number
  /** Whether it is true or false, and no number. */
  readonly isTruth: boolean
}

interface Infix {
  readonly symbol: string
  readonly own: number
  readonly left: number
  readonly right: number
  readonly isTruth?: true
}

const infix = (symbol: string, own: number, left = own, right = own + 1): Infix => ({ symbol, own, left, right })
const compares = (symbol: string, own: number): Infix => ({ ...infix(symbol, own, sum, sum), isTruth: true })

const infixes: Readonly<Record<string, Infix>> = /* @__PURE__ */ (() => ({
  add: infix('+', sum),
  sub: infix('-', sum),
  mul: infix('*', product),
  div: infix('/', product),
  fmod: infix('%', product),
  pow: infix('**', power, atom, sign),
  equal: compares('===', equality),
  notEqual: compares('!==', equality),
  less: compares('<', relation),
  lessEqual: compares('<=', relation),
  greater: compares('>', relation),
  greaterEqual: compares('>=', relation),
}))()

const ofMath: Readonly<Record<string, string>> = /* @__PURE__ */ (() => ({
  maximum: 'max',
  minimum: 'min',
  ...Object.fromEntries(
    'abs sqrt exp expm1 log log1p sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh floor ceil trunc atan2 hypot'
      .split(' ')
      .map((name) => [name, name]),
  ),
}))()

const constants = /* @__PURE__ */ (() =>
  new Map(
    (['PI', 'E', 'LN2', 'LN10', 'LOG2E', 'LOG10E', 'SQRT2', 'SQRT1_2'] as const).map((name) => [
      Math[name],
      `Math.${name}`,
    ]),
  ))()

/** A composite of at most so many applications is written out where it is used; a longer one is a function. */
const inlineSize = 3

/** What takes more characters has a line of its own. */
const longest = 70

/** Names that stand for something else in what is written. */
export const reserved = ['Math', 'Number', 'Infinity', 'NaN', 'undefined', 'number']

/**
 * A function expression that takes numbers by these names, and gives the number that an expression is, or an array of several.
 *
 * @throws GradientError for a function that has no short form
 */
export const toTypeScript = (expressions: readonly Expression[], names: readonly string[]): string => {
  const helpers = new Map<string, string>()
  const text = functionOf(expressions, names, new Set([...names, ...reserved]), helpers)
  if (helpers.size === 0) return text.short ?? `${text.head} => {\n${text.body.map(indented).join('\n')}\n}`
  const lines = [...helpers.values(), ...text.body].map(indented)
  return `${text.head} => {\n${lines.join('\n')}\n}`
}

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')

interface FunctionText {
  readonly head: string
  /** Statements. */
  readonly body: readonly string[]
  /** All of it, where that is one expression. */
  readonly short: string | null
}

const functionOf = (
  expressions: readonly Expression[],
  names: readonly string[],
  taken: Set<string>,
  helpers: Map<string, string>,
): FunctionText => {
  const roots = sharedBetween(expressions.map((expression) => plain(expression)))
  const nodes = inOrder(roots)
  const uses = new Map<Expression, number>()
  for (const node of [...roots, ...nodes.flatMap((node) => (node.kind === 'apply' ? node.args : []))]) {
    uses.set(node, (uses.get(node) ?? 0) + 1)
  }
  const writer = new TypeScriptWriter(names, helpers, taken)
  const statements: string[] = []
  let count = 0
  for (const node of nodes) {
    const piece = writer.pieceOf(node)
    const isLong = piece.text.length > longest && !roots.includes(node)
    if (node.kind !== 'apply' || isShort(node) || (uses.get(node)! < 2 && !isLong)) {
      writer.pieces.set(node, piece)
      continue
    }
    let name: string
    do name = `t${++count}`
    while (taken.has(name) || helpers.has(name))
    statements.push(`const ${name} = ${piece.text}`)
    writer.pieces.set(node, { text: name, tightness: atom, isTruth: piece.isTruth })
  }
  const results = roots.map((root) => asNumber(writer.pieces.get(root)!, choice))
  const result = results.length === 1 ? results[0]! : `[${results.join(', ')}]`
  const type = results.length === 1 ? 'number' : `[${results.map(() => 'number').join(', ')}]`
  const head = `(${names.map((name) => `${name}: number`).join(', ')}): ${type}`
  return {
    head,
    body: [...statements, `return ${result}`],
    short: statements.length === 0 ? `${head} => ${result}` : null,
  }
}

/** The minus of a leaf is not worth a name. */
const isShort = ({ rule, args }: Apply): boolean => rule === everyday.neg && args[0]!.kind !== 'apply'

/** Equal parts as one object, also between the expressions. */
const sharedBetween = (expressions: readonly Expression[]): readonly Expression[] => {
  const all = shareEqual({ kind: 'apply', rule: everyday.select, args: expressions })
  return (all as Apply).args
}

/** Short composites written out, and products of what is finite as such. */
const plain = (expression: Expression): Expression => {
  const written = rebuilt(expression, (rule, args) => {
    if (rule.primitive || rule.name in infixes || rule.name in given) return { kind: 'apply', rule, args }
    const value = toExpression(rule)
    const size = inOrder([value]).filter(({ kind }) => kind === 'apply').length
    return size <= inlineSize ? plain(substitute(value, args)) : { kind: 'apply', rule, args }
  })
  const ranges = new Map<Expression, Range>()
  const range = (node: Expression): Range => ranges.get(node)!
  return rebuilt(
    shareEqual(written),
    (rule, args) => {
      const isProduct = rule === everyday.scale && args.every((arg) => isFinite(range(arg)))
      return { kind: 'apply', rule: isProduct ? everyday.mul : rule, args }
    },
    (node) => ranges.set(node, rangeOf(node, range)),
  )
}

const rebuilt = (
  expression: Expression,
  by: (rule: Rule, args: readonly Expression[]) => Expression,
  note: (node: Expression) => void = () => {},
): Expression => {
  const found = new Map<Expression, Expression>()
  for (const node of inOrder([expression])) {
    const made =
      node.kind === 'apply'
        ? by(
            node.rule,
            node.args.map((arg) => found.get(arg)!),
          )
        : node
    found.set(node, made)
    note(made)
  }
  return found.get(expression)!
}

const wrapped = ({ text, tightness }: Piece, least: number): string => (tightness < least ? `(${text})` : text)
const asNumber = (piece: Piece, least: number): string =>
  piece.isTruth ? `Number(${piece.text})` : wrapped(piece, least)
const asTruth = (piece: Piece, least: number): string =>
  piece.isTruth
    ? wrapped(piece, least)
    : wrapped({ text: `${wrapped(piece, sum)} !== 0`, tightness: equality, isTruth: true }, least)

class TypeScriptWriter {
  readonly pieces = new Map<Expression, Piece>()

  constructor(
    private readonly names: readonly string[],
    private readonly helpers: Map<string, string>,
    private readonly taken: Set<string>,
  ) {}

  pieceOf(node: Expression): Piece {
    if (node.kind === 'input') return { text: this.names[node.index]!, tightness: atom, isTruth: false }
    if (node.kind === 'constant') return number(node.value)
    return this.applied(node)
  }

  private applied({ rule, args }: Apply): Piece {
    const pieces = args.map((arg) => this.pieces.get(arg)!)
    const [a, b, c] = pieces as [Piece, Piece, Piece]
    const form = infixes[rule.name]
    if (form !== undefined) {
      const text = `${asNumber(a, form.left)} ${form.symbol} ${asNumber(b, form.right)}`
      return { text, tightness: form.own, isTruth: form.isTruth === true }
    }
    switch (rule.name) {
      case 'neg':
        return { text: `-${asNumber(a, atom)}`, tightness: sign, isTruth: false }
      case 'select':
      case 'where': {
        const text = `${asTruth(a, or)} ? ${asNumber(b, or)} : ${asNumber(c, choice)}`
        return { text, tightness: choice, isTruth: false }
      }
      case 'logicalAnd':
        return { text: `${asTruth(a, and)} && ${asTruth(b, and + 1)}`, tightness: and, isTruth: true }
      case 'logicalOr':
        return { text: `${asTruth(a, or)} || ${asTruth(b, or + 1)}`, tightness: or, isTruth: true }
      case 'logicalNot':
        return { text: `!${asTruth(a, atom)}`, tightness: sign, isTruth: true }
    }
    const name = ofMath[rule.name] === undefined ? this.helper(rule) : `Math.${ofMath[rule.name]}`
    const text = `${name}(${pieces.map((piece) => asNumber(piece, choice)).join(', ')})`
    return { text, tightness: atom, isTruth: false }
  }

  private nameOf(helper: string): string {
    const name = helper.replace(/\W/g, '_')
    return this.taken.has(name) ? `${name}Of` : name
  }

  /** The name of a function that is written out above. */
  private helper(rule: Rule): string {
    const { name, arity } = rule
    const own = this.nameOf(name)
    if (this.helpers.has(own)) return own
    const text = given[name]
    if (text === undefined && rule.primitive) {
      throw new GradientError(
        `derivative: ${name} has no short form in TypeScript; use text or latex, or this library's own ${name}().`,
      )
    }
    if (text !== undefined) {
      for (const other of text.needs ?? []) this.helper(rules[other])
      const called = [name, ...(text.needs ?? [])]
      const code = called.reduce((code, each) => code.replaceAll(` ${each}(`, ` ${this.nameOf(each)}(`), text.code)
      this.helpers.set(own, `const ${own} = ${code}`)
      return own
    }
    const names = arity === 1 ? ['x'] : ['a', 'b', 'c', 'd', 'e'].slice(0, arity)
    const { head, body, short } = functionOf(
      [toExpression(rule)],
      names,
      new Set([...names, ...this.taken]),
      this.helpers,
    )
    const code = short ?? `${head} => {\n${body.map(indented).join('\n')}\n}`
    this.helpers.set(own, `const ${own} = ${code}`)
    return own
  }
}

const number = (value: number): Piece => {
  const isNegative = value < 0 || Object.is(value, -0)
  const name = constants.get(Math.abs(value))
  const text = name === undefined ? literal(value) : `${isNegative ? '-' : ''}${name}`
  return { text, tightness: isNegative ? sign : atom, isTruth: false }
}
