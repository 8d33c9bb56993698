import type { Algebra } from '../../rules/algebra.js'
import { toExpression } from '../../rules/derive.js'
import type { Apply, Expression } from '../../rules/expression.js'
import { timesSigmoid } from '../../rules/gate.js'
import { binary, type Rule, unary } from '../../rules/rule.js'
import { symbols } from '../../rules/symbols.js'
import { rules } from '../../rules/table.js'
import { inOrder, substitute } from '../../rules/traverse.js'
import { stopped } from './recorded.js'

// Rules are written for accuracy at the ends of the range: x * sigmoid(x) multiplied in an order that does not underflow, the
// slope of atan by 1 / x where x is large. A reader wants the function that they compute. So, for text and LaTeX only, some
// rules are read as an expression of others, or as one of the same name with the partials of a book. A test holds each of
// them to its rule, in values and to second order.

/** Written out before it is differentiated: its derivative follows. */
type WrittenOut = { readonly before: <T>(m: Algebra<T>, ...operands: T[]) => T }
/** Differentiated by the partials of a book; `after` that written out, or shown by its name. */
type AsInBooks = { readonly rule: Rule; readonly after?: true }
type Reading = WrittenOut | AsInBooks

type Function1 = <T>(m: Algebra<T>, x: T) => T
type Function2 = <T>(m: Algebra<T>, a: T, b: T) => T
type Function3 = <T>(m: Algebra<T>, a: T, b: T, c: T) => T

const before1 = (value: Function1): WrittenOut => ({ before: value as WrittenOut['before'] })
const before2 = (value: Function2): WrittenOut => ({ before: value as WrittenOut['before'] })
const before3 = (value: Function3): WrittenOut => ({ before: value as WrittenOut['before'] })
const of1 = (name: string, value: Function1, partial: Function1, after?: true): AsInBooks => ({
  rule: unary(name, { value, partials: [partial], samples: [] }),
  ...(after ? { after } : {}),
})
const of2 = (name: string, value: Function2, a: Function2, b: Function2): AsInBooks => ({
  rule: binary(name, { value, partials: [a, b], samples: [] }),
})

