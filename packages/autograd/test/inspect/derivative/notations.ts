import { numbers } from '../../../src/rules/numbers.js'
import type { Rule } from '../../../src/rules/rule.js'
import { rules } from '../../../src/rules/table.js'

// What readers of the notations compute of them: text as JavaScript with the functions of the table in scope, LaTeX by a small
// parser of its own.

export type Point = Readonly<Record<string, number>>

const functions: Readonly<Record<string, (...operands: number[]) => number>> = Object.fromEntries(
  Object.values<Rule>(rules).map((rule) => [rule.name, (...operands) => rule.value(numbers, ...operands)]),
)

/** The number that a line of text says, with `t1 * t1 where t1 = exp(x)`. */
export const ofText = (text: string, point: Point): number => {
  const [result, where = ''] = text.split(' where ')
  const lines = where === '' ? [] : where.split(/, (?=t\d+ = )/).map((line) => `const ${line}`)
  const code = [...lines, `return ${result}`]
    .join(';\n')
    .replaceAll(' and ', ' && ')
    .replaceAll(' or ', ' || ')
    .replaceAll('not ', '!')
  const scope = { ...functions, pi: Math.PI, ...point }
  return Number(new Function(...Object.keys(scope), code)(...Object.values(scope)))
}

const named: Readonly<Record<string, string>> = {
  arcsin: 'asin',
  arccos: 'acos',
  arctan: 'atan',
  arsinh: 'asinh',
  arcosh: 'acosh',
  artanh: 'atanh',
  ln: 'log',
  max: 'maximum',
  min: 'minimum',
  sgn: 'sign',
}

/** The number that a formula in LaTeX says. Inputs are names of one letter, or have a name of LaTeX in `point`. */
export const ofLatex = (latex: string, point: Point): number => {
  const [result, where = ''] = latex.split(' \\quad\\text{where}\\quad ')
  const known: Record<string, number> = { '\\pi': Math.PI, ...point }
  for (const line of where.split(',\\; ').filter((line) => line !== '')) {
    const [name, value] = line.split(/ = (.*)/s) as [string, string]
    known[name] = new Parser(value, known).whole()
  }
  return new Parser(result!, known).whole()
}

class Parser {
  private readonly tokens: readonly string[]
  private at = 0

  constructor(
    latex: string,
    private readonly known: Point,
  ) {
    this.tokens =
      latex.match(/\\(?:left|right)(?:[()|]|\\[lr](?:floor|ceil))|\\[a-zA-Z]+|\\\\|\\[,;]|\d+\.?\d*|[a-zA-Z]|\S/g) ?? []
  }

  whole(): number {
    const value = this.truth()
    if (this.at < this.tokens.length) throw new Error(`LaTeX: ${this.tokens.slice(this.at).join(' ')} is left over`)
    return value
  }

  private get next(): string {
    return this.tokens[this.at] ?? ''
  }
  private take(...wanted: string[]): boolean {
    if (!wanted.every((token, i) => this.tokens[this.at + i] === token)) return false
    this.at += wanted.length
    return true
  }
  private need(token: string): void {
    if (!this.take(token)) throw new Error(`LaTeX: ${token} expected before ${this.tokens.slice(this.at).join(' ')}`)
  }
  private group(): number {
    this.need('{')
    const value = this.truth()
    this.need('}')
    return value
  }
  /** A word in braces. */
  private word(): string {
    this.need('{')
    let word = ''
    while (!this.take('}')) word += this.tokens[this.at++]!
    return word
  }

