import { everyday } from '../../rules/everyday.js'
import type { Expression } from '../../rules/expression.js'
import { numbers } from '../../rules/numbers.js'
import type { Rule } from '../../rules/rule.js'
import { rules } from '../../rules/table.js'
import { inOrder } from '../../rules/traverse.js'
import { writer } from './constants.js'
import {
  absorbed,
  exactProduct,
  gcd,
  isWhole,
  opposite,
  type Product,
  type Term,
  together,
  wholeRoot,
} from './fractions.js'

// Expressions in the form in which people write them: a product is a fraction of powers with its number in front, a sum has each
// term once. Only what is equal wherever the original is finite is written for it, up to rounding: 0 x is 0, and x / x is 1.

/** What has more factors or terms is left as it was given: nobody reads it. */
const longest = 60

/** What joins truth values. */
const connectives: readonly Rule[] = /* @__PURE__ */ (() => [
  everyday.logicalAnd,
  everyday.logicalOr,
  everyday.logicalNot,
  everyday.logicalXor,
])()

export class Tidy {
  private readonly ids = new Map<Expression | Rule, number>()
  private readonly known = new Map<string, Expression>()
  private readonly products = new Map<Expression, Product>()
  private readonly sums = new Map<Expression, readonly Term[]>()
  /** What is made of numbers alone. */
  private readonly numeric = new Set<Expression>()
  private readonly written: ReturnType<typeof writer>
  private readonly pi: Expression | null

  /** @param pi the input that stands for that number, if one does */
  constructor(pi: Expression | null) {
    this.pi = pi === null ? null : this.raw(pi)
    if (this.pi !== null) this.numeric.add(this.pi)
    this.written = writer(
      (rule, ...args) =>
        this.apply(rule, ...args.map((arg) => (arg.kind === 'constant' ? this.constant(arg.value) : arg))),
      this.pi,
    )
  }

  /** Equal ones give the same object, also from call to call. */
  of(expression: Expression): Expression {
    const found = new Map<Expression, Expression>()
    for (const node of inOrder([expression])) {
      if (node.kind === 'apply') {
        found.set(
          node,
          this.made(
            node.rule,
            node.args.map((arg) => found.get(arg)!),
          ),
        )
      } else found.set(node, node.kind === 'constant' ? this.number(node.value) : this.raw(node))
    }
    return this.asNumber(found.get(expression)!)
  }

  /** A truth value as 1 or 0. */
  private asNumber(x: Expression): Expression {
    return isTruth(x) ? this.choice(x, this.constant(1), this.constant(0)) : x
  }

  private id(thing: Expression | Rule): number {
    const known = this.ids.get(thing) ?? this.ids.size
    this.ids.set(thing, known)
    return known
  }
  private unique(expression: Expression, key: string): Expression {
    const known = this.known.get(key) ?? expression
    this.known.set(key, known)
    return known
  }
  private raw(leaf: Expression): Expression {
    if (leaf.kind === 'input') return this.unique(leaf, `input ${leaf.index}`)
    return leaf.kind === 'constant' ? this.unique(leaf, Object.is(leaf.value, -0) ? '-0' : String(leaf.value)) : leaf
  }
  private constant(value: number): Expression {
    const constant = this.raw({ kind: 'constant', value })
    this.numeric.add(constant)
    return constant
  }
  private apply(rule: Rule, ...args: readonly Expression[]): Expression {
    const made = this.unique({ kind: 'apply', rule, args }, `${this.id(rule)}(${args.map((arg) => this.id(arg))})`)
    if (args.every((arg) => this.numeric.has(arg))) this.numeric.add(made)
    return made
  }

  private number(value: number): Expression {
    if (!Number.isFinite(value)) return this.constant(value)
    const { over, under, factor, power } = this.written(value)
    return this.product({ over, under, factors: new Map(factor === null ? [] : [[factor, power]]) })
  }

