import { everyday } from '../../rules/everyday.js'
import type { Expression } from '../../rules/expression.js'
import { numbers } from '../../rules/numbers.js'
import type { Rule } from '../../rules/rule.js'

/** Where a value lies for inputs of at most 1e280; `isNumber` if it is never NaN. A bound that is infinite may be reached. */
export interface Range {
  readonly low: number
  readonly high: number
  readonly isNumber: boolean
}

const between = (low: number, high: number, isNumber = true): Range => ({ low, high, isNumber })
/** So far from the end of the range that sums of some are in it. */
const largest = 1e280

const anywhere = /* @__PURE__ */ between(-Infinity, Infinity, false)
const anyNumber = /* @__PURE__ */ between(-Infinity, Infinity)

export const isFinite = ({ low, high, isNumber }: Range): boolean => isNumber && low > -Infinity && high < Infinity

/** The least that holds what f gives at the corners; what 0 and an infinity give is 0, as they are limits here. */
const corners = (a: Range, b: Range, f: (x: number, y: number) => number): readonly [low: number, high: number] => {
  const all = [a.low, a.high].flatMap((x) => [b.low, b.high].map((y) => f(x, y))).map((z) => (Number.isNaN(z) ? 0 : z))
  return [Math.min(...all), Math.max(...all)]
}

type Of = (a: Range, b: Range, c: Range) => Range

const rising =
  (f: (x: number) => number): Of =>
  (x) =>
    x.isNumber ? between(f(x.low), f(x.high)) : anywhere
const wave: Of = (x) => (isFinite(x) ? between(-1, 1) : anywhere)
const truth: Of = () => between(0, 1)
const sum = (a: Range, b: Range): Range =>
  a.isNumber && b.isNumber && (isFinite(a) || isFinite(b)) ? between(a.low + b.low, a.high + b.high) : anywhere
const opposite = (x: Range): Range => between(-x.high, -x.low, x.isNumber)

const product =
  (scaling: boolean): Of =>
  (a, b) => {
    if (!(a.isNumber && b.isNumber) || !(scaling || (isFinite(a) && isFinite(b)))) return anywhere
    return between(...corners(a, b, (x, y) => x * y))
  }

const rules = (): readonly (readonly [Rule, Of])[] => [
  [everyday.identity, (x) => x],
  [everyday.add, sum],
  [everyday.sub, (a, b) => sum(a, opposite(b))],
  [everyday.mul, product(false)],
  [everyday.scale, product(true)],
  [
    everyday.div,
    (a, b) => {
      if (!isFinite(a) || !b.isNumber || (b.low <= 0 && b.high >= 0)) return anywhere
      return between(...corners(a, b, (x, y) => x / y))
    },
  ],
  [everyday.neg, opposite],
  [everyday.abs, (x) => between(0, Math.max(-x.low, x.high), x.isNumber)],
  [everyday.sign, (x) => between(-1, 1, x.isNumber)],
  [everyday.square, (x) => between(0, Infinity, x.isNumber)],
  [everyday.sqrt, (x) => (x.low >= 0 && x.isNumber ? between(Math.sqrt(x.low), Math.sqrt(x.high)) : anywhere)],
  [everyday.hypot, (a, b) => between(0, Infinity, a.isNumber && b.isNumber)],
  [everyday.exp, rising(numbers.exp)],
  [everyday.expm1, rising(numbers.expm1)],
  [everyday.log, (x) => (x.low >= 0 && x.isNumber ? between(numbers.log(x.low), numbers.log(x.high)) : anywhere)],
  [everyday.log1p, (x) => (x.low >= 0 && x.isNumber ? between(0, numbers.log1p(x.high)) : anywhere)],
  [everyday.sin, wave],
  [everyday.cos, wave],
  [everyday.sinh, rising(numbers.sinh)],
  [everyday.cosh, (x) => between(1, Infinity, x.isNumber)],
  [everyday.tanh, rising(numbers.tanh)],
  [everyday.asinh, rising(numbers.asinh)],
  [everyday.atan, rising(numbers.atan)],
  [everyday.erf, rising(numbers.erf)],
  [everyday.erfc, (x) => between(0, 2, x.isNumber)],
  [everyday.sigmoid, (x) => between(0, 1, x.isNumber)],
  [everyday.softplus, (x) => between(0, Infinity, x.isNumber)],
  [everyday.relu, (x) => between(0, Math.max(0, x.high), x.isNumber)],
  [everyday.floor, rising(Math.floor)],
  [everyday.ceil, rising(Math.ceil)],
  [everyday.round, rising(numbers.round as (x: number) => number)],
  [everyday.trunc, rising(Math.trunc)],
  [everyday.maximum, (a, b) => between(Math.max(a.low, b.low), Math.max(a.high, b.high), a.isNumber && b.isNumber)],
  [everyday.minimum, (a, b) => between(Math.min(a.low, b.low), Math.min(a.high, b.high), a.isNumber && b.isNumber)],
  ...[everyday.select, everyday.where].map((rule): readonly [Rule, Of] => [
    rule,
    (_c, a, b) => between(Math.min(a.low, b.low), Math.max(a.high, b.high), a.isNumber && b.isNumber),
  ]),
  ...[
    everyday.equal,
    everyday.notEqual,
    everyday.less,
    everyday.lessEqual,
    everyday.greater,
    everyday.greaterEqual,
    everyday.logicalAnd,
    everyday.logicalOr,
    everyday.logicalNot,
    everyday.logicalXor,
  ].map((rule): readonly [Rule, Of] => [rule, truth]),
]
const known = /* @__PURE__ */ (() => new Map<Rule, Of>(rules()))()

/** The range of an expression, given those of its arguments. */
export const rangeOf = (node: Expression, of: (arg: Expression) => Range): Range => {
  if (node.kind === 'input') return between(-largest, largest)
  if (node.kind === 'constant') return between(node.value, node.value, !Number.isNaN(node.value))
  const { rule, args } = node
  const [a, b, c] = args.map(of) as [Range, Range, Range]
  if (rule === everyday.mul && args[0] === args[1]) return between(0, corners(a, a, (x, y) => x * y)[1], a.isNumber)
  if (rule === everyday.pow && args[1]!.kind === 'constant') {
    const power = args[1]!.value
    if (Number.isInteger(power) && power >= 0 && a.isNumber) return anyNumber
  }
  return known.get(rule)?.(a, b, c) ?? anywhere
}