  private truth(): number {
    let value = this.conjunction()
    while (this.take('\\lor')) value = this.conjunction() || value
    return value
  }
  private conjunction(): number {
    let value = this.comparison()
    while (this.take('\\land')) {
      const next = this.comparison()
      value = value === 0 ? 0 : next
    }
    return value
  }
  private comparison(): number {
    if (this.take('\\lnot')) return Number(this.comparison() === 0)
    const a = this.sum()
    const relation = this.next
    if (!['=', '<', '>', '\\le', '\\ge', '\\ne'].includes(relation)) return a
    this.at++
    const b = this.sum()
    const holds = { '=': a === b, '<': a < b, '>': a > b, '\\le': a <= b, '\\ge': a >= b, '\\ne': a !== b }[relation]
    return Number(holds)
  }
  private sum(): number {
    let value = this.take('-') ? -this.product() : this.product()
    for (;;) {
      if (this.take('+')) value += this.product()
      else if (this.take('-')) value -= this.product()
      else return value
    }
  }
  private product(): number {
    let value = this.factor()
    for (;;) {
      if (this.take('\\cdot') || this.begins()) value *= this.factor()
      else return value
    }
  }
  private begins(): boolean {
    return !/^$|^[-+=<>)}|&,]$|^\\(le|ge|ne|land|lor|right.*|end|\\|;)$/.test(this.next)
  }
  private factor(): number {
    if (this.take('e', '^')) return Math.exp(this.group())
    const value = this.atom()
    return this.take('^') ? value ** this.group() : value
  }
  private args(): number[] {
    const close = this.take('(') ? ')' : '\\right)'
    if (close !== ')') this.need('\\left(')
    const args = [this.truth()]
    while (this.take(',')) args.push(this.truth())
    this.need(close)
    return args
  }

  private atom(): number {
    const name = this.name()
    if (name !== null) return name
    if (this.next === '(' || this.next === '\\left(') return this.args()[0]!
    if (this.take('\\frac')) return this.group() / this.group()
    if (this.take('\\sqrt')) return Math.sqrt(this.group())
    if (this.take('\\left|')) return this.closed('\\right|', Math.abs)
    if (this.take('\\left\\lfloor')) return this.closed('\\right\\rfloor', Math.floor)
    if (this.take('\\left\\lceil')) return this.closed('\\right\\rceil', Math.ceil)
    if (this.take('\\ln', '\\left|', '\\Gamma')) return this.closed('\\right|', functions.lgamma!)
    if (this.take('\\begin')) return this.cases()
    const token = this.tokens[this.at++]!
    if (/^\d/.test(token)) return Number(token)
    if (token === '\\psi')
      return this.take('^') ? functions.psi!(this.order(), ...this.args()) : functions.digamma!(...this.args())
    if (token === 'I') return functions.besselI!(this.index(), ...this.args())
    const word = token === '\\operatorname' ? this.word() : token.slice(1)
    const base = token === '\\log' ? String(this.index()) : ''
    const power = this.take('^') ? this.group() : 1
    const f = functions[`${named[word] ?? word}${base}`]
    if (f === undefined) throw new Error(`LaTeX: no function ${token} ${word}`)
    return f(...this.args()) ** power
  }
  private index(): number {
    this.need('_')
    return this.group()
  }
  private closed(bracket: string, f: (x: number) => number): number {
    const value = this.truth()
    this.need(bracket)
    return f(value)
  }
  private order(): number {
    this.need('{')
    const [order] = this.args()
    this.need('}')
    return order!
  }
  /** What is known by the longest name that stands here. */
  private name(): number | null {
    for (const length of [8, 6, 5, 4, 3, 1]) {
      const name = this.tokens.slice(this.at, this.at + length).join('')
      if (this.at + length > this.tokens.length || !Object.hasOwn(this.known, name)) continue
      this.at += length
      return this.known[name]!
    }
    return null
  }
  private cases(): number {
    this.word()
    let found: number | null = null
    for (;;) {
      const value = this.truth()
      this.need('&')
      this.need('\\text')
      const isLast = this.word() === 'otherwise'
      if (isLast || this.truth() !== 0) found ??= value
      if (isLast) break
      this.need('\\\\')
    }
    this.need('\\end')
    this.word()
    return found!
  }
}
