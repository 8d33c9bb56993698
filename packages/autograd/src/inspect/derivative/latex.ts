import type { Apply, Expression } from '../../rules/expression.js'
import { repeatedIn, sizeWrittenOut } from '../../rules/print.js'
import { inOrder } from '../../rules/traverse.js'

/** How tightly a piece holds together: looser ones are put in parentheses. */

interface Piece {
  readonly text: string
  readonly tightness: number
  /** Whether it begins with a digit, and would run together with one before it. */
  readonly digit?: boolean
  /** Whether a minus stands in front of all of it. */
  readonly signed?: boolean
}

const [choice, or, and, not, comparison, sum, product, power, atom] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const

const relations: Readonly<Record<string, string>> = {
  equal: '=',
  notEqual: '\\ne',
  less: '<',
  lessEqual: '\\le',
  greater: '>',
  greaterEqual: '\\ge',
}

/** Functions that LaTeX has, or that are written otherwise than by their name. */
const functions: Readonly<Record<string, string>> = {
  sin: '\\sin',
  cos: '\\cos',
  tan: '\\tan',
  sinh: '\\sinh',
  cosh: '\\cosh',
  tanh: '\\tanh',
  asin: '\\arcsin',
  acos: '\\arccos',
  atan: '\\arctan',
  asinh: '\\operatorname{arsinh}',
  acosh: '\\operatorname{arcosh}',
  atanh: '\\operatorname{artanh}',
  log: '\\ln',
  log2: '\\log_{2}',
  log10: '\\log_{10}',
  maximum: '\\max',
  minimum: '\\min',
  fmax: '\\max',
  fmin: '\\min',
  sign: '\\operatorname{sgn}',
  digamma: '\\psi',
  i0: 'I_{0}',
  i1: 'I_{1}',
}

/** Those whose powers are written between name and argument. */
const withPower = ['sin', 'cos', 'tan', 'sinh', 'cosh', 'tanh', 'log']

const greek =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega ' +
  'Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega'

const letters = (text: string): string => {
  if (greek.split(' ').includes(text)) return `\\${text}`
  const safe = text.replace(/[_$]/g, '\\$&')
  return [...text].length === 1 ? safe : `\\mathrm{${safe}}`
}

/** A name of a program as LaTeX: `w11` is w with an index, `rate` upright, `alpha` Greek. */
export const latexName = (name: string): string => {
  const [, base, index] = /^(.*?[^\d_])_?(\d+)$/.exec(name) ?? /^([^_]+)_([^_]+)$/.exec(name) ?? []
  if (base === undefined || index === undefined) return letters(name)
  return `${letters(base)}_{${/^\d+$/.test(index) || index.length === 1 ? index : letters(index)}}`
}

/** An expression of more nodes than this, written out, gets names for the parts that occur more than once. */
const inlineLimit = 60

/**
 * An expression in LaTeX, with `names[i]` for input i. Repeated parts of a large one get names:
 * `t_{1}^{2},\quad t_{1} = ...`.
 *
 * @param expression equal parts are one object
 */
export const toLatex = (expression: Expression, names: readonly string[]): string => {
  const nodes = inOrder([expression])
  const repeated = sizeWrittenOut(nodes) > inlineLimit ? repeatedIn(nodes) : new Set<Expression>()
  const pieces = new Map<Expression, Piece>()
  const definitions: string[] = []
  let count = 0
  for (const node of nodes) {
    let piece = pieceOf(node, names, pieces)
    if (repeated.has(node)) {
      let name: string
      do name = `t${++count}`
      while (names.includes(name))
      definitions.push(`${latexName(name)} = ${piece.text}`)
      piece = { text: latexName(name), tightness: atom }
    }
    pieces.set(node, piece)
  }
  const { text } = pieces.get(expression)!
  return definitions.length === 0 ? text : `${text} \\quad\\text{where}\\quad ${definitions.join(',\\; ')}`
}

const pieceOf = (node: Expression, names: readonly string[], pieces: ReadonlyMap<Expression, Piece>): Piece => {
  if (node.kind === 'input') return { text: latexName(names[node.index] ?? `x${node.index}`), tightness: atom }
  if (node.kind === 'constant') return number(node.value)
  return new LatexWriter(node, (arg) => pieces.get(arg)!, names.includes('e')).piece()
}

const number = (value: number): Piece => {
  if (Number.isNaN(value)) return { text: '\\mathrm{NaN}', tightness: atom }
  if (!Number.isFinite(value)) return { text: value < 0 ? '-\\infty' : '\\infty', tightness: value < 0 ? sum : atom }
  const [digits, exponent] = String(value).split('e')
  const isNegative = value < 0 || Object.is(value, -0)
  if (exponent === undefined)
    return { text: digits!, tightness: isNegative ? sum : atom, digit: !isNegative, signed: isNegative }
  const text = `${digits} \\cdot 10^{${Number(exponent)}}`
  return { text, tightness: isNegative ? sum : product, digit: !isNegative, signed: isNegative }
}

/** As high as what they hold. */
const inParentheses = (text: string): string =>
  /\\(?:frac|begin|left|sqrt)|\^/.test(text) ? `\\left(${text}\\right)` : `(${text})`

class LatexWriter {
  private readonly args: readonly Piece[]
  private readonly name: string

  constructor(
    private readonly node: Apply,
    private readonly of: (arg: Expression) => Piece,
    /** Whether e is the name of an input. */
    private readonly isETaken: boolean,
  ) {
    this.args = node.args.map(of)
    this.name = node.rule.name
  }