  private made(rule: Rule, given: readonly Expression[]): Expression {
    const truth = this.ofTruth(rule, given)
    if (truth !== null) return truth
    const args = given.map((arg, i) =>
      rule.conditions.includes(i) || connectives.includes(rule) ? arg : this.asNumber(arg),
    )
    const [a, b, c] = args as [Expression, Expression, Expression]
    switch (rule) {
      case everyday.add:
        return this.plus(this.termsOf(a), this.termsOf(b)) ?? this.apply(everyday.add, a, b)
      case everyday.sub:
        return this.plus(this.termsOf(a), this.termsOf(b).map(opposite)) ?? this.apply(everyday.sub, a, b)
      case everyday.neg:
        return this.negative(a)
      case everyday.mul:
      case everyday.scale:
        return this.times(this.productOf(a), this.productOf(b)) ?? this.apply(everyday.mul, a, b)
      case everyday.div: {
        const under = this.powerOf(this.productOf(b), -1)
        return (under && this.times(this.productOf(a), under)) ?? this.apply(everyday.div, a, b)
      }
      case everyday.pow:
        return this.power(a, b)
      case everyday.select:
        return this.choice(a, b, c)
      case everyday.less:
        return isNumber(a) && !isNumber(b) ? this.apply(rules.greater, b, a) : this.apply(rule, a, b)
      case everyday.lessEqual:
        return isNumber(a) && !isNumber(b) ? this.apply(rules.greaterEqual, b, a) : this.apply(rule, a, b)
      case everyday.abs:
        return this.apply(rule, this.withoutSign(a))
    }
    return this.apply(rule, ...args)
  }

  /** A truth value held against a number is one again: that it is 0, say, is that it does not hold. */
  private ofTruth(rule: Rule, args: readonly Expression[]): Expression | null {
    if (rule.result !== 'bool' || args.length !== 2 || connectives.includes(rule)) return null
    const at = args.findIndex(isTruth)
    const other = args[1 - at]
    if (at < 0 || other?.kind !== 'constant') return null
    const [ifNot, ifSo] = [0, 1].map((value) => {
      return rule.value(numbers, ...(at === 0 ? [value, other.value] : [other.value, value]))
    })
    if (ifNot === ifSo) return this.constant(ifSo!)
    return ifSo === 1 ? args[at]! : this.apply(everyday.logicalNot, args[at]!)
  }

  private choice(condition: Expression, a: Expression, b: Expression): Expression {
    if (condition.kind === 'apply' && condition.rule === everyday.logicalNot)
      return this.choice(condition.args[0]!, b, a)
    if (condition.kind === 'constant') return condition.value !== 0 ? a : b
    const branch = (x: Expression, index: 1 | 2): Expression =>
      x.kind === 'apply' && x.rule === everyday.select && x.args[0] === condition ? x.args[index]! : x
    const [first, second] = [branch(a, 1), branch(b, 2)]
    return first === second ? first : this.apply(everyday.select, condition, first, second)
  }

  private power(base: Expression, exponent: Expression): Expression {
    const whole = valueOf(exponent)
    if (whole === null || !Number.isInteger(whole) || Math.abs(whole) > 64)
      return this.apply(everyday.pow, base, exponent)
    const power = this.powerOf(this.productOf(base), whole)
    return power === null ? this.apply(everyday.pow, base, exponent) : this.product(power)
  }

  // products

  private productOf(x: Expression): Product {
    const known = this.products.get(x)
    if (known !== undefined) return known
    if (x.kind === 'constant' && Number.isFinite(x.value)) return { over: x.value, under: 1, factors: new Map() }
    return { over: 1, under: 1, factors: new Map([[x, 1]]) }
  }

  private powerOf({ over, under, factors }: Product, power: number): Product | null {
    const [up, down] = power < 0 ? [under, over] : [over, under]
    if (down === 0) return null
    let [above, below] = [1, 1]
    for (let i = 0; i < Math.abs(power); i++) {
      const [nextAbove, nextBelow] = [exactProduct(above, up), exactProduct(below, down)]
      if (nextAbove === null || nextBelow === null) return null
      above = nextAbove
      below = nextBelow
    }
    return { over: above, under: below, factors: new Map([...factors].map(([factor, own]) => [factor, own * power])) }
  }