const squared = <T>(m: Algebra<T>, x: T): T => m.mul(x, x)
const sigmoid = <T>(m: Algebra<T>, x: T): T => m.apply(rules.sigmoid, x)
const sign = <T>(m: Algebra<T>, x: T): T => m.apply(rules.sign, x)
const ifPositive = <T>(m: Algebra<T>, x: T, a: T | number, b: T | number): T => m.select(m.less(0, x), a, b)
const readings = /* @__PURE__ */ (() =>
  new Map<Rule, Reading>([
    [stopped, { rule: stopped, after: true }],
    [rules.identity, before1((_m, x) => x)],
    [rules.where, before3((m, c, a, b) => m.select(c, a, b))],
    [rules.square, before1(squared)],
    [rules.reciprocal, before1((m, x) => m.div(1, x))],
    [rules.rsqrt, before1((m, x) => m.div(1, m.sqrt(x)))],
    [
      rules.sqrt,
      of1(
        'sqrt',
        (m, x) => m.sqrt(x),
        (m, x) => m.div(1, m.mul(2, m.sqrt(x))),
      ),
    ],
    [rules.abs, of1('abs', (m, x) => m.abs(x), sign)],
    [
      rules.pow,
      of2(
        'pow',
        (m, a, b) => m.pow(a, b),
        (m, a, b) => m.mul(b, m.pow(a, m.sub(b, 1))),
        (m, a, b) => m.mul(m.pow(a, b), m.log(a)),
      ),
    ],
    [rules.hypot, before2((m, a, b) => m.sqrt(m.add(squared(m, a), squared(m, b))))],
    [rules.lerp, before3((m, a, b, t) => m.add(a, m.mul(t, m.sub(b, a))))],
    [
      rules.remainder,
      of2(
        'remainder',
        (m, a, b) => m.remainder(a, b),
        (m) => m.constant(1),
        (m, a, b) => m.neg(m.floor(m.div(a, b))),
      ),
    ],
    [rules.exp2, before1((m, x) => m.pow(2, x))],
    [rules.expm1, before1((m, x) => m.sub(m.exp(x), 1))],
    [rules.log1p, before1((m, x) => m.log(m.add(1, x)))],
    [
      rules.log2,
      of1(
        'log2',
        (m, x) => m.apply(rules.log2, x),
        (m, x) => m.div(1, m.mul(Math.LN2, x)),
      ),
    ],
    [
      rules.log10,
      of1(
        'log10',
        (m, x) => m.apply(rules.log10, x),
        (m, x) => m.div(1, m.mul(Math.LN10, x)),
      ),
    ],
    [rules.logAddExp, before2((m, a, b) => m.log(m.add(m.exp(a), m.exp(b))))],
    [rules.xlogy, before2((m, x, y) => m.mul(x, m.log(y)))],
    [
      rules.asin,
      of1(
        'asin',
        (m, x) => m.asin(x),
        (m, x) => m.div(1, m.sqrt(m.sub(1, squared(m, x)))),
      ),
    ],
    [
      rules.acos,
      of1(
        'acos',
        (m, x) => m.acos(x),
        (m, x) => m.neg(m.div(1, m.sqrt(m.sub(1, squared(m, x))))),
      ),
    ],
    [
      rules.atan,
      of1(
        'atan',
        (m, x) => m.atan(x),
        (m, x) => m.div(1, m.add(squared(m, x), 1)),
      ),
    ],
    [
      rules.atan2,
      of2(
        'atan2',
        (m, y, x) => m.atan2(y, x),
        (m, y, x) => m.div(x, m.add(squared(m, x), squared(m, y))),
        (m, y, x) => m.neg(m.div(y, m.add(squared(m, x), squared(m, y)))),
      ),
    ],
    [
      rules.asinh,
      of1(
        'asinh',
        (m, x) => m.asinh(x),
        (m, x) => m.div(1, m.sqrt(m.add(squared(m, x), 1))),
      ),
    ],
    [
      rules.acosh,
      of1(
        'acosh',
        (m, x) => m.acosh(x),
        (m, x) => m.div(1, m.sqrt(m.sub(squared(m, x), 1))),
      ),
    ],
    [
      rules.atanh,
      of1(
        'atanh',
        (m, x) => m.atanh(x),
        (m, x) => m.div(1, m.sub(1, squared(m, x))),
      ),
    ],
    [
      rules.sinc,
      of1(
        'sinc',
        (m, x) => m.apply(rules.sinc, x),
        (m, x) => m.div(m.sub(m.cos(m.mul(Math.PI, x)), m.apply(rules.sinc, x)), x),
      ),
    ],
    [rules.elu, before2((m, x, alpha) => ifPositive(m, x, x, m.mul(alpha, m.sub(m.exp(x), 1))))],
    [rules.celu, before2((m, x, alpha) => ifPositive(m, x, x, m.mul(alpha, m.sub(m.exp(m.div(x, alpha)), 1))))],
    [rules.selu, { rule: rules.selu, after: true }],
    [rules.silu, before1((m, x) => m.mul(x, sigmoid(m, x)))],
    [timesSigmoid, before2((m, x, angle) => m.mul(x, sigmoid(m, angle)))],
    [rules.mish, before1((m, x) => m.mul(x, m.tanh(m.apply(rules.softplus, x))))],
    [rules.gelu, before1((m, x) => m.mul(x, m.div(m.add(1, m.erf(m.div(x, Math.SQRT2))), 2)))],
    [
      rules.geluTanh,
      before1((m, x) => {
        const angle = m.mul(Math.sqrt(2 / Math.PI), m.add(x, m.mul(0.044715, m.mul(x, squared(m, x)))))
        return m.mul(x, m.div(m.add(1, m.tanh(angle)), 2))
      }),
    ],
    [
      rules.softsign,
      of1(
        'softsign',
        (m, x) => m.div(x, m.add(1, m.abs(x))),
        (m, x) => m.div(1, squared(m, m.add(1, m.abs(x)))),
        true,
      ),
    ],
    [
      rules.tanhShrink,
      of1(
        'tanhShrink',
        (m, x) => m.sub(x, m.tanh(x)),
        (m, x) => squared(m, m.tanh(x)),
        true,
      ),
    ],
    [rules.leakyRelu, before2((m, x, slope) => ifPositive(m, x, x, m.mul(slope, x)))],
    [rules.hardSigmoid, { rule: rules.hardSigmoid, after: true }],
    [rules.relu6, { rule: rules.relu6, after: true }],
    [rules.hardTanh, { rule: rules.hardTanh, after: true }],
    [rules.hardSwish, before1((m, x) => m.mul(x, m.apply(rules.hardSigmoid, x)))],
    [
      rules.fmax,
      of2(
        'fmax',
        (m, a, b) => m.apply(rules.fmax, a, b),
        (m, a, b) => m.select(m.less(b, a), 1, m.select(m.equal(a, b), 0.5, 0)),
        (m, a, b) => m.select(m.less(a, b), 1, m.select(m.equal(a, b), 0.5, 0)),
      ),
    ],
    [
      rules.fmin,
      of2(
        'fmin',
        (m, a, b) => m.apply(rules.fmin, a, b),
        (m, a, b) => m.select(m.less(a, b), 1, m.select(m.equal(a, b), 0.5, 0)),
        (m, a, b) => m.select(m.less(b, a), 1, m.select(m.equal(a, b), 0.5, 0)),
      ),
    ],
    [
      rules.copysign,
      of2(
        'copysign',
        (m, a, b) => m.apply(rules.copysign, a, b),
        (m, a, b) => m.mul(sign(m, a), m.apply(rules.copysign, 1, b)),
        (m) => m.constant(0),
      ),
    ],
    [
      rules.fmod,
      of2(
        'fmod',
        (m, a, b) => m.apply(rules.fmod, a, b),
        (m) => m.constant(1),
        (m, a, b) => m.neg(m.trunc(m.div(a, b))),
      ),
    ],
    [rules.floorDivide, before2((m, a, b) => m.floor(m.div(a, b)))],
    [rules.frac, before1((m, x) => m.sub(x, m.trunc(x)))],
    [rules.logAddExp2, before2((m, a, b) => m.apply(rules.log2, m.add(m.pow(2, a), m.pow(2, b))))],
    [
      rules.logit,
      of1(
        'logit',
        (m, x) => m.log(m.div(x, m.sub(1, x))),
        (m, x) => m.div(1, m.mul(x, m.sub(1, x))),
        true,
      ),
    ],
    [rules.softshrink, { rule: rules.softshrink, after: true }],
    [rules.hardshrink, { rule: rules.hardshrink, after: true }],
    [rules.threshold, { rule: rules.threshold, after: true }],
    [
      rules.erfinv,
      of1(
        'erfinv',
        (m, x) => m.apply(rules.erfinv, x),
        (m, x) => m.mul(Math.sqrt(Math.PI) / 2, m.exp(squared(m, m.apply(rules.erfinv, x)))),
      ),
    ],
  ]))()