  piece(): Piece {
    const { name } = this
    const relation = relations[name]
    if (relation !== undefined) {
      return { text: `${this.at(0, sum)} ${relation} ${this.at(1, sum)}`, tightness: comparison }
    }
    switch (name) {
      case 'add':
        return { text: `${this.at(0, sum)} + ${this.at(1, product)}`, tightness: sum, ...this.first() }
      case 'sub':
        return { text: `${this.at(0, sum)} - ${this.at(1, product)}`, tightness: sum, ...this.first() }
      case 'neg':
        return { text: `-${this.at(0, product)}`, tightness: sum, signed: true }
      case 'mul':
      case 'scale':
        return this.product()
      case 'div':
        return this.fraction()
      case 'pow':
        return this.power()
      case 'exp':
        if (this.isETaken) return { text: `\\exp${this.argument()}`, tightness: power }
        return { text: `e^{${this.at(0, 0)}}`, tightness: power }
      case 'sqrt':
        return { text: `\\sqrt{${this.at(0, 0)}}`, tightness: power }
      case 'abs':
        return { text: `\\left|${this.at(0, 0)}\\right|`, tightness: atom }
      case 'floor':
        return { text: `\\left\\lfloor ${this.at(0, 0)} \\right\\rfloor`, tightness: atom }
      case 'ceil':
        return { text: `\\left\\lceil ${this.at(0, 0)} \\right\\rceil`, tightness: atom }
      case 'logicalAnd':
        return { text: `${this.at(0, and)} \\land ${this.at(1, and)}`, tightness: and }
      case 'logicalOr':
        return { text: `${this.at(0, or)} \\lor ${this.at(1, or)}`, tightness: or }
      case 'logicalNot':
        return { text: `\\lnot ${this.at(0, atom)}`, tightness: not }
      case 'select':
        return this.choice()
      case 'lgamma':
        return { text: `\\ln\\left|\\Gamma${this.argument()}\\right|`, tightness: product }
      case 'psi':
        return { text: `\\psi^{(${this.at(0, 0)})}${inParentheses(this.at(1, 0))}`, tightness: power }
      case 'besselI':
        return { text: `I_{${this.at(0, 0)}}${inParentheses(this.at(1, 0))}`, tightness: power }
    }
    return { text: `${functions[name] ?? `\\operatorname{${name}}`}${this.argument()}`, tightness: power }
  }

  private at(index: number, least: number): string {
    const { text, tightness } = this.args[index]!
    return tightness < least ? inParentheses(text) : text
  }

  private first(): { digit: boolean } {
    return { digit: this.args[0]!.digit === true && this.args[0]!.tightness >= sum }
  }

  private argument(): string {
    const text = this.args.map((arg) => arg.text).join(', ')
    return inParentheses(text)
  }

  private fraction(): Piece {
    const [above, below] = [this.args[0]!, this.at(1, 0)]
    if (!above.signed) return { text: `\\frac{${above.text}}{${below}}`, tightness: power }
    const [numerator] = this.node.args as [Expression]
    const isMinus = numerator.kind === 'apply' && numerator.rule.name === 'neg'
    const text = isMinus ? this.of(numerator.args[0]!).text : above.text.slice(1)
    return { text: `-\\frac{${text}}{${below}}`, tightness: sum, signed: true }
  }

  private product(): Piece {
    const [first] = this.args as [Piece, Piece]
    if (first.signed) {
      const right = this.at(1, power)
      const apart = this.args[1]!.digit && this.args[1]!.tightness >= power ? ' \\cdot ' : ' '
      return { text: `${first.text}${apart}${right}`, tightness: sum, signed: true }
    }
    const [left, right] = [this.at(0, product), this.at(1, power)]
    const apart = this.args[1]!.digit && this.args[1]!.tightness >= power ? ' \\cdot ' : ' '
    return {
      text: `${left}${apart}${right}`,
      tightness: product,
      digit: this.args[0]!.digit === true && this.args[0]!.tightness >= product,
    }
  }

  private power(): Piece {
    const [base] = this.node.args as [Expression, Expression]
    const exponent = this.at(1, 0)
    if (base.kind === 'apply' && withPower.includes(base.rule.name) && /^[2-9]$/.test(exponent)) {
      const inner = new LatexWriter(base, this.of, this.isETaken)
      return { text: `${functions[base.rule.name]}^{${exponent}}${inner.argument()}`, tightness: power }
    }
    const { tightness: own, text, digit } = this.args[0]!
    const isNamed = base.kind === 'apply' && own === power && /^\\operatorname|^\\sqrt/.test(text)
    return {
      text: `${isNamed ? text : this.at(0, atom)}^{${exponent}}`,
      tightness: power,
      digit: digit === true && own >= atom,
    }
  }

  /** Choices in the last branch are further lines. */
  private choice(): Piece {
    const lines: string[] = []
    let node: Expression = this.node
    while (node.kind === 'apply' && node.rule.name === 'select') {
      const [condition, a, b]: readonly Expression[] = node.args
      lines.push(`${this.of(a!).text} & \\text{if } ${this.of(condition!).text}`)
      node = b!
    }
    lines.push(`${this.of(node).text} & \\text{otherwise}`)
    return { text: `\\begin{cases} ${lines.join(' \\\\ ')} \\end{cases}`, tightness: choice }
  }
}