  private times(a: Product, b: Product): Expression | null {
    if (a.factors.size + b.factors.size > longest) return null
    const factors = new Map(a.factors)
    for (const [factor, power] of b.factors) factors.set(factor, (factors.get(factor) ?? 0) + power)
    let [over, under] = [exactProduct(a.over, b.over), exactProduct(a.under, b.under)]
    // two numbers that would be rounded stay as they are given
    if (over === null) {
      const apart = this.constant(b.over)
      factors.set(apart, (factors.get(apart) ?? 0) + 1)
      over = a.over
    }
    if (under === null) {
      const apart = this.constant(b.under)
      factors.set(apart, (factors.get(apart) ?? 0) - 1)
      under = a.under
    }
    return this.product({ over, under, factors })
  }

  private product(given: Product): Expression {
    if (given.over === 0) return this.constant(0)
    const powers = new Map(given.factors)
    this.joinRoots(powers)
    let { over, under } = absorbed(given, powers)
    for (const [factor, power] of powers) {
      const terms = this.sums.get(factor)
      if (terms === undefined || terms.some((term) => term.over > 0) || (powers.size === 1 && power === 1)) continue
      powers.delete(factor)
      const positive = this.sum(terms.map(opposite))
      powers.set(positive, (powers.get(positive) ?? 0) + power)
      if (power % 2 !== 0) over = -over
    }
    if (under < 0) [over, under] = [-over, -under]
    if (isWhole(over) && isWhole(under)) {
      const common = gcd(over, under)
      ;[over, under] = [over / common, under / common]
    }
    const factors = new Map(
      [...powers].filter(([, power]) => power !== 0).sort(([a], [b]) => this.place(a) - this.place(b)),
    )
    const inside = this.intoChoice({ over, under, factors })
    if (inside !== null) return inside
    const [first] = factors.keys()
    const terms = this.sums.get(first!)
    if (over === -1 && factors.get(first!) === 1 && terms?.some((term) => term.over < 0)) {
      // the minus would stand before a difference
      const [, ...others] = factors
      const sum = this.sum(terms.map(opposite))
      return this.product({ over: 1, under, factors: new Map([[sum, 1], ...others]) })
    }
    if (over === 1 && under === 1 && factors.size === 1 && factors.get(first!) === 1) return first!
    const made = this.fraction({ over, under, factors })
    this.products.set(made, { over, under, factors })
    return made
  }

  /** Roots of numbers, above or below, as the root of their product. */
  private joinRoots(powers: Map<Expression, number>): void {
    const multiply = (factor: Expression, power: number) => powers.set(factor, (powers.get(factor) ?? 0) + power)
    const roots = [...powers].filter(([factor]) => this.squareOf(factor) !== null)
    for (const [factor, power] of roots) {
      powers.set(factor, power % 2)
      multiply(this.squareOf(factor)!, Math.trunc(power / 2))
    }
    for (const sign of [1, -1]) {
      const alike = roots.map(([factor]) => factor).filter((factor) => powers.get(factor) === sign)
      if (alike.length < 2) continue
      const product = alike.reduce(
        (all, root) => this.made(everyday.mul, [all, this.squareOf(root)!]),
        this.constant(1),
      )
      const { over, under, factors } = this.productOf(product)
      const [above, below] = [wholeRoot(over), wholeRoot(under)]
      for (const root of alike) powers.delete(root)
      multiply(
        this.apply(everyday.sqrt, this.product({ over: over / above ** 2, under: under / below ** 2, factors })),
        sign,
      )
      multiply(this.constant(above), sign)
      multiply(this.constant(below), -sign)
    }
  }

  private squareOf(x: Expression): Expression | null {
    return x.kind === 'apply' && x.rule === everyday.sqrt && this.numeric.has(x) ? x.args[0]! : null
  }