/** The rules that those of books stand for. */
const originals = /* @__PURE__ */ (() =>
  new Map<Rule, Rule>(
    [...readings].flatMap(([rule, reading]) =>
      'rule' in reading && !reading.after ? [[reading.rule, rule] as const] : [],
    ),
  ))()
const writtenOutAfter = /* @__PURE__ */ (() =>
  new Set<Rule>(
    [...readings.values()].flatMap((reading) => ('rule' in reading && reading.after ? [reading.rule] : [])),
  ))()

/** Each rule in an expression replaced, from the operands on. */
const replaced = (expression: Expression, by: (node: Apply, args: readonly Expression[]) => Expression): Expression => {
  const found = new Map<Expression, Expression>()
  for (const node of inOrder([expression])) {
    found.set(
      node,
      node.kind === 'apply'
        ? by(
            node,
            node.args.map((arg) => found.get(arg)!),
          )
        : node,
    )
  }
  return found.get(expression)!
}

const reader: Algebra<Expression> = /* @__PURE__ */ (() => ({
  ...symbols,
  apply: (rule, ...operands) =>
    read(
      rule,
      operands.map((x) => (typeof x === 'number' ? symbols.constant(x) : x)),
    ),
}))()
const read = (rule: Rule, args: readonly Expression[]): Expression => {
  const reading = readings.get(rule)
  if (reading === undefined) return symbols.apply(rule, ...args)
  return 'before' in reading ? reading.before(reader, ...args) : symbols.apply(reading.rule, ...args)
}

/** An expression as a book would write it, to be differentiated. */
export const asRead = (expression: Expression): Expression => replaced(expression, ({ rule }, args) => read(rule, args))

/** What it is made of, once it is differentiated: of rules of the table again. */
export const writtenOut = (expression: Expression): Expression => {
  const open = replaced(asRead(expression), ({ rule }, args) =>
    writtenOutAfter.has(rule) ? substitute(toExpression(rule), args) : symbols.apply(rule, ...args),
  )
  return replaced(asRead(open), ({ rule }, args) => symbols.apply(originals.get(rule) ?? rule, ...args))
}
