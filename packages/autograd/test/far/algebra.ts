import type { Algebra, Operand } from '../../src/rules/algebra.js'
import { expand } from '../../src/rules/algebra.js'
import { besselI, lgamma, psi } from './gamma.js'
import type { Jet } from './jets.js'
import * as j from './jets.js'
import * as p from './precise.js'

// The algebra of rules over numbers of 2400 bits with their derivatives: whatever formula a rule is, run in it nothing
// overflows or cancels. Each primitive is its definition here.

/** null is NaN: where a function has no value. */
export type Precise = Jet | null

const { add, sub, mul, div, neg, number: n } = j
const one = n(1)
const zero = n(0)
const turn = j.constant(p.pi)
const halfTurn = div(turn, n(2))
/** Larger than whatever comes of numbers. */
const infinity = j.constant(p.timesPower(p.one, 2n ** 60n))

const constant = (x: number): Precise =>
  Number.isNaN(x) ? null : Math.abs(x) === Infinity ? (x > 0 ? infinity : neg(infinity)) : n(x)

/** An odd function from what it is of positive numbers. */
const odd =
  (f: (x: Jet) => Jet) =>
  (x: Jet): Jet =>
    j.isNegative(x) ? neg(f(neg(x))) : f(x)

const abs = (x: Jet): Jet => (j.isNegative(x) ? neg(x) : x)
const floor = j.floor
export const trunc = odd(floor)
const isWhole = (x: Jet): boolean => p.sign(p.sub(x[0]!, p.floor(x[0]!))) === 0
const round = (x: Jet): Jet => {
  const up = floor(add(x, n(0.5)))
  const isTie = isWhole(add(x, n(0.5)))
  return isTie && !isWhole(mul(up, n(0.5))) ? sub(up, one) : up
}
const sin = (x: Jet): Jet => j.sinCos(x)[0]
const cos = (x: Jet): Jet => j.sinCos(x)[1]
export const expm1 = (x: Jet): Jet => sub(j.exp(x), one)
export const tanh = odd((x) => {
  const e = j.exp(mul(n(-2), x))
  return div(sub(one, e), add(one, e))
})
export const erfc = (x: Jet): Jet => sub(one, j.erf(x))
const log1p = (x: Jet): Jet => j.log(add(one, x))
const asin = (x: Jet): Jet => j.atan(div(x, j.sqrt(sub(one, mul(x, x)))))
const atan2 = (y: Jet, x: Jet): Jet => {
  if (p.sign(x[0]!) === 0) return j.isNegative(y) ? neg(halfTurn) : halfTurn
  const angle = j.atan(div(y, x))
  return j.isNegative(x) ? (j.isNegative(y) ? sub(angle, turn) : add(angle, turn)) : angle
}
const isZero = (x: Jet): boolean => p.sign(x[0]!) === 0
const pow = (a: Jet, b: Jet): Jet => {
  const isPower = b.slice(1).every((part) => p.sign(part) === 0) && isWhole(b)
  if (!isPower || !(j.isNegative(a) || isZero(a))) return j.exp(mul(b, j.log(a)))
  // whole powers of numbers that have no logarithm
  if (isZero(a)) {
    const exponent = p.toNumber(b[0]!)
    if (exponent < 0 || exponent > 64) throw new RangeError('a power of 0')
    return Array.from({ length: exponent }).reduce<Jet>((power) => mul(power, a), one)
  }
  const size = j.exp(mul(b, j.log(neg(a))))
  return isWhole(div(b, n(2))) ? size : neg(size)
}
const truth = (holds: boolean): Jet => (holds ? one : zero)
const isEqual = (a: Jet, b: Jet): boolean => isZero(sub(a, b))
const order = (x: Jet): number => Math.round(p.toNumber(x[0]!))

/** A function of jets of what may be NaN; where the former has no value, NaN. */
export const lifted =
  (f: (...operands: Jet[]) => Jet) =>
  (...operands: Operand<Precise>[]): Precise => {
    const given = operands.map((x) => (typeof x === 'number' ? constant(x) : x))
    if (given.includes(null)) return null
    try {
      return f(...(given as Jet[]))
    } catch (error) {
      if (error instanceof RangeError) return null
      throw error
    }
  }
const lift = (x: Operand<Precise>): Precise => (typeof x === 'number' ? constant(x) : x)
/** A condition, which NaN does not meet. */
const condition =
  (f: (a: Jet, b: Jet) => boolean) =>
  (a: Operand<Precise>, b: Operand<Precise>): Precise => {
    const [x, y] = [lift(a), lift(b)]
    return truth(x !== null && y !== null && f(x, y))
  }
const holds = (x: Operand<Precise>): boolean => {
  const given = lift(x)
  return given === null || !isZero(given)
}

/** What rules bring as functions of numbers. */
export const brought = {
  erfinv: lifted(j.erfinv),
  lgamma: lifted(lgamma),
  fmod: lifted((a, b) => sub(a, mul(trunc(div(a, b)), b))),
  psi: lifted((a, x) => psi(order(a), x)),
  besselI: lifted((a, x) => besselI(order(a), x)),
}

export const precise: Algebra<Precise> = {
  constant,
  apply: (rule, ...operands) =>
    rule.numeric === undefined
      ? expand(precise, rule, operands)
      : brought[rule.name as keyof typeof brought](...operands),
  neg: lifted(neg),
  abs: lifted(abs),
  sqrt: lifted(j.sqrt),
  exp: lifted(j.exp),
  expm1: lifted(expm1),
  log: lifted(j.log),
  log1p: lifted(log1p),
  sin: lifted(sin),
  cos: lifted(cos),
  tan: lifted((x) => div(sin(x), cos(x))),
  asin: lifted(asin),
  acos: lifted((x) => sub(halfTurn, asin(x))),
  atan: lifted(j.atan),
  sinh: lifted((x) => div(sub(j.exp(x), j.exp(neg(x))), n(2))),
  cosh: lifted((x) => div(add(j.exp(x), j.exp(neg(x))), n(2))),
  tanh: lifted(tanh),
  asinh: lifted(odd((x) => j.log(add(x, j.sqrt(add(mul(x, x), one)))))),
  acosh: lifted((x) => j.log(add(x, j.sqrt(sub(mul(x, x), one))))),
  atanh: lifted((x) => div(j.log(div(add(one, x), sub(one, x))), n(2))),
  erf: lifted(j.erf),
  erfc: lifted(erfc),
  floor: lifted(floor),
  ceil: lifted((x) => neg(floor(neg(x)))),
  round: lifted(round),
  trunc: lifted(trunc),
  logicalNot: (x) => truth(!holds(x)),
  add: lifted(add),
  sub: lifted(sub),
  mul: lifted(mul),
  div: lifted(div),
  pow: lifted(pow),
  atan2: lifted(atan2),
  hypot: lifted((a, b) => j.sqrt(add(mul(a, a), mul(b, b)))),
  remainder: lifted((a, b) => sub(a, mul(floor(div(a, b)), b))),
  maximum: lifted((a, b) => (j.isLess(a, b) ? b : a)),
  minimum: lifted((a, b) => (j.isLess(b, a) ? b : a)),
  equal: condition(isEqual),
  less: condition(j.isLess),
  lessEqual: condition((a, b) => !j.isLess(b, a)),
  logicalAnd: (a, b) => truth(holds(a) && holds(b)),
  logicalOr: (a, b) => truth(holds(a) || holds(b)),
  scale: lifted(mul),
  integerMul: lifted(mul),
  integerPow: lifted(pow),
  select: (c, a, b) => lift(holds(c) ? a : b),
}