  private fraction({ over, under, factors }: Product): Expression {
    const powers = (sign: 1 | -1): Expression[] =>
      [...factors].flatMap(([factor, power]) => {
        const size = power * sign
        if (size < 0) return []
        return [size === 1 ? factor : this.apply(everyday.pow, factor, this.constant(size))]
      })
    const [above, below] = [powers(1), powers(-1)]
    if (above.length === 0 || Math.abs(over) !== 1) above.unshift(this.constant(over))
    else if (over === -1) above[0] = this.apply(everyday.neg, above[0]!)
    if (under !== 1) below.unshift(this.constant(under))
    const joined = (parts: readonly Expression[]) =>
      parts.reduce((product, part) => this.apply(everyday.mul, product, part))
    return below.length === 0 ? joined(above) : this.apply(everyday.div, joined(above), joined(below))
  }

  /** A product with a choice one of whose branches is 0 is a choice. */
  private intoChoice({ over, under, factors }: Product): Expression | null {
    for (const [factor, power] of factors) {
      if (power !== 1 || factor.kind !== 'apply' || factor.rule !== everyday.select) continue
      const [condition, a, b] = factor.args as [Expression, Expression, Expression]
      if (valueOf(a) !== 0 && valueOf(b) !== 0) continue
      const rest = new Map(factors)
      rest.delete(factor)
      if (over === 1 && under === 1 && rest.size === 0) return null
      const others = { over, under, factors: rest }
      const [first, second] = [this.times(others, this.productOf(a)), this.times(others, this.productOf(b))]
      if (first && second) return this.choice(condition, first, second)
    }
    return null
  }

  /** Numbers first, then what stands for some, then inputs, then what is made of them. */
  private place(x: Expression): number {
    if (x.kind === 'constant') return -2
    if (this.numeric.has(x)) return -1
    return x.kind === 'input' ? x.index : Number.MAX_SAFE_INTEGER
  }

  private negative(x: Expression): Expression {
    const { over, under, factors } = this.productOf(x)
    if (x.kind === 'constant' && !Number.isFinite(x.value)) return this.constant(-x.value)
    return this.product({ over: -over, under, factors })
  }

  private withoutSign(x: Expression): Expression {
    return x.kind !== 'constant' && this.productOf(x).over < 0 ? this.negative(x) : x
  }

  // sums

  private termsOf(x: Expression): readonly Term[] {
    const known = this.sums.get(x)
    if (known !== undefined) return known
    const { over, under, factors } = this.productOf(x)
    return [{ over, under, of: factors.size === 0 ? this.constant(1) : this.product({ over: 1, under: 1, factors }) }]
  }

  private plus(a: readonly Term[], b: readonly Term[]): Expression | null {
    return a.length + b.length > longest ? null : this.sum([...a, ...b])
  }

  private sum(given: readonly Term[]): Expression {
    const terms: Term[] = []
    for (const term of given) {
      let at = -1
      let joined: Term | null = null
      for (const [i, other] of terms.entries()) {
        joined = other.of === term.of ? together(other, term) : null
        if (joined === null) continue
        at = i
        break
      }
      if (joined === null) terms.push(term)
      else if (joined.over === 0) terms.splice(at, 1)
      else terms[at] = joined
    }
    const shown = terms.filter(({ over }) => over !== 0)
    const first = shown.findIndex(({ over }) => over > 0)
    if (first > 0) shown.unshift(...shown.splice(first, 1))
    if (shown.length === 0) return this.constant(0)
    const [start, ...rest] = shown
    if (rest.length === 0) return this.term(start!)
    const made = rest.reduce(
      (sum, term) =>
        term.over < 0
          ? this.apply(everyday.sub, sum, this.term(opposite(term)))
          : this.apply(everyday.add, sum, this.term(term)),
      this.term(start!),
    )
    this.sums.set(made, shown)
    return made
  }

  private term({ over, under, of }: Term): Expression {
    const { over: own, under: below, factors } = this.productOf(of)
    const product = this.times({ over, under, factors: new Map() }, { over: own, under: below, factors })
    return product!
  }
}

const isTruth = (x: Expression): boolean => x.kind === 'apply' && x.rule.result === 'bool'

const valueOf = (x: Expression): number | null => (x.kind === 'constant' ? x.value : null)

const isNumber = (x: Expression): boolean =>
  x.kind === 'constant' || (x.kind === 'apply' && x.rule === everyday.neg && isNumber(x.args[0]!))
